"""A pytest plugin that measures where the time of each claim goes.

`pytest -p benchmarks.watching --watch FILE` writes a JSON object of `Account`s by target and trial.
With `--watch-calls FILE` it also keeps the calls themselves, for `benchmarks.replaying`.
"""

from __future__ import annotations

import functools
import inspect
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.calls import Tape
from paramlaws.runner import subprocesses
from paramlaws.specs import distributions, reference, values
from paramlaws.specs.suite import Suite

#: The modules that compute right answers, as opposed to the framework and to the harness.
ORACLE = (reference, values, distributions)


@dataclass
class Account:
    """Where the time of one trial went, in seconds.

    total: from its first line to its record.
    framework: inside the suite's verbs, and waiting for them in a subprocess.
    oracle: inside the reference, the choice of values, and the statistical tests.
    examples: how many were checked.
    each: seconds of each example, from its beginning to its end, without drawing it.
    verbs: seconds by verb.
    """

    total: float = 0.0
    framework: float = 0.0
    oracle: float = 0.0
    examples: int = 0
    each: list[float] = field(default_factory=list)
    verbs: dict[str, float] = field(default_factory=dict)


class Clock:
    """Attributes time to the outermost of nested measurements."""

    def __init__(self) -> None:
        self.account = Account()
        self.inside = False

    @contextmanager
    def during(self, kind: str, verb: str) -> Iterator[bool]:
        """Attributes the time inside to `kind`; yields whether this is the outermost."""
        if self.inside:
            yield False
            return
        self.inside = True
        start = time.perf_counter()
        try:
            yield True
        finally:
            spent = time.perf_counter() - start
            setattr(self.account, kind, getattr(self.account, kind) + spent)
            verbs = self.account.verbs
            verbs[verb] = verbs.get(verb, 0.0) + spent
            self.inside = False


class Watched:
    """A suite whose verbs are timed; it is pickled as the original suite."""

    def __init__(self, suite: Suite, clock: Clock, tape: Tape | None) -> None:
        self._suite, self._clock, self._tape = suite, clock, tape

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._suite, name)
        if not inspect.ismethod(found):
            return found

        def verb(*arguments: Any) -> Any:
            with self._clock.during("framework", name) as outermost:
                if self._tape is None or not outermost:
                    return found(*arguments)
                return self._tape.call(name, found, arguments)

        # The next access finds it without coming here.
        self.__dict__[name] = verb
        return verb

    def __reduce__(self) -> Any:
        return _itself, (self._suite,)


def _itself(suite: Suite) -> Suite:
    return suite


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options for the files of accounts and calls."""
    group = parser.getgroup("paramlaws benchmarks")
    group.addoption("--watch", metavar="FILE", help="write where the time of each claim went")
    group.addoption("--watch-calls", metavar="FILE", help="write the calls of the framework, too")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Replaces the suites by watched ones."""
    # Not before: pytest rewrites the assertions of a plugin only if it imports it itself.
    from paramlaws.runner.grid import grid_of
    from paramlaws.runner.items import ClaimItem

    config = session.config
    clock, accounts = Clock(), {}
    tape = Tape() if config.getoption("--watch-calls") else None
    for target in grid_of(config).targets:
        target.suite = Watched(target.suite, clock, tape)  # type: ignore[assignment]
    for module in ORACLE:
        for name, function in vars(module).items():
            if inspect.isfunction(function) and not name.startswith("_"):
                setattr(module, name, _timed(clock, "oracle", name, function))
    subprocesses.run = _in_subprocess(clock, tape, subprocesses.run)
    for item in session.items:
        if isinstance(item, ClaimItem):
            accounts[item.trial.name] = Account()
            _watch(item, clock, accounts[item.trial.name], tape)
    config.stash[_WATCH] = (accounts, tape)


_WATCH = pytest.StashKey[tuple[dict[str, Account], "Tape | None"]]()


def _timed(clock: Clock, kind: str, name: str, function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        with clock.during(kind, name):
            return function(*arguments, **named)

    return timed


def _in_subprocess(clock: Clock, tape: Tape | None, run: Callable[..., Any]) -> Any:
    def timed(*arguments: Any) -> Any:
        with clock.during("framework", "subprocess"):
            return tape.call("subprocess", run, arguments) if tape else run(*arguments)

    return timed


def _watch(item: Any, clock: Clock, account: Account, tape: Tape | None) -> None:
    run, examine = item.trial.run, item.trial.examine

    def watched(*stops: Any) -> Any:
        clock.account = account
        start = time.perf_counter()
        try:
            return run(*stops)
        finally:
            account.total = time.perf_counter() - start
            account.examples = len(item.trial.seen.judged)

    def examined(example: Any) -> None:
        start = time.perf_counter()
        try:
            examine(example)
        finally:
            account.each.append(time.perf_counter() - start)
            if tape is not None:
                tape.end(())

    item.trial.run, item.trial.examine = watched, examined


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes the accounts and the calls."""
    accounts, tape = session.config.stash.get(_WATCH, ({}, None))
    if file := session.config.getoption("--watch"):
        Path(file).write_text(json.dumps({name: asdict(a) for name, a in accounts.items()}))
    if tape is not None:
        tape.write(Path(session.config.getoption("--watch-calls")))
