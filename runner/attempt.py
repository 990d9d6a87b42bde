"""Trying one claim on one example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paramlaws.specs.claim import CONVENTION, Claim
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Inapplicable, Stale, Violation
from paramlaws.specs.subject import Subject
from paramlaws.suites.knowledge import Departure


@dataclass
class Attempt:
    """The result of trying a claim on one example.

    behaviour: what was observed of a convention or a departure; None for a law that holds.
    departure: the declared departure that was observed, if any.
    error: why the claim fails here, None if it holds or departs as declared.
    applicable: whether the claim applies to the example.
    """

    behaviour: str | None = None
    departure: Departure | None = None
    error: Exception | None = None
    applicable: bool = True
    occurred: Counter[str] = field(default_factory=Counter)
    shown: Mapping[str, Any] = field(default_factory=dict)


def attempt(
    claim: Claim,
    example: Example,
    subject: Subject,
    departures: Sequence[Departure] = (),
    expected: str | None = None,
    usual: str | None = None,
) -> Attempt:
    """Checks a claim on a new subject of an example.

    departures: those declared for the claim in this case.
    expected: the behaviour that a convention should show, None if any of its behaviours will do.
    usual: the behaviour on earlier examples, which this one must show, too, if none is expected.
    """
    departure = next((each for each in departures if each.covers(example)), None)
    made = Attempt(occurred=subject.occurred, shown=subject.shown)
    try:
        observed = _observe(claim, subject, departure)
        if departure is not None and observed == departure.shown:
            made.departure = departure
        elif departure is not None and departure.must_show(example, subject.occurred):
            raise _stale(departure, observed)
        elif claim.kind == CONVENTION:
            _check_behaviour(claim, observed, expected, usual)
        made.behaviour = observed
    except Inapplicable:
        made.applicable = False
    except Exception as error:
        made.error = error
    return made


def _observe(claim: Claim, subject: Subject, departure: Departure | None) -> str | None:
    """What the check observes; for a declared departure, its behaviour or its exception's name."""
    try:
        return claim.check(subject)
    except Violation as violation:
        if departure is None or violation.behaviour != departure.behaviour:
            raise
        return violation.behaviour
    except Inapplicable:
        raise
    except Exception as error:
        if departure is None or not departure.is_shown_by(error):
            raise
        return departure.exception


def _check_behaviour(
    claim: Claim, observed: str | None, expected: str | None, usual: str | None
) -> None:
    """Raises Violation unless the behaviour is one of the convention's, and the right one."""
    closed = claim.behaviours
    if closed and observed not in closed:
        raise Violation(f"{observed!r} is not one of {', '.join(closed)}", str(observed))
    if expected is not None and observed != expected:
        raise Violation(f"{observed!r} is observed, and {expected!r} expected", str(observed))
    if expected is None and usual is not None and observed != usual:
        raise Violation(
            f"{observed!r} here, but {usual!r} on earlier examples; neither is documented, but "
            "all examples must show the same",
            str(observed),
        )


def _stale(departure: Departure, observed: str | None) -> Stale:
    return Stale(
        f"declared to show {departure.shown!r}, and showed "
        f"{observed or 'what the law says'!r}: the departure no longer holds; remove it or "
        "narrow its versions"
    )
