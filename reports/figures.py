"""The figures of a claim: drawings of what its examples showed on each target."""

from __future__ import annotations

from typing import Any, TypeAlias

from paramlaws.reports import pictures
from paramlaws.reports.names import short_names
from paramlaws.reports.networks import network

Data: TypeAlias = dict[str, Any]

#: The most targets for which a figure is drawn; nobody could compare more.
MOST_PANELS = 18
_NETWORK = "One of the networks; layers of one colour share parameters."
_CAPTIONS = {
    "histogram": "Default weights of one layer on each target, and the distribution that is "
    "expected there (that which is seen, where nothing is expected).",
    "gradients": "The gradient of a tied weight on each target: what each of its uses contributes, "
    "and what the framework says.",
    "course": "Training on each target: the loss, the size of each parameter (root of the mean "
    "square) and of its gradient, step by step.",
}


def figures(report: Data) -> dict[str, list[Data]]:
    """The figures with their captions, by claim, for claims that have something to draw."""
    if len(report["targets"]) > MOST_PANELS:
        return {}
    panels: dict[str, dict[str, list[pictures.Panel]]] = {}
    networks: dict[str, Data] = {}
    targets = short_names(report)
    for row in report["verdicts"]:
        shown, own = row["shown"], panels.setdefault(row["claim"], {})
        title = targets[row["target"]]
        for kind in _CAPTIONS:
            # A target's first case is enough.
            if kind in shown and title not in [panel.title for panel in own.get(kind, ())]:
                panel = _panel(kind, title, row)
                own.setdefault(kind, []).extend([panel] if panel else [])
        if "network" in shown:
            networks.setdefault(row["claim"], shown["network"])
    found: dict[str, list[Data]] = {}
    for claim, kinds in panels.items():
        if claim in networks:
            svg = network(networks[claim])
            found[claim] = [{"caption": _NETWORK, "svg": svg, "is_network": True}]
        for kind, own_panels in kinds.items():
            if not own_panels:
                continue
            svg = pictures.figure(own_panels, f"{claim}-{kind}")
            one = {"caption": _CAPTIONS[kind], "svg": svg, "is_network": False}
            found.setdefault(claim, []).append(one)
    return found


def _panel(kind: str, title: str, row: Data) -> pictures.Panel | None:
    shown = row["shown"][kind]
    if kind == "histogram":
        return pictures.histogram(title, shown, row["expected"])
    return (
        pictures.gradients(title, shown) if kind == "gradients" else pictures.course(title, shown)
    )
