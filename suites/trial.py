"""Trying one claim on one target: drawing examples, watching them, and judging."""

from __future__ import annotations

import re
import shlex
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File
from typing import Any, cast

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import HypothesisException

from paramlaws.specs import forgetting
from paramlaws.specs.claim import CONVENTION, Claim, Inapplicable, Violation
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.specs.outline import outline
from paramlaws.specs.shelf import GRADIENTS, VALUES, Shelf
from paramlaws.specs.space import Explored
from paramlaws.specs.subject import Subject
from paramlaws.specs.suite import Suite
from paramlaws.specs.verdict import (
    ERRORED,
    FAILING,
    UNSUPPORTED,
    Blocked,
    Observation,
    Stale,
    blocked,
    judge,
)
from paramlaws.suites.knowledge import Departure, Untried
from paramlaws.suites.noting import Noting
from paramlaws.suites.scripts import script
from paramlaws.suites.target import Target

#: How many examples are drawn at least for each way in which a framework does something, where the
#: profile has as many.
LEAST = 20
#: On how many examples it is noted which verbs a claim uses; they hardly differ between examples.
NOTED = 5
#: Into how many sequences of examples the groups of claims are divided.
STRANDS = 3


@dataclass
class Trial:
    """One claim, in one of its cases, on one target."""

    target: Target
    claim: Claim
    case: str | None = None
    only: Example | None = None

    def __post_init__(self) -> None:
        knowledge = self.target.knowledge
        self.unsupported = knowledge.unsupported_by(self.claim, self.case)
        self.departures = knowledge.departures_of(self.claim, self.case)
        self.hidden = knowledge.hidden(self.claim, self.case)
        self.expected = knowledge.expected(self.claim)
        self.behaviour: str | None = None
        self.occurred: Counter[str] = Counter()
        self.explored = Explored()
        self.verbs: set[str] = set()
        self.shown: dict[str, Any] = {}
        self.examples = self.departed = 0
        self.last: Example | None = None
        self.changed_by_use: tuple[Example, Exception] | None = None
        self.error: BaseException | None = None

    # -- one example ----------------------------------------------------------------------------
    def examine(self, example: Example) -> None:
        """Checks the claim on one example; Inapplicable where that says nothing."""
        if any(departure.covers(example) for departure in self.hidden):
            raise Inapplicable
        self.last = example
        self.target.tried += 1
        forgetting.now_and_then(self.target.tried, self.target.suite)
        departure = next((d for d in self.departures if d.covers(example)), None)
        occurred = self._check(example, departure)
        self.departed += departure is not None
        self.examples += 1
        self.occurred.update(occurred)
        self.occurred.update(example.architecture.features)
        self.explored.add(example)

    def _check(self, example: Example, departure: Departure | None) -> Counter[str]:
        """What occurred while the claim was checked, on a network that has been used if may be."""
        subject = self.subject(example, shelf=self.shelf)
        if self.shelf is not None:
            # Whether this network, or one before it, was made by them.
            self.verbs |= {"build", "initialise"}
        taken = self.target.shelf.taken
        error = self._error(subject, departure)
        if error is not None and self.target.shelf.taken > taken:
            # What is shown is what a new network does, so that it can be seen again.
            subject, used = self.subject(example), error
            error = self._error(subject, departure)
            if error is None:
                self.changed_by_use = self.changed_by_use or (example, used)
        self.shown = subject.shown if error is not None else self.shown or subject.shown
        if error is not None:
            # Here in any case: Hypothesis takes what is raised in two ways for two failures.
            raise error
        subject.shelve()
        return subject.occurred

    def _error(self, subject: Subject, departure: Departure | None) -> Exception | None:
        try:
            self._check_on(subject, departure)
        except Inapplicable:
            subject.shelve()
            raise
        except Exception as error:
            return error
        return None

    def _check_on(self, subject: Subject, departure: Departure | None) -> None:
        if departure is not None:
            self._must_depart(subject, departure)
        else:
            self._must_hold(self.claim.check(subject))

    @cached_property
    def shelf(self) -> Shelf | None:
        """Where the claim may find networks and leave them, None where it needs new ones."""
        apart = self.target.suite.gradients_apart
        fit = self.claim.reuse == VALUES or (self.claim.reuse == GRADIENTS and apart)
        return self.target.shelf if fit else None

    def subject(self, example: Example, **parts: Any) -> Subject:
        """The network under test."""
        suite = self.target.suite
        if self.examples < NOTED:
            suite = cast("Suite", Noting(suite, self.verbs))
        conventions, expected = self.target.conventions, self.expected
        return Subject(suite, example, conventions, case=self.case, expected=expected, **parts)

    def _must_hold(self, behaviour: str | None) -> None:
        if self.claim.kind != CONVENTION:
            return
        closed = self.claim.behaviours
        if closed and behaviour not in closed:
            raise Violation(f"{behaviour!r} is none of {', '.join(closed)}")
        if self.expected is None and self.behaviour is None:
            self.behaviour = behaviour
        wanted = self.expected or self.behaviour
        if behaviour != wanted:
            raise Violation(f"{behaviour!r} is observed, and {wanted!r} expected", str(behaviour))
        self.behaviour = behaviour

    def _must_depart(self, subject: Subject, departure: Departure) -> None:
        try:
            observed = self.claim.check(subject)
        except Violation as violation:
            observed = violation.behaviour
            if observed != departure.behaviour:
                raise
        except Exception as error:
            if not departure.is_shown_by(error):
                raise
            observed = departure.exception
        if observed != (departure.behaviour or departure.exception):
            raise Stale(
                f"declared to show {departure.behaviour or departure.exception!r}, and showed "
                f"{observed or 'what the law says'!r}: the departure no longer holds; remove it or "
                "narrow its versions"
            )
        self.behaviour = observed

    # -- all examples ---------------------------------------------------------------------------
    @cached_property
    def test(self) -> Callable[[], None]:
        """The claim as a Hypothesis test on generated examples."""

        def examine(example: Example) -> None:
            try:
                self.examine(example)
            except Inapplicable:
                hypothesis.reject()

        # Hypothesis tells tests apart by name: in its database, and where it derandomises.
        examine.__name__ = examine.__qualname__ = re.sub(r"\W", "_", self.name)
        drawn = self.claim.draw(self.target.sizes, self.case)
        test = hypothesis.given(drawn)(examine)
        # Claims about the same kind of networks draw the same ones, which the shelf then has; in
        # several strands, so that a run has more of them than one claim.
        strand = zlib.crc32(self.claim.group.encode()) % STRANDS
        test = hypothesis.seed(f"{self.target.seed or 0}, strand {strand}")(test)
        profile = hypothesis.settings.default
        assert profile is not None
        # A declared departure is not shrunk: its smallest example is known.
        phases = [Phase.generate] if self.departures else profile.phases
        return hypothesis.settings(
            profile,
            max_examples=self._share(profile.max_examples),
            phases=phases,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )(test)

    def _share(self, examples: int) -> int:
        """How many of a claim's examples are this case's: its ways share them, but for a least."""
        ways = len(self.target.suite.ways.get(self.claim.ways, ("the only way",)))
        return max(-(-examples // ways), min(examples, LEAST))

    @property
    def name(self) -> str:
        """Suite, claim and case."""
        case = f"[{self.case}]" if self.case else ""
        return f"{self.target.suite.name}-{self.claim.id}{case}"

    def run(self, *stops: type[BaseException]) -> dict[str, Any]:
        """Tries the claim and returns its record; `error` keeps what went wrong.

        stops: exceptions outside of Exception that end a trial, such as that of a time limit.
        """
        start = time.perf_counter()
        ends: tuple[type[BaseException], ...] = (Exception, *stops)
        if self.unsupported is None:
            try:
                self._run()
            except ends as error:
                self.error = error
        verdict, message = self._judge()
        key = (self.claim.id, self.case)
        self.target.verdicts[key] = verdict
        failed = verdict in FAILING
        # Without an error, or with one that is not about an example, there is nothing to show.
        no_example = (type(None), Blocked, HypothesisException)
        counterexample = None if isinstance(self.error, no_example) else self.last
        return {
            "record": "verdict",
            "target": self.target.id,
            "claim": self.claim.id,
            "case": self.case,
            "verdict": verdict,
            "behaviour": self.behaviour,
            "expected": self.expected,
            "examples": self.examples,
            "seconds": round(time.perf_counter() - start, 3),
            "counterexample": repr(counterexample) if counterexample else None,
            "message": message,
            "departures": [_departure_record(departure) for departure in self.departures],
            "untried": [] if self.unsupported else [_untried_record(e) for e in self.hidden],
            "unsupported": self.unsupported
            and {"reason": self.unsupported.reason, "link": self.unsupported.link},
            "occurred": dict(sorted(self.occurred.items())),
            "explored": self.explored.tables(),
            "verbs": sorted(self.verbs),
            "shown": self.shown,
            "outline": outline(counterexample.architecture) if counterexample else None,
            "script": script(self.target.suite.name, counterexample) if counterexample else None,
            "reproduce": self.command(counterexample) if failed else None,
        }

    def command(self, example: Example | None) -> str:
        """The command that shows the failure again."""
        words = ["pytest", *self.target.option.split(), "--claim", self.claim.id]
        words += ["--case", self.case] if self.case else []
        words += ["--example", repr(example)] if example else []
        return shlex.join(words)

    def _run(self) -> None:
        after = {name: CATALOGUE[name].cases_on(self.target.suite) for name in self.claim.after}
        if reason := blocked(after, self.case, self.target.verdicts):
            raise reason
        _ = self.target.conventions
        if self.only is not None:
            self._try_only(self.only)
            return
        for departure in self.departures:
            self.examine(departure.smallest)
        self.test()
        for example in self.claim.edges_of(self.case):
            try:
                self.examine(example)
            except Inapplicable:
                self.occurred["not applicable"] += 1
        if self.changed_by_use:
            self.last, error = self.changed_by_use
            raise Violation(
                "it is as it should be on a new network of this example, and was not on one that "
                f"other claims had used, which assign and read parameters: {error}",
                "changed-by-use",
            )

    def _try_only(self, example: Example) -> None:
        try:
            self.examine(example)
        except Inapplicable as error:
            untried = [_untried_record(d) for d in self.hidden if d.covers(example)]
            reason = untried[0] if untried else "it has nothing that the claim is about"
            raise Inapplicable(f"the claim is not tried on this example: {reason}") from error

    def _judge(self) -> tuple[str, str | None]:
        if self.unsupported is not None:
            return UNSUPPORTED, None
        full = self.only is None
        missing = [need for need in self.claim.needs if not self.occurred[need]] if full else []
        declared = bool(self.departures) and full
        verdict, message = judge(Observation(self.error, declared, self.departed, missing))
        if message and verdict == ERRORED and not isinstance(self.error, (type(None), Blocked)):
            message += _where(self.error)
        return verdict, message


def _where(error: BaseException) -> str:
    """The last lines of the traceback, by file name, function and line."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return "".join(f"\n  in {f.name} ({File(f.filename).name}:{f.lineno})" for f in frames)


def _untried_record(entry: Departure | Untried) -> str:
    return f"where an example has {', '.join(sorted(entry.where))}: {entry.reason}"


def _departure_record(departure: Departure) -> dict[str, Any]:
    script = departure.reproducer
    versions = ", ".join(f"{package} {wanted}" for package, wanted in departure.versions.items())
    return {
        "behaviour": departure.behaviour or departure.exception,
        "where": sorted(departure.where),
        "reason": departure.reason,
        "link": departure.link,
        "versions": versions or "all",
        "smallest": repr(departure.smallest),
        "outline": outline(departure.smallest.architecture),
        "reproducer": script.read_text(encoding="utf-8") if script else None,
    }
