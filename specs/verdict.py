"""The verdicts, and the one place in which they follow from what a claim's examples showed."""

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
#: The verdicts by which a run fails.
FAILING = (VIOLATED, STALE, ERRORED)
#: Of several cases of a claim, the first one in this order stands for the claim.
WORST_FIRST = (ERRORED, VIOLATED, STALE, NOT_RUN, DEPARTS, HOLDS, UNSUPPORTED)

#: How a verdict is said of one claim and of several, where it is not said by its name.
_SAID = {HOLDS: ("holds", "hold"), DEPARTS: ("departs", "depart"), NOT_RUN: ("not run", "not run")}


def counted(counts: Mapping[str, int], verdicts: Iterable[str] = VERDICTS) -> list[str]:
    """Numbers of claims with their verdicts, as in "66 hold" and "1 departs"."""
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
    blocked: by claim, on how many examples this one failed because that one did.
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
        return ERRORED, f"blocked by {seen.finding.by}, which fails on this example, too"
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
            f"nothing is left to judge: no example showed {', '.join(map(repr, wanting))} on which "
            f"all that it builds on holds; blocked by {names}"
        )
    if seen.departure_declared and not seen.departed:
        return STALE, "a departure is declared, and no example was one that could show it"
    if seen.missing:
        return ERRORED, f"vacuous: no example had {', '.join(map(repr, seen.missing))}"
    return (DEPARTS if seen.departed else HOLDS), None


def settled(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The records of verdicts, where a claim that failed only on an example of another one fails.

    A claim may hold on all of its own examples and fail on one of a claim that builds on it, which
    is then blocked and not to blame: without this, nothing would show that there was a failure.
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
                "message": f"{by['message']} (on an example that was drawn for {record['claim']})",
                "counterexample": by["example"],
                "reproduce": by["reproduce"],
            }
    return found
