"""Figures for the report, as SVG inside the page.

A figure has a panel per target; each panel has a text that says the same, and the page's colours.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Data: TypeAlias = dict[str, Any]
#: Draws into axes.
Drawing: TypeAlias = "Callable[[Axes], None]"

_BLUE, _ORANGE, _GREY = "#0969da", "#bc4c00", "#57606a"
#: The colours of the uses of a layer, in their order.
_USES = ("#ffd8a8", "#b2f2bb", "#d0bfff", "#a5d8ff")
#: The page's names of these colours.
_THEME = {
    "#000000": "currentColor",
    _BLUE: "var(--blue)",
    _ORANGE: "var(--orange)",
    _GREY: "var(--soft)",
    **{colour: f"var(--tie-{number})" for number, colour in enumerate(_USES, start=1)},
}


@dataclass(frozen=True)
class Panel:
    """A part of a figure: its title, a function that draws it, and a text that says the same."""

    title: str
    draw: Drawing
    words: str


def figure(panels: Sequence[Panel], name: str) -> Markup:
    """The panels, each a picture of its own, so that a page can arrange them; empty without any.

    name: an id for the figure that is unique on its page.
    """
    drawn = Markup().join(_drawn(p, f"{name}-{number}") for number, p in enumerate(panels))
    return Markup('<div class="panels">{0}</div>').format(drawn) if panels else drawn


#: The size of a panel, in inches.
_WIDTH, _HEIGHT = 3.0, 2.1


def _drawn(panel: Panel, name: str) -> Markup:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib.figure import Figure

    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "paramlaws",
        "font.size": 8,
        # A list of other fonts would stand at every word.
        "font.family": "DejaVu Sans",
        "axes.spines.top": False,
        "axes.spines.right": False,
        # The page is behind it.
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        # Names of targets are text, not formulas.
        "text.parse_math": False,
    }
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # Warnings about letters that the font lacks; the reader's browser has other fonts.
        warnings.simplefilter("ignore")
        made = Figure((_WIDTH, _HEIGHT))
        # Room for a title above and words below, in inches.
        made.subplots_adjust(
            left=0.5 / _WIDTH,
            right=1 - 0.1 / _WIDTH,
            top=1 - 0.25 / _HEIGHT,
            bottom=0.4 / _HEIGHT,
        )
        axis = made.subplots()
        axis.set_title(panel.title, fontsize=8)
        panel.draw(axis)
        axis.locator_params(nbins=4, tight=False)
        file = io.StringIO()
        made.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return _inline(file.getvalue(), f"{panel.title}: {panel.words}", name)


def _inline(svg: str, words: str, name: str) -> Markup:
    """The SVG as part of a page that has its own colours and other pictures."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" VIEW>', svg, count=1)
    svg = re.sub(r"(\d\.\d{2})\d+", r"\1", re.sub(r"\s*\n\s*", " ", svg))
    # Text between tags must stay as it is.
    svg = re.sub(r"<[^<>]+>", lambda tag: _themed(_named(tag[0], name)), svg)
    label = f'role="img" aria-label="{escape(words)}"'
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return Markup(svg.replace("VIEW", f"{label} {space}", 1))


def _named(tag: str, name: str) -> str:
    """The tag with its ids prefixed, so that they are unique on the page."""
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\1{name}-", tag)


def _themed(tag: str) -> str:
    """The tag with the page's colours, for light and dark, in place of Matplotlib's."""
    return re.sub(r"#[0-9a-f]{6}\b", lambda colour: _THEME.get(colour[0], colour[0]), tag)


# -- initial values -----------------------------------------------------------------------------
def histogram(title: str, shown: Data, expected: str | None) -> Panel | None:
    """A panel of initial weights and the distribution that is expected, or else the observed one.

    None if there is nothing that can be drawn.
    """
    if not shown["counts"] or shown["low"] >= shown["high"]:
        return None
    families = shown["families"]
    name = expected if expected in families else next(iter(families), None)
    words = (
        f"{sum(shown['counts']):,} weights of a layer from {shown['fan_in']} to {shown['units']}"
    )
    words += f" between {shown['low']:.3g} and {shown['high']:.3g}"
    words += f", against {name}" if name else ""
    return Panel(title, partial(_draw_histogram, shown=shown, name=name), words)


