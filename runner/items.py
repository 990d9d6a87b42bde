"""The tests that pytest runs: one for each trial of the grid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest

from paramlaws.runner.grid import grid_of
from paramlaws.runner.recorder import RECORDER
from paramlaws.runner.stash import PROBLEM
from paramlaws.runner.trial import Trial
from paramlaws.specs.outcome import NotTried
from paramlaws.specs.record import Record, ResultsError
from paramlaws.specs.verdict import FAILING

#: Seconds that one claim may take on one target, unless `--timeout` says otherwise.
TIME_LIMIT = 1800


class ClaimModule(pytest.Module):
    """Collects a test for each trial of the grid."""

    def collect(self) -> Iterator[pytest.Item]:
        """Every trial as an item."""
        try:
            trials = grid_of(self.config).trials()
        except pytest.UsageError as error:
            # Reported once, and outside of collection, whose errors are shown with a traceback.
            self.config.stash[PROBLEM] = str(error)
            return
        for trial in trials:
            yield ClaimItem.from_parent(self, name=trial.name, callobj=trial.test, trial=trial)


class ClaimItem(pytest.Function):
    """One claim, in one case, on one target; `obj` is the Hypothesis test."""

    def __init__(self, *, trial: Trial, **rest: Any) -> None:
        super().__init__(**rest)
        self.trial = trial
        if self.config.getoption("timeout", None) is None:
            self.add_marker(pytest.mark.timeout(TIME_LIMIT))

    def runtest(self) -> None:
        """Runs and records the trial, and passes, skips or fails by its verdict."""
        recorder = self.config.stash[RECORDER]
        recorder.started(self.trial)
        record = self.trial.run(TimeUp)
        try:
            recorder.record(record)
        except ResultsError as error:
            pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
        if self.trial.unsupported is not None:
            reason = f"{self.trial.unsupported.reason} ({self.trial.unsupported.link})"
            if self.trial.only is not None:
                # Whoever asks for one example must not mistake a skip for a pass.
                raise NotTried(f"not tried: {self.name} is declared unsupported: {reason}")
            pytest.skip(f"unsupported: {reason}")
        if record.verdict in FAILING:
            raise ClaimFailed(record) from self.trial.error

    def repr_failure(  # type: ignore[override]  # as in pytest.Function
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Any:
        """The record in words, with a traceback only if the adapter or the harness failed."""
        if isinstance(excinfo.value, NotTried):
            return str(excinfo.value)
        if not isinstance(excinfo.value, ClaimFailed):
            return super().repr_failure(excinfo)
        record = excinfo.value.record
        lines = [
            f"{self.trial.claim.id} is {record.verdict} on {record.target}",
            f"  claim:          {self.trial.claim.statement}",
            f"  observed:       {record.message}",
            f"  counterexample: {record.counterexample}",
            f"  seed:           {self.trial.target.seed}",
            f"  reproduce:      {record.reproduce}",
        ]
        return "\n".join(lines)

    def reportinfo(self) -> tuple[File, int | None, str]:
        """Where pytest says that the test is."""
        return self.path, 0, self.name


class TimeUp(BaseException):
    """A claim took longer than allowed; not an Exception, or Hypothesis would try to shrink it."""


class ClaimFailed(AssertionError):
    """A verdict that fails the run, with its record."""

    def __init__(self, record: Record) -> None:
        super().__init__(f"{record.claim}: {record.verdict}: {record.message}")
        self.record = record
