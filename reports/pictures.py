"""Pictures for the report, as SVG that is part of the page: what people would rather look at.

Each is a figure with a panel a target, and comes with a text that says the same.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Data: TypeAlias = dict[str, Any]
#: Draws into axes.
Drawing: TypeAlias = "Callable[[Axes], None]"

_BLUE, _ORANGE, _GREY = "#0969da", "#bc4c00", "#57606a"
#: A longer network would be too small to read.
MOST_LAYERS = 24
#: For layers that share parameters, by their label.
_SHARED = ("#ffd8a8", "#b2f2bb", "#d0bfff", "#a5d8ff")


@dataclass(frozen=True)
class Panel:
    """A part of a figure: its title, what draws it, and the same in words."""

    title: str
    draw: Drawing
    words: str


def figure(panels: Sequence[Panel], size: tuple[float, float] = (3.0, 2.1)) -> Markup:
    """The panels beside each other, at most three in a row; nothing where there are none.

    size: of a panel, in inches.
    """
    if not panels:
        return Markup()
    import matplotlib

    matplotlib.use("svg")
    from matplotlib.figure import Figure

    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "paramlaws",
        "font.size": 8,
        # A list of other fonts would stand at every word.
        "font.family": "DejaVu Sans",
        "axes.spines.top": False,
        "axes.spines.right": False,
        # What targets are called is text, and no formula.
        "text.parse_math": False,
    }
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # Of letters that the font lacks; the reader's browser has others.
        warnings.simplefilter("ignore")
        made = Figure((size[0] * columns, size[1] * rows))
        # Room for a title above each panel and words below it, in inches.
        made.subplots_adjust(
            left=0.4 / (size[0] * columns),
            right=1 - 0.1 / (size[0] * columns),
            top=1 - 0.25 / (size[1] * rows),
            bottom=0.4 / (size[1] * rows),
            hspace=0.65 / (size[1] - 0.65),
            wspace=0.45 / (size[0] - 0.45),
        )
        axes = made.subplots(rows, columns, squeeze=False).ravel()
        for axis, panel in zip(axes, panels, strict=False):
            axis.set_title(panel.title, fontsize=8)
            panel.draw(axis)
            axis.locator_params(nbins=4, tight=False)
        for axis in axes[len(panels) :]:
            axis.set_axis_off()
        file = io.StringIO()
        made.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return _inline(file.getvalue(), "; ".join(f"{p.title}: {p.words}" for p in panels))


def _inline(svg: str, words: str) -> Markup:
    """As a part of a page, whose other pictures have names of their own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" VIEW>', svg, count=1)
    # Matplotlib names what it defines by its content: equal names are equal things.
    svg = re.sub(r"(\d\.\d{2})\d+", r"\1", re.sub(r"\s*\n\s*", " ", svg))
    label = f'role="img" aria-label="{escape(words)}"'
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return Markup(svg.replace("VIEW", f"{label} {space}", 1))


# -- initial values -----------------------------------------------------------------------------
def histogram(title: str, shown: Data, expected: str | None) -> Panel | None:
    """Initial weights, against the distribution that is expected, or else the one that is seen.

    None, here and below, for what cannot be drawn.
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
    """What each use contributes to a tied gradient, on top of each other, and what is found."""
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
        colour = _SHARED[number % len(_SHARED)]
        axis.bar(range(len(use)), use, 0.7, bottoms, color=colour, label=f"use {number + 1}")
        for i, value in enumerate(use):
            (above if value >= 0 else below)[i] += value
    axis.plot(range(len(found)), found, "_", color=_GREY, markersize=14, label="found")
    axis.axhline(0, color=_GREY, linewidth=0.6)
    axis.set_xlabel("element of the weight")
    axis.legend(fontsize=6, frameon=False)


# -- training -----------------------------------------------------------------------------------
def course(title: str, shown: Sequence[Data]) -> Panel | None:
    """Loss, parameters and gradients of each layer over the steps."""
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
    axis.legend(fontsize=5.5, frameon=False)


# -- networks -----------------------------------------------------------------------------------
def network(outline: Data) -> Markup:
    """A network from left to right; layers that share parameters have one colour."""
    # Targets often depart on the same network.
    return _network(json.dumps(outline))


@lru_cache(None)
def _network(text: str) -> Markup:
    outline = json.loads(text)
    layers = list(_layers(outline["entries"]))
    if len(layers) > MOST_LAYERS:
        return Markup()
    words = f"{outline['inputs']} inputs; " + "; ".join(text for text, _, _ in layers)
    draw = partial(_draw_network, inputs=outline["inputs"], layers=layers)
    return figure([Panel("", draw, words)], (1.2 + 1.05 * len(layers), 1.1))


#: Text, label of its tie, and the numbers of the blocks that it is in, the outermost first.
_Layer: TypeAlias = "tuple[str, str | None, tuple[int, ...]]"


def _layers(entries: Sequence[Data], blocks: tuple[int, ...] = ()) -> Iterator[_Layer]:
    """What is applied, one after the other."""
    for number, entry in enumerate(entries):
        if entry["kind"] == "block":
            yield from _layers(entry["entries"], (*blocks, number))
        elif entry["kind"] == "activation":
            yield entry["name"], None, blocks
        else:
            yield _text(entry), entry["shared"] or entry["weight"] or entry["tied_bias"], blocks


def _text(dense: Data) -> str:
    parts = [f"dense {dense['units']}", *([] if dense["bias"] else ["no bias"])]
    parts += [dense["activation"]] if dense["activation"] else []
    parts += [f"layer {dense['shared']}"] if dense["shared"] else []
    parts += [f"weight {dense['weight']}"] if dense["weight"] else []
    parts += [f"bias {dense['tied_bias']}"] if dense["tied_bias"] else []
    return ", ".join(parts)


def _draw_network(axis: Axes, inputs: int, layers: Sequence[_Layer]) -> None:
    from matplotlib.patches import Rectangle

    axis.text(0, 0, f"{inputs} in", ha="center", va="center", fontsize=7)
    around: dict[tuple[int, ...], list[int]] = {}
    for place, (_, _, blocks) in enumerate(layers, start=1):
        for depth in range(1, len(blocks) + 1):
            around.setdefault(blocks[:depth], []).append(place)
    deepest = max(map(len, around), default=0)
    for block, places in around.items():
        grow = 0.05 * (1 + deepest - len(block))
        start, width = places[0] - 0.42 - grow, places[-1] - places[0] + 0.84 + 2 * grow
        height = 0.64 + 4 * grow
        axis.add_patch(
            Rectangle((start, -height / 2), width, height, ec=_GREY, fc="none", lw=0.7, ls=":")
        )
    labels = list(dict.fromkeys(tie for _, tie, _ in layers if tie))
    for place, (text, tie, _) in enumerate(layers, start=1):
        colour = _SHARED[labels.index(tie) % len(_SHARED)] if tie else "white"
        axis.add_patch(Rectangle((place - 0.42, -0.32), 0.84, 0.64, fc=colour, ec=_GREY, lw=0.8))
        axis.text(place, 0, text.replace(", ", "\n"), ha="center", va="center", fontsize=6)
        arrow = {"arrowstyle": "->", "lw": 0.7}
        axis.annotate("", (place - 0.42, 0), (place - 0.58, 0), arrowprops=arrow)
    axis.set_xlim(-0.4, len(layers) + 0.7)
    axis.set_ylim(-0.62, 0.62)
    axis.set_axis_off()
