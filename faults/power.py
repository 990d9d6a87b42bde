"""Measuring the claims' power: which claims catch a fault, and after how many examples.

With a fault injected, all claims are first tried on the fixed examples and a few drawn ones. If no
claim about the fault catches it, these claims draw as many examples as a `default` run. Separately,
they are tried on the chapter's own networks alone: a fault that these do not show would have been
missed by anyone who only checks what the chapter's cells print.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import hypothesis
from hypothesis import Phase

from paramlaws.faults.fault import Fault, registered
from paramlaws.faults.outcome import SMOKE, Catch, Outcome
from paramlaws.runner import profiles, subprocesses
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.architecture import Architecture, Block, Dense
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Blocked, Inapplicable
from paramlaws.specs.smoke import SmokeFailure
from paramlaws.specs.suite import Suite
from paramlaws.specs.verdict import ERRORED, FAILING
from paramlaws.suites import registry

_SEED = 0
#: The chapter's networks, with batches of two rows as there: plain, in nested blocks, with a shared
#: layer.
BOOK = (
    Example(Architecture(4, (Dense(8, activation="relu"), Dense(1)), lazy=True), 2),
    Example(
        Architecture(
            4,
            (
                Block(
                    (Block((Dense(8, activation="relu"), Dense(4, activation="relu"))),) * 4,
                ),
                Dense(1),
            ),
            lazy=True,
        ),
        2,
    ),
    Example(
        Architecture(
            4,
            (
                Dense(8, activation="relu"),
                Dense(8, activation="relu", shared="a"),
                Dense(8, activation="relu", shared="a"),
                Dense(1),
            ),
            lazy=True,
        ),
        2,
    ),
)


class FaultError(Exception):
    """A fault does not show although it was injected, so that it says nothing about the claims."""


def outcomes(suite: str, chosen: str | None = None) -> Iterator[Outcome]:
    """The outcome of each fault of a suite's framework, or of the chosen one.

    Raises FaultError for a fault that does not show once it is injected.
    """
    for fault in registered(suite):
        if chosen in (None, fault.name):
            yield outcome(fault)


def outcome(fault: Fault) -> Outcome:
    """Injects the fault and tries all claims; raises FaultError if it does not show."""
    registry.load(fault.suite)  # which may choose one of the framework's modes
    if fault.is_there():
        raise FaultError(f"{fault.name} shows in {fault.suite} before it is injected")
    before = holding_in_the_book(fault)
    with fault.injected(), _injected_in_subprocesses(fault), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not fault.is_there():
            why = f"its lines raise {fault.refused!r}" if fault.refused else "they run as before"
            raise FaultError(f"{fault.name} does not show in {fault.suite}: {why}")
        trials = _tried(fault, "quick", [claim.id for claim in CATALOGUE])
        smoke = next((t for t in trials if isinstance(t.error, SmokeFailure)), None)
        catches = [_catch(trial) for trial in trials if _is_finding(trial)]
        by = {catch.claim for catch in catches} & set(fault.about)
        red = {trial.claim.id for trial in trials if trial.verdict in FAILING}
        if smoke is not None:
            catches = [Catch(SMOKE, None, ERRORED, 0, str(smoke.error)[:300])]
            by = {SMOKE}
        elif not by:
            # Or its check sees the fault, and what it builds on is to blame.
            alone = _tried(fault, "default", list(fault.about), blaming=False)
            further = [trial for trial in alone if _is_finding(trial)]
            catches += [_catch(trial) for trial in further]
            by = {trial.claim.id for trial in further}
        book = shows_in_the_book(before, holding_in_the_book(fault))
    return Outcome(
        fault.name,
        fault.statement,
        tuple(fault.about),
        fault.like,
        tuple(claim for claim in (SMOKE, *fault.about) if claim in by),
        book,
        tuple(catches),
        len(red - {catch.claim for catch in catches}),
    )


def _tried(fault: Fault, profile: str, claims: list[str], *, blaming: bool = True) -> list[Trial]:
    examples = profiles.EXAMPLES[profile]
    hypothesis.settings.register_profile(
        "power", max_examples=examples, database=None, deadline=None, phases=[Phase.generate]
    )
    hypothesis.settings.load_profile("power")
    target = Target.of(registry.load(fault.suite), _SEED)
    trials = [
        Trial(target, CATALOGUE[claim], case, blaming=blaming)
        for claim in claims
        for case in CATALOGUE[claim].cases_on(target.suite)
    ]
    for trial in trials:
        trial.run()
    return trials


def _in_the_book(fault: Fault) -> Iterator[tuple[Trial, Example]]:
    """The claims about the fault, each with those of the chapter's networks that it applies to."""
    target = Target.of(registry.load(fault.suite), _SEED)
    for claim_id in fault.about:
        for case in CATALOGUE[claim_id].cases_on(target.suite):
            for example in BOOK:
                trial = Trial(target, CATALOGUE[claim_id], case, blaming=False)
                if trial.unsupported is None:
                    yield trial, example


def _holds(trial: Trial, example: Example) -> bool | None:
    """Whether the claim holds on the example, None if it does not apply."""
    try:
        trial.examine(example)
    except (Inapplicable, Blocked):
        return None
    except Exception:
        # In whichever way it is red: what a claim says is among the findings.
        return False
    return True


def holding_in_the_book(fault: Fault) -> list[bool | None]:
    """Whether each claim about the fault holds on each of the chapter's networks."""
    return [_holds(trial, example) for trial, example in _in_the_book(fault)]


def shows_in_the_book(
    without: Sequence[bool | None], with_fault: Sequence[bool | None]
) -> bool | None:
    """Whether a fault shows on the chapter's own networks.

    None if no claim about it can be tried there: without the fault it holds on none of them, as it
    needs larger networks, or it does not apply to them.
    """
    changed = [b is False for a, b in zip(without, with_fault, strict=True) if a]
    return any(changed) if changed else None


def _is_finding(trial: Trial) -> bool:
    """Whether a claim fails in its own right, not merely for lack of examples to judge."""
    blocked = trial.error is None and trial.seen.blocked
    return trial.verdict in FAILING and not blocked and not isinstance(trial.error, SmokeFailure)


def _catch(trial: Trial) -> Catch:
    # The names of temporary folders vary.
    message = re.sub(rf"{re.escape(tempfile.gettempdir())}/\w+", "TMP", str(trial.error))[:300]
    return Catch(
        trial.claim.id, trial.case.text, str(trial.verdict), len(trial.seen.judged) + 1, message
    )


@contextmanager
def _injected_in_subprocesses(fault: Fault) -> Iterator[None]:
    """A context in which calls in the subprocess have the fault, too."""
    right = subprocesses.run
    subprocesses.run = partial(_run_with_fault, right, fault)
    try:
        yield
    finally:
        subprocesses.run = right


def _run_with_fault(right: Any, fault: Fault, suite: Suite, function: Any, *arguments: Any) -> Any:
    return right(suite, _with_fault, fault, function, *arguments)


def _with_fault(fault: Fault, function: Any, *arguments: Any) -> Any:
    with fault.injected():
        return function(*arguments)
