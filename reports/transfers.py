"""The results of transfers between targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from paramlaws.reports.rows import badness

Data: TypeAlias = dict[str, Any]


def pairs(report: Data) -> list[Data]:
    """The matrix of transfers: a row per origin, a cell per target, None for the origin itself."""
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
    worst = min(rows, key=badness)["verdict"]
    claims = [row["claim"] for row in rows if row["verdict"] == worst]
    return {
        "verdict": worst,
        "networks": min(row["examples"] for row in rows),
        "claims": "" if len(claims) == len(rows) else ", ".join(claims),
    }
