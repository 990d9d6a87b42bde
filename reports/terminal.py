"""The summary that is printed when a report is made: failures, then a line for each target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from paramlaws.reports.failures import failures, nothing_fails, run_nowhere
from paramlaws.reports.refused import printable
from paramlaws.reports.words import SYMBOLS, number
from paramlaws.specs.verdict import counted

Data: TypeAlias = dict[str, Any]


def lines(report: Data) -> Iterator[str]:
    """The lines of the summary, without terminal control characters."""
    failing = failures(report)
    if failing:
        yield f"What fails: {number(len(failing), 'check')}"
    else:
        yield nothing_fails(report)
    for one in failing:
        yield printable(f"  {SYMBOLS[one.verdict]} {one.text}")
        if one.command and not one.blocked_by:
            yield printable(f"      {one.command}")
    for suspect in report["suspects"]:
        yield printable(f"  {suspect['claim']} may be wrong itself: {suspect['sign']}")
    if nowhere := run_nowhere(report):
        yield printable(nowhere)
    for target in report["targets"]:
        counts = ", ".join(counted(target["counts"]))
        yield printable(f"{target['id']}: of {number(target['claims'], 'claim')}, {counts}")
