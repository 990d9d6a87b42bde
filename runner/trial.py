"""Trying one claim on one target: drawing examples, collecting evidence, and judging."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path as File
from typing import Any, cast

import hypothesis
from hypothesis import HealthCheck
from hypothesis.errors import HypothesisException, Unsatisfiable

from paramlaws.runner import blame, memory, relevance, subprocesses
from paramlaws.runner.attempt import Attempt, attempt
from paramlaws.runner.blame import Blocker
from paramlaws.runner.evidence import Evidence
from paramlaws.runner.noting import NoAnswer, Noting, silence
from paramlaws.runner.pool import HARMLESS
from paramlaws.runner.target import Target
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claim import Claim
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Blocked, Inapplicable, NotTried, Stale, Violation
from paramlaws.specs.outline import outline
from paramlaws.specs.record import Record
from paramlaws.specs.smoke import SmokeFailure
from paramlaws.specs.subject import Subject
from paramlaws.specs.suite import Suite
from paramlaws.specs.verdict import (
    DEPARTS,
    ERRORED,
    FAILING,
    HOLDS,
    UNSUPPORTED,
    Observation,
    judge,
)
from paramlaws.suites.knowledge import Departure, KnowledgeError, Untried
from paramlaws.suites.scripts import script

#: The least number of examples that are drawn for each way of a verb, if the profile has as many.
LEAST = 20
#: On how many examples the verbs of a claim are noted; they hardly differ between examples.
NOTED = 5
#: Errors that are reported without a traceback: where they were raised does not matter.
_TELLING = (NoAnswer, NotTried, KnowledgeError, SmokeFailure)


@dataclass
class Trial:
    """One case of a claim on one target.

    only: the one example to try it on, instead of fixed and drawn ones; None for those.
    blaming: whether a failure may be blamed on a claim that this one builds on.
    """

    target: Target
    claim: Claim
    case: Case = ONLY
    only: Example | None = None
    blaming: bool = True

    def __post_init__(self) -> None:
        knowledge = self.target.knowledge
        self.unsupported = knowledge.unsupported_by(self.claim, self.case)
        self.departures = knowledge.departures_of(self.claim, self.case)
        self.untried = knowledge.untried_by(self.claim, self.case)
        self.expected = knowledge.expected(self.claim, self.case)
        self.seen = Evidence()
        self.verbs: set[str] = set()
        self.last: Example | None = None
        self.silent: tuple[str, Example] | None = None
        self.error: BaseException | None = None
        self.verdict: str | None = None

    # -- one example ----------------------------------------------------------------------------
    def examine(self, example: Example) -> None:
        """Tries the claim on one example, and counts what it showed.

        Raises Inapplicable if the claim does not apply, Blocked if a claim that it builds on also
        fails there, and otherwise the claim's own failure, if it fails.
        """
        if any(entry.covers(example) for entry in self.untried):
            raise Inapplicable
        self.last = example
        self.target.tried += 1
        if memory.free(self.target.tried, self.target.suite):
            self.target.pool.clear()
        made = self._attempt(example)
        if not made.applicable:
            raise Inapplicable
        if made.error is not None:
            if by := self._blocker(example):
                self.seen.block(example, by)
                raise Blocked(by.claim) from made.error
            self.seen.shown = dict(made.shown)
            raise made.error
        self.seen.add(example, made)

    def _blocker(self, example: Example) -> Blocker | None:
        if not self.blaming:
            return None
        return blame.blocker(self.target, self.claim, self.case, example)

    def _attempt(self, example: Example) -> Attempt:
        pool, before = self.target.pool, self.target.pool.taken
        made, subject = self._attempt_on(example, use_again=self._uses_again)
        if pool.taken > before and not _holds(made):
            # Only a new network can make a finding.
            made, subject = self._attempt_on(example, use_again=False)
        again = self._uses_again and _holds(made) and self.verbs <= HARMLESS
        if again and subject.model is not None:
            pool.put(example.architecture, subject.model)
        return made

    @property
    def _uses_again(self) -> bool:
        """Whether networks are taken from the pool and returned to it."""
        return self.target.suite.slow_to_build

    def _attempt_on(self, example: Example, *, use_again: bool) -> tuple[Attempt, Subject]:
        suite, silent = self.target.suite, list[str]()
        if len(self.seen.judged) < NOTED:
            suite = cast("Suite", Noting(suite, self.verbs, silent))
        subject, departures = self.subject(suite, example), self.departures
        if use_again:
            subject.used = self.target.pool.take
        made = attempt(self.claim, example, subject, departures, self.expected, self.seen.usual)
        if silent and self.silent is None:
            self.silent = (silent[0], example)
        return made, subject

    def subject(self, suite: Suite, example: Example) -> Subject:
        """The network under test."""
        return Subject(
            suite,
            example,
            self.target.conventions,
            case=self.case,
            expected=self.expected,
            subprocess=partial(subprocesses.run, self.target.suite),
        )

    # -- all examples ---------------------------------------------------------------------------
    @cached_property
    def test(self) -> Callable[[], None]:
        """The claim as a Hypothesis test on generated examples."""
        profile = hypothesis.settings.default
        assert profile is not None
        most = self._share(profile.max_examples)

        def examine(example: Example) -> None:
            try:
                self.examine(example)
            except Inapplicable:
                hypothesis.reject()
            except Blocked:
                # The search goes on with other examples, as long as that is not hopeless.
                if self.seen.blocked.total() <= most:
                    hypothesis.reject()

        # Hypothesis identifies tests by name, in its database and when it derandomises.
        examine.__name__ = examine.__qualname__ = re.sub(r"\W", "_", self.name)
        drawn = self.claim.draw(self.target.sizes, self.case)
        test = hypothesis.given(drawn)(examine)
        test = hypothesis.seed(f"{self.target.seed or 0}, {self._drawing}")(test)
        return hypothesis.settings(
            profile,
            max_examples=most,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )(test)

    def _share(self, examples: int) -> int:
        """How many of the drawn examples this case gets: ways share them, down to `LEAST`."""
        ways = len(self.claim.ways_on(self.target.suite))
        return max(-(-examples // ways), min(examples, LEAST))

    @property
    def _drawing(self) -> str:
        """The text that seeds the examples of this trial, along with the seed of the run.

        If networks are reused, claims with the same fixed examples draw the same networks.
        """
        return repr(self.claim.edges_of(self.case)) if self._uses_again else self.name

    @property
    def name(self) -> str:
        """Suite, claim and case."""
        case = f"[{self.case}]" if self.case.text else ""
        return f"{self.target.suite.name}-{self.claim.id}{case}"

    def run(self, *stops: type[BaseException]) -> Record:
        """Tries the claim and returns its record; `error` keeps the finding.

        stops: further exceptions that end a trial, not derived from Exception, as for a time limit.
        """
        start, seen = time.perf_counter(), self.seen
        ends: tuple[type[BaseException], ...] = (Exception, *stops)
        if self.unsupported is None:
            try:
                self._run()
            except ends as error:
                self.error = error
                with suppress(*stops):  # Then the record has what is known so far.
                    self.error = self._cause(error)
            else:
                self._check_silence()
        self.verdict, message = self._judge()
        # Without an error, or with one that is not about an example, there is nothing to show.
        no_example = (type(None), HypothesisException)
        shown = None if isinstance(self.error, no_example) else self.last
        # An example that only stands for the network that failed gives no picture or script of it.
        drawn = None if self.claim.stands_for else shown
        if shown and self.claim.stands_for:
            message = f"{message} (the network stands for {self.claim.stands_for})"
        return Record(
            target=self.target.id,
            claim=self.claim.id,
            case=self.case.text,
            revision=self.claim.revision,
            verdict=self.verdict,
            behaviour=seen.behaviour,
            expected=self.expected,
            expected_source=self._expected_source(),
            examples=len(seen.judged),
            fixed=seen.fixed,
            drawn=len(seen.judged) - seen.fixed,
            distinct=len(set(seen.judged)),
            departed=seen.departed,
            blocked=dict(sorted(seen.blocked.items())),
            blockers=[self._blocker_record(by) for by in seen.blockers.values() if by.message],
            seconds=round(time.perf_counter() - start, 3),
            counterexample=repr(shown) if shown else None,
            message=message,
            departures=[_departure_record(departure) for departure in self.departures],
            untried=[] if self.unsupported else [_untried_record(e) for e in self.untried],
            unsupported=None
            if self.unsupported is None
            else {"reason": self.unsupported.reason, "link": self.unsupported.link},
            occurred=dict(sorted(seen.occurred.items())),
            explored=seen.explored.tables(),
            verbs=sorted(self.verbs),
            shown=seen.shown,
            outline=outline(drawn.architecture) if drawn else None,
            script=script(self.target.suite.spelling, drawn) if drawn else None,
            native=self._native(),
            reproduce=self.command(shown) if self.verdict in FAILING else None,
        )

    def _native(self) -> str | None:
        """The framework's own lines that show the observed behaviour, None if there are none."""
        if self.verdict not in (HOLDS, DEPARTS):
            return None
        known = self.target.knowledge
        sections = known.shown_natively(self.claim, self.case, self.seen.behaviour)
        return "\n".join(section.script for section in sections) or None

    def _expected_source(self) -> dict[str, str] | None:
        """Where the expected behaviour is stated, None if none is expected."""
        documented = self.target.knowledge.documented_of(self.claim, self.case)
        if documented is not None:
            return {"source": "documented", "link": documented.link}
        return {"source": "book"} if self.expected is not None else None

    def command(self, example: Example | None) -> str:
        """The shell command that reproduces the failure."""
        return self._command(self.claim.id, self.case, example)

    def _command(self, claim: str, case: Case, example: Example | None) -> str:
        words = ["--claim", claim]
        words += ["--case", case.text] if case.text else []
        words += ["--example", repr(example)] if example else []
        return self.target.command(*words)

    def _blocker_record(self, by: Blocker) -> dict[str, Any]:
        return {
            "claim": by.claim,
            "case": by.case.text,
            "example": repr(by.example),
            "message": by.message,
            "reproduce": self._command(by.claim, by.case, by.example),
        }

    def _run(self) -> None:
        _ = self.target.conventions
        if self.only is not None:
            self._try_only(self.only)
            return
        for departure in self.departures:
            self._try_smallest(departure)
        try:
            self.test()
        except Unsatisfiable:
            # Whether enough examples are left to judge is decided at the end.
            self.seen.occurred["nothing drawn"] += 1
        for example in self.claim.edges_of(self.case):
            self._try_fixed(example)

    def _try_smallest(self, departure: Departure) -> None:
        """Tries a departure's smallest example; KnowledgeError if the claim does not apply."""
        example, before = departure.smallest, self.seen.occurred["not applicable"]
        self._try_fixed(example)
        if self.seen.occurred["not applicable"] > before:
            file = self.target.suite.knowledge
            what = (
                f"{file}: {self.claim.id}: the smallest example of the departure "
                f"{departure.shown!r} is {example!r}, about which the claim says nothing"
            )
            raise KnowledgeError(relevance.with_instead(what, self.claim, self.case))

    def _try_fixed(self, example: Example) -> None:
        before = len(self.seen.judged)
        try:
            self.examine(example)
        except Inapplicable:
            self.seen.occurred["not applicable"] += 1
        except Blocked:
            pass  # It has been counted under the claim that blocks it.
        self.seen.fixed += len(self.seen.judged) - before

    def _try_only(self, example: Example) -> None:
        """Tries one example; raises NotTried if the claim says nothing about it."""
        for entry in self.untried:
            if entry.covers(example):
                raise NotTried(f"{self.name} is {_untried_record(entry)}")
        try:
            self.examine(example)
        except Inapplicable as error:
            what = "the claim says nothing about this example"
            raise NotTried(relevance.with_instead(what, self.claim, self.case)) from error
        if why := relevance.nothing_said(self.claim, self.case, self.target.sizes, example):
            raise NotTried(why)

    def _cause(self, error: BaseException) -> BaseException:
        """The error that ended a trial, or NoAnswer if a verb that returned None caused it."""
        example, said = self.last, isinstance(error, NotTried | Stale)
        if example is None or said or not isinstance(error, Exception):
            return error
        suite = self.target.suite
        return silence(suite, lambda it: self.claim.check(self.subject(it, example))) or error

    def _check_silence(self) -> None:
        """Fails a trial in which a verb returned None and the claim did not mind."""
        if self.silent is not None:
            verb, self.last = self.silent
            self.error = NoAnswer(self.target.suite, verb)

    def _declared_instead(self, error: BaseException) -> str:
        """What is declared about the example that failed, if it failed in another way."""
        departures = [d for d in self.departures if self.last and d.covers(self.last)]
        if not departures or not isinstance(error, Exception) or isinstance(error, Stale | Blocked):
            return ""
        if isinstance(error, _TELLING):
            return ""
        declared = departures[0]
        part = f" with one of {list(declared.matching)} in its message" if declared.matching else ""
        shown = error.behaviour if isinstance(error, Violation) else type(error).__name__
        return f"; declared for such an example is {declared.shown!r}{part}, and this is {shown!r}"

    def _judge(self) -> tuple[str, str | None]:
        if self.unsupported is not None:
            return UNSUPPORTED, None
        full = self.only is None
        missing = self.seen.missing(self.claim.needs) if full else []
        missing += [] if self.seen.judged else ["an example that says something"]
        declared = bool(self.departures) and full
        verdict, message = judge(
            Observation(self.error, declared, self.seen.departed, missing, self.seen.blocked)
        )
        if message and self.error is not None:
            message += self._declared_instead(self.error)
        # Some messages are complete; for other errors the traceback is needed.
        if message and verdict == ERRORED and self.error and not isinstance(self.error, _TELLING):
            message += _where(self.error)
        return verdict, message