def _draw_histogram(axis: Axes, shown: Data, name: str | None) -> None:
    counts = shown["counts"]
    width = (shown["high"] - shown["low"]) / max(1, len(counts))
    edges = [shown["low"] + width * number for number in range(len(counts) + 1)]
    axis.stairs(counts, edges, fill=True, color=_BLUE, alpha=0.45)
    if name and len(shown["families"][name]) == len(counts):
        axis.stairs(shown["families"][name], edges, color=_ORANGE, linewidth=1.4)
        axis.set_xlabel(f"line: {name}", color=_ORANGE)
    axis.set_yticks([])


# -- gradients of tied layers -------------------------------------------------------------------
def gradients(title: str, shown: Data) -> Panel | None:
    """A panel of a tied gradient: the contributions of the uses, stacked, and the observed values.

    None if there is nothing that can be drawn.
    """
    uses, found = shown["uses"], shown["found"]
    if any(len(use) != len(found) for use in uses):
        return None
    parts = "; ".join(
        f"element {i}: {' + '.join(f'{use[i]:g}' for use in uses)} = {found[i]:g}"
        for i in range(len(found))
    )
    return Panel(title, partial(_draw_gradients, uses=uses, found=found), parts)


def _draw_gradients(axis: Axes, uses: Sequence[Sequence[float]], found: Sequence[float]) -> None:
    above, below = [0.0] * len(found), [0.0] * len(found)
    for number, use in enumerate(uses):
        bottoms = [above[i] if value >= 0 else below[i] for i, value in enumerate(use)]
        colour = _USES[number % len(_USES)]
        axis.bar(range(len(use)), use, 0.7, bottoms, color=colour, label=f"use {number + 1}")
        for i, value in enumerate(use):
            (above if value >= 0 else below)[i] += value
    axis.plot(range(len(found)), found, "_", color=_GREY, markersize=14, label="found")
    axis.axhline(0, color=_GREY, linewidth=0.6)
    axis.set_xlabel("element of the weight")
    axis.legend(fontsize=6, frameon=False)


# -- training -----------------------------------------------------------------------------------
def course(title: str, shown: Sequence[Data]) -> Panel | None:
    """A panel of a training: the loss, and each parameter's and gradient's size, step by step.

    None if there is nothing that can be drawn.
    """
    if not shown:
        return None
    losses = " → ".join(f"{step['loss']:.3g}" for step in shown)
    keys = list(shown[0]["sizes"])
    sizes = [
        f"{key}: values {_arrows(shown, key, 0)}, gradients {_arrows(shown, key, 1)}"
        for key in keys
    ]
    words = "; ".join([f"loss {losses}", *sizes])
    return Panel(title, partial(_draw_course, shown=shown), words)


def _arrows(shown: Sequence[Data], key: str, which: int) -> str:
    return " → ".join(f"{n:.2g}" for n in _sizes(shown, key, which))


def _sizes(shown: Sequence[Data], key: str, which: int) -> list[float]:
    return [step["sizes"][key][which] for step in shown if len(step["sizes"].get(key, ())) > which]


def _draw_course(axis: Axes, shown: Sequence[Data]) -> None:
    axis.plot([step["loss"] for step in shown], "k.-", linewidth=1.2, label="loss")
    for number, key in enumerate(shown[0]["sizes"]):
        colour = f"C{number}"
        axis.plot(_sizes(shown, key, 0), "-", color=colour, linewidth=0.9, label=key)
        axis.plot(_sizes(shown, key, 1), ":", color=colour, linewidth=0.9)
    axis.set_xlabel("step (dotted: gradients)")
    axis.legend(fontsize=6.5, frameon=False)
