"""What is printed of a report where it is made: what fails first, then a line for each target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from paramlaws.reports.failures import failures, nothing_fails
from paramlaws.reports.refused import printable
from paramlaws.reports.words import SYMBOLS, number
from paramlaws.specs.verdict import counted

Data: TypeAlias = dict[str, Any]


def lines(report: Data) -> Iterator[str]:
    """The lines, with nothing in them that would steer a terminal."""
    failing = failures(report)
    if failing:
        yield f"What fails: {number(len(failing), 'check')}"
    else:
        yield nothing_fails(report)
    for one in failing:
        blocked = f" (blocked by {', '.join(one.blocked_by)})" if one.blocked_by else ""
        yield printable(f"  {SYMBOLS[one.verdict]} {one.text}{blocked}")
        if one.command and not blocked:
            yield printable(f"      {one.command}")
    for suspect in report["suspects"]:
        yield printable(f"  {suspect['claim']} may be wrong itself: {suspect['sign']}")
    for target in report["targets"]:
        counts = ", ".join(counted(target["counts"]))
        yield printable(f"{target['id']}: of {number(target['claims'], 'claim')}, {counts}")
