"""The verdicts, and the one place that derives them from what a claim's examples showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paramlaws.specs.outcome import Blocked, NotTried, Stale, Violation

HOLDS = "holds"
DEPARTS = "departs"
VIOLATED = "violated"
STALE = "stale"
UNSUPPORTED = "unsupported"
ERRORED = "errored"
NOT_RUN = "not-run"

VERDICTS = (HOLDS, DEPARTS, VIOLATED, STALE, ERRORED, UNSUPPORTED, NOT_RUN)
#: The verdicts that fail a run.
FAILING = (VIOLATED, STALE, ERRORED)
#: A claim with several cases shows the first of their verdicts in this order.
WORST_FIRST = (ERRORED, VIOLATED, STALE, NOT_RUN, DEPARTS, HOLDS, UNSUPPORTED)

#: Singular and plural of the verdicts that have them; the others are their names.
_SAID = {HOLDS: ("holds", "hold"), DEPARTS: ("departs", "depart"), NOT_RUN: ("not run", "not run")}


def counted(counts: Mapping[str, int], verdicts: Iterable[str] = VERDICTS) -> list[str]:
    """The numbers of claims with each verdict, as in "66 hold" and "1 departs", without zeros."""
    found = []
    for verdict in verdicts:
        number = counts[verdict]
        one, several = _SAID.get(verdict, (verdict, verdict))
        found.append(f"{number} {one if number == 1 else several}")
    return found


@dataclass(frozen=True)
class Observation:
    """What the examples of one case of a claim on one target showed.

    finding: the failure that nothing explains, None if there was none.
    departure_declared: whether a departure is declared for this case and version.
    departed: on how many examples it was observed.
    missing: the features and occurrences that the claim needs and that no judged example had.
    blocked: on how many examples the claim failed because another one did, by that claim.
    """

    finding: BaseException | None
    departure_declared: bool = False
    departed: int = 0
    missing: Sequence[str] = ()
    blocked: Mapping[str, int] = field(default_factory=dict)


def judge(seen: Observation) -> tuple[str, str | None]:
    """The verdict and the message that explains it, None where nothing needs explaining."""
    if isinstance(seen.finding, Violation):
        return VIOLATED, str(seen.finding)
    if isinstance(seen.finding, Stale):
        return STALE, str(seen.finding)
    if isinstance(seen.finding, Blocked):
        return ERRORED, f"blocked by {seen.finding.by}, which also fails on this example"
    if isinstance(seen.finding, NotTried):
        return ERRORED, f"not tried: {seen.finding}"
    if seen.finding is not None:
        return ERRORED, f"{type(seen.finding).__name__}: {seen.finding}"
    wanting = [*seen.missing]
    if seen.departure_declared and not seen.departed:
        wanting.append("the declared departure")
    if wanting and seen.blocked:
        names = ", ".join(f"{claim} ({times})" for claim, times in sorted(seen.blocked.items()))
        return ERRORED, (
            f"nothing is left to judge: every example that could show "
            f"{', '.join(map(repr, wanting))} is blocked by {names}"
        )
    if seen.departure_declared and not seen.departed:
        return STALE, "a departure is declared, but no example could have shown it"
    if seen.missing:
        return ERRORED, f"vacuous: no example had {', '.join(map(repr, seen.missing))}"
    return (DEPARTS if seen.departed else HOLDS), None


def settled(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The records, with a failing verdict for each claim that failed only on another's example.

    A claim may hold on all of its own examples and fail on an example of a claim that builds on
    it. That one is then blocked and not to blame, so that otherwise nothing would show a failure.
    """
    found = list(records)
    rows: dict[tuple[str, str], list[int]] = {}
    for position, record in enumerate(found):
        rows.setdefault((record["target"], record["claim"]), []).append(position)
    for record in list(found):
        for by in record.get("blockers", ()):
            own = rows.get((record["target"], by["claim"]), [])
            if not own or any(found[position]["verdict"] in FAILING for position in own):
                continue
            same = [position for position in own if found[position]["case"] == by["case"]]
            chosen = (same or own)[0]
            found[chosen] = {
                **found[chosen],
                "verdict": VIOLATED,
                "message": f"{by['message']} (on an example drawn for {record['claim']})",
                "counterexample": by["example"],
                "reproduce": by["reproduce"],
            }
    return found
