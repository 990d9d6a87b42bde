"""The pytest plugin: options, the grid of claims and suites, and the recording of outcomes.

In a clone, the top-level `conftest.py` loads it; elsewhere `pytest -p paramlaws.suites.plugin
--pyargs paramlaws.specs` does.
"""

from __future__ import annotations

import random
import shlex
import signal
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import settings

from paramlaws.reports.records import ResultsError
from paramlaws.specs.architecture import TIE_CASES
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.verdict import FAILING
from paramlaws.suites import profiles, registry
from paramlaws.suites.knowledge import KnowledgeError
from paramlaws.suites.recorder import Recorder
from paramlaws.suites.target import Target
from paramlaws.suites.trial import Trial

GRID = pytest.StashKey["Grid"]()
#: Seconds that one claim may take on one target, unless `--timeout` says otherwise.
TIME_LIMIT = 1800


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds this project's options."""
    group = parser.getgroup("paramlaws", "conformance of deep-learning frameworks")
    group.addoption(
        "--suite",
        action="append",
        default=[],
        metavar="NAME",
        help=f"run this suite (repeatable): {', '.join(registry.KNOWN)}; default: each one whose "
        "framework imports here",
    )
    group.addoption(
        "--adapter",
        action="append",
        default=[],
        metavar="MODULE:CLASS",
        help="run somebody else's suite as well, or alone without --suite (repeatable)",
    )
    group.addoption(
        "--claim",
        action="append",
        default=[],
        metavar="ID",
        help="run this claim, `tie.*` allowed (repeatable)",
    )
    group.addoption(
        "--case", metavar="NAME", help=f"run this case of the claims: {', '.join(TIE_CASES)}, …"
    )
    group.addoption(
        "--example", metavar="TEXT", help="try the claims on this one example, as a report shows it"
    )
    group.addoption(
        "--results",
        metavar="FILE",
        help="where the records go; default: reports/results/<target>.jsonl (with an existing file "
        "outside of this folder, write --results=FILE)",
    )


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Registers the profiles before Hypothesis looks for the one asked for."""
    profiles.register()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Registers the profiles, and reads the options when a run begins."""
    profiles.register()
    wanted = config.getoption("--hypothesis-profile", None)
    if wanted and wanted not in profiles.EXAMPLES:
        known = ", ".join(profiles.EXAMPLES)
        raise pytest.UsageError(f"--hypothesis-profile {wanted}: unknown; known are {known}")


class Grid:
    """What is to be run: targets, claims, and where the records go."""

    def __init__(self, config: pytest.Config) -> None:
        if hasattr(config, "workerinput"):
            raise pytest.UsageError("pytest-xdist is not supported yet; run without -n")
        self.config = config
        self.not_here: list[str] = []
        self.seed = self._seed()
        self.example = self._example()
        self.claims = self._claims()
        self.targets = self._targets()
        self._check_case()
        self.recorder = Recorder(self)

    def trials(self) -> Iterator[Trial]:
        """Every trial, suite by suite, in the order of the catalogue."""
        case = self.config.getoption("--case")
        for target in self.targets:
            for claim in self.claims:
                for own in claim.cases_on(target.suite):
                    if case is None or own == case:
                        yield Trial(target, claim, own, self.example)

    def _seed(self) -> int | None:
        """The seed asked for, else a new one; None where the profile derandomises."""
        text = self.config.getoption("--hypothesis-seed", None)
        if text is None:
            derandomised = settings.default is not None and settings.default.derandomize
            return None if derandomised else random.getrandbits(32)
        try:
            return int(text)
        except ValueError as error:
            raise pytest.UsageError(f"--hypothesis-seed {text}: it must be an integer") from error

    def _example(self) -> Example | None:
        text = self.config.getoption("--example")
        if text is None:
            return None
        if not self.config.getoption("--claim"):
            raise pytest.UsageError("--example needs --claim: which claim is to be tried on it?")
        try:
            return parse(text)
        except ValueError as error:
            raise pytest.UsageError(f"--example: {error}") from error

    def _claims(self) -> list[Claim]:
        patterns = self.config.getoption("--claim") or ["*"]
        try:
            return CATALOGUE.select(patterns)
        except LookupError as error:
            known = "\n  ".join(claim.id for claim in CATALOGUE)
            message = f"--claim {error}: there is no such claim; there are\n  {known}"
            raise pytest.UsageError(message) from error

    def _check_case(self) -> None:
        """Refuses a case that none of the claims has on any of the targets."""
        case = self.config.getoption("--case")
        known = {own for t in self.targets for c in self.claims for own in c.cases_on(t.suite)}
        if case is not None and case not in known:
            words = ", ".join(sorted(filter(None, known))) or "none, for these claims"
            raise pytest.UsageError(f"--case {case}: unknown; known are {words}")

    def _targets(self) -> list[Target]:
        suites = self.config.getoption("--suite")
        adapters = self.config.getoption("--adapter")
        unknown = [name for name in suites if name not in registry.KNOWN]
        if unknown:
            known = ", ".join(registry.KNOWN)
            raise pytest.UsageError(f"--suite {', '.join(unknown)}: unknown; known are {known}")
        chosen = suites or ([] if adapters else list(registry.KNOWN))
        targets: list[Target] = []
        try:
            for name in dict.fromkeys(chosen):
                try:
                    targets.append(Target.of(registry.load(name), self.seed, f"--suite {name}"))
                except registry.Unavailable as error:
                    if name in suites:
                        raise pytest.UsageError(str(error)) from error
                    self.not_here.append(name)
            for place in dict.fromkeys(adapters):
                suite = registry.load_adapter(place)
                targets.append(Target.of(suite, self.seed, f"--adapter {shlex.quote(place)}"))
        except (registry.AdapterError, registry.Unavailable, KnowledgeError) as error:
            raise pytest.UsageError(str(error)) from error
        for target in targets:
            if [other.id for other in targets].count(target.id) > 1:
                name = target.suite.name
                raise pytest.UsageError(f"two suites are called {name!r}: give one another name")
        return targets


