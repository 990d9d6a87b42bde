"""Recording what a run shows, as it goes."""

from __future__ import annotations

from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from paramlaws.reports.records import ResultsError
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.grid import PROBLEM, check_options, grid_of, seed_of
from paramlaws.suites.items import ClaimItem
from paramlaws.suites.plan import Plan, Planned
from paramlaws.suites.progress import ProgressLine, wanted
from paramlaws.suites.recorder import Recorder

RECORDER = pytest.StashKey[Recorder]()
#: Where a worker leaves its plan, among what it is given.
_PLAN = "paramlaws_plan"
#: Whether a worker is the one that will try things in another process.
_OTHER = "paramlaws_other_process"


class Recording:
    """The hooks by which a run is recorded, in the process that was started."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.planned: dict[str, tuple[str, Planned]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Writes what is planned, before anything runs."""
        if not self.config.option.collectonly:
            self.open(plan_of(session))

    def open(self, plan: Plan) -> None:
        """Begins to record; UsageError where there is no place for it."""
        self.planned = {t.name: (p.target["id"], t) for p in plan.targets for t in p.trials}
        if not self.planned:
            return
        self.config.stash[RECORDER] = recorder = Recorder(self.config, plan)
        try:
            recorder.open()
        except ResultsError as error:
            raise pytest.UsageError(str(error)) from error
        if wanted(self.config):
            progress = ProgressLine(self.config)
            self.config.pluginmanager.register(progress, "paramlaws-progress")
            progress.begin(len(self.planned))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Records that a trial begins."""
        if begun := self.planned.get(_name(nodeid)):
            self.config.stash[RECORDER].started(*begun)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Records a verdict."""
        record = getattr(report, "claim_record", None)
        try:
            if record is not None:
                self.config.stash[RECORDER].record(record)
        except ResultsError as error:
            pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)

    def pytest_sessionfinish(self) -> None:
        """Ends the records of the targets that were run to the end."""
        if recorder := self.config.stash.get(RECORDER, None):
            recorder.close()


class ControllerRecording(Recording):
    """The same where pytest-xdist has workers run the trials, which tell what they plan.

    Only they import a framework.
    """

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self.folder = TemporaryDirectory()

    def pytest_sessionstart(self) -> None:
        """Refuses wrong options before there are workers, as far as these can be known."""
        check_options(self.config)

    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker the seed, where to leave its plan, and whether it is the first one."""
        node.workerinput["seed"] = seed_of(self.config)
        node.workerinput[_PLAN] = str(self._file(node))
        scheduled = self.config.getoption("dist") == "load"
        node.workerinput[_OTHER] = scheduled and node.gateway.id == "gw0"

    def pytest_xdist_node_collection_finished(self, node: Any) -> None:
        """Writes what the workers plan, which is the same for all of them."""
        plan = Plan.read(self._file(node))
        if plan.problem:
            raise pytest.UsageError(plan.problem)
        if not self.planned:
            self.open(plan)

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Has one worker run all that another process is needed for, so that one is started."""
        if config.getoption("dist") != "load":
            return None
        from paramlaws.suites.scheduling import Scheduling

        return Scheduling(config, log, self._is_tried_elsewhere)

    def pytest_unconfigure(self) -> None:
        """Removes the plans."""
        self.folder.cleanup()

    def _file(self, node: Any) -> File:
        return File(self.folder.name, node.gateway.id)

    def _is_tried_elsewhere(self, nodeid: str) -> bool:
        begun = self.planned.get(_name(nodeid))
        return begun is not None and CATALOGUE[begun[1].claim].elsewhere


class Planning:
    """The hooks by which a worker tells what it plans."""

    def __init__(self, file: File) -> None:
        self.file = file

    @pytest.hookimpl(tryfirst=True)  # before the worker says that it has collected
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Leaves the plan, or what is wrong with the options."""
        problem = session.config.stash.get(PROBLEM, None)
        plan = Plan(problem=problem) if problem else plan_of(session)
        plan.write(self.file)


def plan_of(session: pytest.Session) -> Plan:
    """What the collected tests try."""
    trials = [item.trial for item in session.items if isinstance(item, ClaimItem)]
    return grid_of(session.config).plan(trials) if trials else Plan()


def needs_other_process(config: pytest.Config) -> bool:
    """Whether this process will try things in another one; of several workers, the first will."""
    worker = getattr(config, "workerinput", None)
    return worker is None or worker[_OTHER]


def register(config: pytest.Config) -> None:
    """Registers what this process has to do for the record."""
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        plugin: object = Planning(File(worker[_PLAN]))
    elif config.getoption("dist", "no") != "no" and config.getoption("tx", None):
        plugin = ControllerRecording(config)
    else:
        plugin = Recording(config)
    config.pluginmanager.register(plugin, "paramlaws-recording")


def _name(nodeid: str) -> str:
    return nodeid.partition("::")[2]
