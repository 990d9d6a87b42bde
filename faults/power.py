"""What the claims catch of the faults: which claim, after how many examples, and what slips by.

A fault is first tried by all claims on the examples that are always tried and a few drawn ones.
Where no claim that is about it catches it so, these draw as many examples as a run does by default.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import hypothesis
from hypothesis import Phase

from paramlaws.faults.fault import Fault, registered
from paramlaws.specs import elsewhere
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.smoke import SmokeFailure
from paramlaws.specs.verdict import ERRORED, FAILING, Blocked
from paramlaws.suites import profiles, registry
from paramlaws.suites.target import Target
from paramlaws.suites.trial import Trial

_SEED = 0
#: What catches a fault that shows on the networks by which a target's conventions are measured.
SMOKE = "smoke"


#: Errors by which a claim says nothing of its own.
_SAYS_NOTHING = (Blocked, SmokeFailure)


class FaultError(Exception):
    """A fault that is not there although it was put in, so that nothing can be said of it."""


@dataclass(frozen=True)
class Catch:
    """A claim that a fault turned red, and how many examples it took."""

    claim: str
    case: str | None
    verdict: str
    examples: int
    message: str


@dataclass(frozen=True)
class Outcome:
    """What became of a fault.

    by: the claims about it that caught it; `SMOKE` where a fault shows before any claim is tried.
    findings: all that is red and not blocked, in the order of the catalogue.
    blocked: how many claims were not judged because of these.
    """

    fault: str
    statement: str
    about: tuple[str, ...]
    like: str | None
    by: tuple[str, ...]
    findings: tuple[Catch, ...]
    blocked: int

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims among the findings, each once."""
        return tuple(dict.fromkeys(catch.claim for catch in self.findings))

    @property
    def examples(self) -> int | None:
        """How many examples the quickest claim about it needed; None if it slipped through."""
        needed = [catch.examples for catch in self.findings if catch.claim in self.by]
        return min(needed, default=None)

    def record(self) -> dict[str, Any]:
        """As it is written down."""
        return {**asdict(self), "examples": self.examples}


def outcomes(suite: str, chosen: str | None = None) -> Iterator[Outcome]:
    """What becomes of each fault of a suite's framework, or of the one that is chosen.

    Raises FaultError for a fault that does not show.
    """
    for fault in registered(suite):
        if chosen in (None, fault.name):
            yield outcome(fault)


def outcome(fault: Fault) -> Outcome:
    """Puts the fault in and tries all claims; FaultError if it does not show."""
    registry.load(fault.suite)  # which may choose one of the framework's modes
    if fault.is_there():
        raise FaultError(f"{fault.name} shows in {fault.suite} before it is put in")
    with fault.injected(), _injected_elsewhere(fault), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not fault.is_there():
            why = f"its lines raise {fault.refused!r}" if fault.refused else "they run as before"
            raise FaultError(f"{fault.name} does not show in {fault.suite}: {why}")
        trials = _tried(fault, "quick", [claim.id for claim in CATALOGUE.in_order()])
        smoke = next((t for t in trials if isinstance(t.error, SmokeFailure)), None)
        catches = [_catch(trial) for trial in trials if _is_finding(trial)]
        by = {catch.claim for catch in catches} & set(fault.about)
        blocked = {trial.claim.id for trial in trials if isinstance(trial.error, _SAYS_NOTHING)}
        if smoke is not None:
            catches = [Catch(SMOKE, None, ERRORED, 0, str(smoke.error)[:300])]
            by = {SMOKE}
        elif not by:
            further = [t for t in _tried(fault, "default", list(fault.about)) if _is_finding(t)]
            catches += [_catch(trial) for trial in further]
            by = {trial.claim.id for trial in further}
    return Outcome(
        fault.name,
        fault.statement,
        tuple(fault.about),
        fault.like,
        tuple(claim for claim in (SMOKE, *fault.about) if claim in by),
        tuple(catches),
        len(blocked - {catch.claim for catch in catches}),
    )


def _tried(fault: Fault, profile: str, claims: list[str]) -> list[Trial]:
    examples = profiles.EXAMPLES[profile]
    hypothesis.settings.register_profile(
        "power", max_examples=examples, database=None, deadline=None, phases=[Phase.generate]
    )
    hypothesis.settings.load_profile("power")
    target = Target.of(registry.load(fault.suite), _SEED, f"--suite {fault.suite}")
    trials = [
        Trial(target, CATALOGUE[claim], case)
        for claim in claims
        for case in CATALOGUE[claim].cases_on(target.suite)
    ]
    for trial in trials:
        trial.run()
    return trials


def _is_finding(trial: Trial) -> bool:
    verdict = trial.target.verdicts[trial.claim.id, trial.case]
    return verdict in FAILING and not isinstance(trial.error, _SAYS_NOTHING)


def _catch(trial: Trial) -> Catch:
    verdict = trial.target.verdicts[trial.claim.id, trial.case]
    return Catch(trial.claim.id, trial.case, verdict, trial.examples + 1, str(trial.error)[:300])


@contextmanager
def _injected_elsewhere(fault: Fault) -> Iterator[None]:
    """Has the other process make its calls with the fault, too."""
    right = elsewhere.run
    elsewhere.run = partial(right, _with_fault, fault)
    try:
        yield
    finally:
        elsewhere.run = right


def _with_fault(fault: Fault, function: Any, *arguments: Any) -> Any:
    with fault.injected():
        return function(*arguments)