def _holds(made: Attempt) -> bool:
    """Whether the claim applies to the example and holds on it, without a departure."""
    return made.applicable and made.error is None and made.departure is None


def _where(error: BaseException) -> str:
    """The last lines of the traceback, by file name, function and line."""
    frames = [
        (frame.name, File(frame.filename).name, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    # Frames that only pass a verb's call on are left out.
    own = [frame for frame in frames if frame[1] not in ("noting.py", "functools.py")]
    return "".join(f"\n  in {name} ({file}:{line})" for name, file, line in own[-4:])


def _untried_record(entry: Untried) -> str:
    return f"not tested if {entry.condition}: {entry.reason}"


def _departure_record(departure: Departure) -> dict[str, Any]:
    script = departure.reproducer
    versions = ", ".join(f"{package} {wanted}" for package, wanted in departure.versions.items())
    return {
        "behaviour": departure.shown,
        "words": departure.words,
        "where": sorted(departure.where),
        "condition": departure.condition,
        "reason": departure.reason,
        "link": departure.link,
        "versions": versions or "all",
        "smallest": repr(departure.smallest),
        "outline": outline(departure.smallest.architecture),
        "reproducer": script.read_text(encoding="utf-8") if script else None,
        "reproducer_name": script.stem if script else None,
    }
