"""The matrix of a report: every claim on every target."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeAlias

from paramlaws.reports.answers import differences
from paramlaws.reports.names import keys, name
from paramlaws.reports.rows import badness, by_cell

Data: TypeAlias = dict[str, Any]


def groups(report: Data) -> list[Data]:
    """The matrix: groups of claims, each claim with a cell per target."""
    rows, names = by_cell(report), keys(report)
    different = {found.claim["id"] for found in differences(report)}
    found = []
    for group, claims in groupby(report["claims"], key=lambda claim: claim["group"]):
        lines = []
        for claim in claims:
            cells = [
                {
                    **_cell(rows[claim["id"], target["id"]]),
                    "target": target,
                    "name": name(target),
                    "address": f"claim:{claim['id']}@{names[target['id']]}",
                }
                for target in report["targets"]
            ]
            verbs = sorted({verb for cell in cells for verb in cell["verbs"]})
            line = {"claim": claim, "cells": cells, "verbs": verbs}
            lines.append({**line, "different": claim["id"] in different})
        found.append({"name": group, "lines": lines})
    return found


def _cell(rows: Sequence[Data]) -> Data:
    """One claim on one target: the worst of its cases, and all of them."""
    worst = min(rows, key=badness)
    same = sum(row["verdict"] == worst["verdict"] for row in rows)
    behaviours = sorted({row["behaviour"] for row in rows if row["behaviour"]})
    return {
        "verdict": worst["verdict"],
        "behaviour": " / ".join(behaviours),
        "ways": f"{same} of {len(rows)} variants" if len(rows) > 1 and same < len(rows) else "",
        "rows": sorted(rows, key=badness),
        "verbs": list(dict.fromkeys(verb for row in rows for verb in row["verbs"])),
    }