def grid_of(config: pytest.Config) -> Grid:
    """The grid of this run, made when it is first asked for."""
    if GRID not in config.stash:
        config.stash[GRID] = Grid(config)
    return config.stash[GRID]


def pytest_pycollect_makemodule(module_path: File, parent: pytest.Collector) -> Any:
    """Takes the place of the module that stands for the grid."""
    if module_path.samefile(str(files("paramlaws.specs").joinpath("test_conformance.py"))):
        return ClaimModule.from_parent(parent, path=module_path)
    return None


class ClaimModule(pytest.Module):
    """Collects a test for each trial of the grid."""

    def collect(self) -> Iterator[pytest.Item]:
        """Every trial as an item."""
        for trial in grid_of(self.config).trials():
            yield ClaimItem.from_parent(self, name=trial.name, callobj=trial.test, trial=trial)


class ClaimItem(pytest.Function):
    """One claim, in one case, on one target; `obj` is the Hypothesis test."""

    def __init__(self, *, trial: Trial, **rest: Any) -> None:
        super().__init__(**rest)
        self.trial = trial
        if self.config.getoption("timeout", None) is None:
            self.add_marker(pytest.mark.timeout(TIME_LIMIT))

    def runtest(self) -> None:
        """Runs the trial, records it, and passes, skips or fails by its verdict."""
        recorder = grid_of(self.config).recorder
        recorder.started(self.trial)
        record = self.trial.run(TimeUp)
        recorder.record(record)
        if self.trial.unsupported is not None:
            pytest.skip(f"{self.trial.unsupported.reason} ({self.trial.unsupported.link})")
        if record["verdict"] in FAILING:
            raise ClaimFailed(record) from self.trial.error

    def repr_failure(  # type: ignore[override]  # as in pytest.Function
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Any:
        """The record in words; the way there only where the adapter or the harness failed."""
        if not isinstance(excinfo.value, ClaimFailed):
            return super().repr_failure(excinfo)
        record = excinfo.value.record
        lines = [
            f"{self.trial.claim.id} is {record['verdict']} on {record['target']}",
            f"  claim:          {self.trial.claim.statement}",
            f"  observed:       {record['message']}",
            f"  counterexample: {record['counterexample']}",
            f"  seed:           {self.trial.target.seed}",
            f"  show it again:  {record['reproduce']}",
        ]
        return "\n".join(lines)

    def reportinfo(self) -> tuple[File, int | None, str]:
        """Where pytest says that the test is."""
        return self.path, 0, self.name


class TimeUp(BaseException):
    """A claim took longer than it may; no Exception, or Hypothesis would try to make it smaller."""


def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> bool | None:
    """Sets the timer of pytest-timeout so that it ends the trial, and not the whole run."""
    if not (isinstance(item, ClaimItem) and hasattr(signal, "SIGALRM")):
        return None

    def ring(number: int, frame: object) -> None:
        raise TimeUp(f"not done after {settings.timeout:g} seconds")

    def cancel() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    item.cancel_timeout = cancel  # type: ignore[attr-defined]  # where pytest-timeout looks for it
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, settings.timeout)
    return True


class ClaimFailed(AssertionError):
    """A verdict that fails the run, with its record."""

    def __init__(self, record: dict[str, Any]) -> None:
        super().__init__(f"{record['claim']}: {record['verdict']}: {record['message']}")
        self.record = record


def pytest_collection_finish(session: pytest.Session) -> None:
    """Writes what is planned, before anything runs."""
    items = [item for item in session.items if isinstance(item, ClaimItem)]
    if not items or session.config.option.collectonly:
        return
    try:
        grid_of(session.config).recorder.open([item.trial for item in items])
    except ResultsError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ends the records of the targets that were run to the end."""
    if GRID in session.config.stash:
        session.config.stash[GRID].recorder.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in a line per target what the records say."""
    grid = terminalreporter.config.stash.get(GRID, None)
    if grid is None or not grid.recorder.summary():
        return
    terminalreporter.section("conformance", sep="-")
    for line in grid.recorder.summary():
        terminalreporter.line(line)
    if grid.not_here:
        terminalreporter.line(f"not run, framework not here: {', '.join(grid.not_here)}")
