"""Recording what a run shows, as it goes.

Where pytest-xdist has workers run the trials, its controller records what they report.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import pytest

from paramlaws.reports.records import ResultsError
from paramlaws.suites.grid import GRID, grid_of, seed_of
from paramlaws.suites.items import ClaimItem
from paramlaws.suites.trial import Trial


class Recording:
    """The hooks by which a run is recorded, in the process that does so."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.trials: dict[str, Trial] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Writes what is planned, before anything runs."""
        if not self.config.option.collectonly:
            self._open(item.trial for item in session.items if isinstance(item, ClaimItem))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Records that a trial begins."""
        if trial := self.trials.get(_name(nodeid)):
            grid_of(self.config).recorder.started(trial)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Records a verdict."""
        record = getattr(report, "claim_record", None)
        try:
            if record is not None:
                grid_of(self.config).recorder.record(record)
        except ResultsError as error:
            pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)

    def pytest_sessionfinish(self) -> None:
        """Ends the records of the targets that were run to the end."""
        if GRID in self.config.stash:
            self.config.stash[GRID].recorder.close()

    # -- as the controller of workers -----------------------------------------------------------
    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Gives a worker the seed."""
        node.workerinput["seed"] = seed_of(self.config)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        """Refuses wrong options once, rather than in each worker."""
        if self.config.pluginmanager.hasplugin("dsession"):
            grid_of(self.config)
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Writes what the workers plan, which is the same for all of them."""
        chosen = {_name(nodeid) for nodeid in ids}
        if not self.trials:
            self._open(trial for trial in grid_of(self.config).trials() if trial.name in chosen)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Has one worker run all that another process is needed for, so that one is started."""
        if config.getoption("dist") != "load":
            return None
        from paramlaws.suites.scheduling import Scheduling

        return Scheduling(config, log, self._is_tried_elsewhere)

    def _is_tried_elsewhere(self, nodeid: str) -> bool:
        trial = self.trials.get(_name(nodeid))
        return trial is not None and trial.claim.elsewhere

    def _open(self, trials: Iterable[Trial]) -> None:
        self.trials = {trial.name: trial for trial in trials}
        try:
            if self.trials:
                grid_of(self.config).recorder.open(list(self.trials.values()))
        except ResultsError as error:
            raise pytest.UsageError(str(error)) from error


def _name(nodeid: str) -> str:
    return nodeid.partition("::")[2]
