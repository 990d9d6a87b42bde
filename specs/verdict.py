"""From what happened on a claim's examples to its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paramlaws.specs.claim import Violation, parts_of

HOLDS = "holds"
DEPARTS = "departs"
VIOLATED = "violated"
STALE = "stale"
UNSUPPORTED = "unsupported"
ERRORED = "errored"
NOT_RUN = "not-run"

#: The verdicts that fail a run.
FAILING = (VIOLATED, STALE, ERRORED)


class Stale(Exception):
    """A declared departure was not observed where it should be."""


class Blocked(Exception):
    """A claim that this one builds on does not hold here, so that it says nothing new."""


@dataclass(frozen=True)
class Observation:
    """What the examples of one claim on one target showed.

    error: what ended the examples early, None if they all passed.
    departure_declared: whether a departure is declared for this claim and version.
    departed: on how many examples it was observed.
    missing: the features and occurrences that the claim needs and that never came.
    """

    error: BaseException | None
    departure_declared: bool
    departed: int
    missing: Sequence[str] = ()


def blocked(
    after: Mapping[str, Sequence[str | None]],
    case: str | None,
    verdicts: Mapping[tuple[str, str | None], str],
) -> Blocked | None:
    """Why a case of a claim is not judged on a target, None if it is.

    after: the claims that it builds on, with their cases: each must not fail in this case or, where
        its cases are others, in any.
    verdicts: those of the target, by claim and case.
    """
    for claim, cases in after.items():
        for own in [own for own in cases if own in parts_of(case)] or cases:
            verdict = verdicts.get((claim, own))
            if verdict in FAILING:
                return Blocked(f"blocked by {claim}, which is {verdict} on this target")
    return None


def judge(seen: Observation) -> tuple[str, str | None]:
    """The verdict and the message that explains it, None where nothing needs explaining."""
    if isinstance(seen.error, Violation):
        return VIOLATED, str(seen.error)
    if isinstance(seen.error, Stale):
        return STALE, str(seen.error)
    if isinstance(seen.error, Blocked):
        return ERRORED, str(seen.error)
    if seen.error is not None:
        return ERRORED, f"{type(seen.error).__name__}: {seen.error}"
    if seen.departure_declared and not seen.departed:
        return STALE, "a departure is declared, and no example was one that could show it"
    if seen.missing:
        return ERRORED, f"vacuous: no example had {', '.join(map(repr, seen.missing))}"
    return (DEPARTS if seen.departed else HOLDS), None
