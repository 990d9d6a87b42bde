"""The report as one self-contained page, `index.html`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeAlias

import jinja2

from paramlaws.reports.records import VERDICTS, WORST_FIRST

Data: TypeAlias = dict[str, Any]

#: A shape for each verdict, so that it is told without colour.
SYMBOLS = {
    "holds": "●",
    "departs": "◆",
    "violated": "✖",
    "stale": "◌",
    "errored": "▲",
    "unsupported": "⊘",
    "not-run": "○",
}
#: What a reader needs to know about each verdict.
MEANINGS = {
    "holds": "the law held, or the convention was the expected one, on every example",
    "departs": "a known, declared difference, seen on every example that can show it",
    "violated": "a law was broken, or a behaviour seen that is not the expected one",
    "stale": "a declared difference that is no longer there",
    "errored": "the check itself failed: the adapter raised, or a claim it builds on does not hold",
    "unsupported": "the framework has no such notion",
    "not-run": "there is no result",
}


def render(report: Data) -> str:
    """The page for a report as `document` makes it; whatever the report says shows as text."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("paramlaws.reports", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["is_link"] = _is_link
    template = environment.get_template("report.html.j2")
    css, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    return template.render(
        report=report,
        css=css,
        groups=_groups(report),
        differences=_differences(report),
        departures=_departures(report),
        pairs=_pairs(report),
        symbols=SYMBOLS,
        meanings=MEANINGS,
        verdicts=VERDICTS,
        examples=sum(row["examples"] for row in report["verdicts"]),
    )


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _groups(report: Data) -> list[Data]:
    """The matrix: groups of claims, each with a cell a target."""
    rows: dict[tuple[str, str], list[Data]] = {}
    for row in report["verdicts"]:
        rows.setdefault((row["claim"], row["target"]), []).append(row)
    found = []
    for name, claims in groupby(report["claims"], key=lambda claim: claim["group"]):
        lines = []
        for claim in claims:
            cells = [_cell(rows[claim["id"], target["id"]]) for target in report["targets"]]
            lines.append({"claim": claim, "cells": cells})
        found.append({"name": name, "lines": lines})
    return found


def _cell(rows: Sequence[Data]) -> Data:
    """One claim on one target: the worst of its cases, and all of them."""
    worst = min(rows, key=lambda row: WORST_FIRST.index(row["verdict"]))
    same = sum(row["verdict"] == worst["verdict"] for row in rows)
    behaviours = sorted({row["behaviour"] for row in rows if row["behaviour"]})
    return {
        "verdict": worst["verdict"],
        "behaviour": " / ".join(behaviours),
        "ways": f"{same} of {len(rows)} ways" if len(rows) > 1 and same < len(rows) else "",
        "rows": sorted(rows, key=lambda row: WORST_FIRST.index(row["verdict"])),
    }


def _pairs(report: Data) -> list[Data]:
    """What targets carried to each other: a line an origin, a cell a target, None for itself."""
    names = {f"from {target['id']}": target for target in report["targets"]}
    found: dict[tuple[str, str], list[Data]] = {}
    for row in report["verdicts"]:
        if row["case"] in names:
            found.setdefault((row["case"], row["target"]), []).append(row)
    origins = [case for case in names if any(case == key for key, _ in found)]
    return [
        {
            "origin": names[case],
            "cells": [
                _pair(found.get((case, target["id"]))) if target is not names[case] else None
                for target in report["targets"]
            ],
        }
        for case in origins
    ]


def _pair(rows: Sequence[Data] | None) -> Data:
    if not rows:
        return {"verdict": "not-run", "networks": 0, "claims": ""}
    worst = min((row["verdict"] for row in rows), key=WORST_FIRST.index)
    claims = [row["claim"] for row in rows if row["verdict"] == worst]
    return {
        "verdict": worst,
        "networks": min(row["examples"] for row in rows),
        "claims": "" if len(claims) == len(rows) else ", ".join(claims),
    }


def _differences(report: Data) -> list[Data]:
    """The conventions on which targets show different behaviours: who shows which."""
    targets = {target["id"]: _name(target) for target in report["targets"]}
    behaviours: dict[str, dict[str, list[str]]] = {}
    # Rows are in the order of targets.
    for row in report["verdicts"]:
        if row["behaviour"]:
            names = behaviours.setdefault(row["claim"], {}).setdefault(row["behaviour"], [])
            name = targets[row["target"]]
            names += [name] if name not in names else []
    found = []
    for claim in report["claims"]:
        shown = behaviours.get(claim["id"], {})
        if claim["kind"] == "convention" and len(shown) > 1:
            found.append({"claim": claim, "shown": shown})
    return found


def _departures(report: Data) -> list[Data]:
    """Every departure that was observed, with the target that shows it."""
    targets = {target["id"]: target for target in report["targets"]}
    return [
        {"target": _name(targets[row["target"]]), "row": row, **departure}
        for row in report["verdicts"]
        if row["verdict"] == "departs"
        for departure in row["departures"]
    ]


def _name(target: Data) -> str:
    return f"{target['framework']} {target['version'] or ''}".strip()
