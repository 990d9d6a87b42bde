"""The verdicts of a report, looked up by claim and by target."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeAlias

from paramlaws.specs.verdict import WORST_FIRST

Data: TypeAlias = dict[str, Any]


def by_cell(report: Data) -> dict[tuple[str, str], list[Data]]:
    """The rows of each claim on each target, by (claim id, target id)."""
    rows: dict[tuple[str, str], list[Data]] = {}
    for row in report["verdicts"]:
        rows.setdefault((row["claim"], row["target"]), []).append(row)
    return rows


def by_target(report: Data) -> dict[str, list[Data]]:
    """The rows of each target, by its id."""
    found: dict[str, list[Data]] = {target["id"]: [] for target in report["targets"]}
    for row in report["verdicts"]:
        found[row["target"]].append(row)
    return found


def tried(report: Data) -> Counter[str]:
    """The number of examples on each target, by its id."""
    found: Counter[str] = Counter()
    for row in report["verdicts"]:
        found[row["target"]] += row["examples"]
    return found


def badness(row: Data) -> int:
    """A sort key that puts the worst verdict first."""
    return WORST_FIRST.index(row["verdict"])
