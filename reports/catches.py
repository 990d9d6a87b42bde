"""Which injected faults the claims catch, and how many alarms were false."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

Data: TypeAlias = dict[str, Any]


def power(report: Data) -> Data:
    """How many faults are caught, and how many alarms were false, on the report's frameworks.

    Measurements on frameworks that are not in the report are left out.
    """
    measured = report["power"]
    here = {target["suite"] for target in report["targets"] if target["run"]}
    suites = [_suite(report, one) for one in measured["suites"] if one["suite"] in here]
    alarms = [
        {
            "framework": record["framework"],
            "versions": _versions(record),
            "outdated": _outdated(report, record),
            "runs": len(record["runs"]),
            "profiles": _profiles(record["runs"]),
            "alarms": len(record["alarms"]),
        }
        for record in measured["alarms"]
        if record["suite"] in here
    ]
    real = [suite for suite in suites if not suite["is_reference"]]
    variants = [suite for suite in suites if suite["is_reference"]]
    return {
        "suites": suites,
        "frameworks": [suite["framework"] for suite in real],
        "faults": sum(len(suite["faults"]) for suite in real),
        "caught": sum(suite["caught"] for suite in real),
        "variants": sum(len(suite["faults"]) for suite in variants),
        "variants_caught": sum(suite["caught"] for suite in variants),
        "alarm_rows": alarms,
        "runs": sum(row["runs"] for row in alarms),
        "alarms": sum(row["alarms"] for row in alarms),
        "statistics": measured["statistics"],
    }


def _suite(report: Data, record: Data) -> Data:
    faults = [
        {**fault, "others": [c for c in _red(fault) if c not in fault["by"]]}
        for fault in record["faults"]
    ]
    caught = [fault for fault in faults if fault["by"]]
    return {
        "framework": record["framework"],
        "is_reference": record["suite"] == "reference",
        "versions": _versions(record),
        "outdated": _outdated(report, record),
        "measured": record["measured"],
        "faults": faults,
        "caught": len(caught),
        "unseen": sum(fault["book"] is False for fault in caught),
        "examples": _median(f["examples"] for f in caught if f["examples"] is not None),
        "findings": _median(len(_red(fault)) for fault in faults),
    }


def _outdated(report: Data, record: Data) -> list[str]:
    """The claims that were measured in a revision other than the report's, or not at all."""
    measured = record["revisions"]
    return [c["id"] for c in report["claims"] if measured.get(c["id"]) != c["revision"]]


def _red(fault: Data) -> list[str]:
    """The claims that the fault turned red, without the smoke check."""
    return list(dict.fromkeys(f["claim"] for f in fault["findings"] if "." in f["claim"]))


def _versions(record: Data) -> str:
    return ", ".join(f"{package} {version}" for package, version in record["versions"].items())


def _profiles(runs: Iterable[Data]) -> str:
    counts = Counter(run["profile"] for run in runs)
    return ", ".join(f"{times} {profile}" for profile, times in counts.items())


def _median(numbers: Iterable[int]) -> str:
    found = list(numbers)
    return f"{statistics.median(found):g}" if found else "-"


def catches(report: Data) -> dict[str, list[Data]]:
    """The faults that each claim is about and catches."""
    found: dict[str, list[Data]] = {claim["id"]: [] for claim in report["claims"]}
    for record in report["power"]["suites"]:
        for fault in record["faults"]:
            for claim in fault["by"]:
                if claim in found:
                    one = {"framework": record["framework"], "statement": fault["statement"]}
                    found[claim].append(one)
    return found
