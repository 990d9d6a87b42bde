"""The hooks that record a run, in one process or in a controller and its workers."""

from __future__ import annotations

import sys
from pathlib import Path as File
from typing import Any

import pytest

from paramlaws.runner.grid import check_options, seed_of
from paramlaws.runner.items import ClaimItem
from paramlaws.runner.journal import files_in_parts, unite
from paramlaws.runner.progress import ProgressLine, wanted
from paramlaws.runner.recorder import RECORDER, Recorder, hidden, results_folder, summary
from paramlaws.runner.stash import NOT_HERE, PROBLEM
from paramlaws.specs.record import ResultsError

#: The keys under which a worker reports to its controller when it ends.
_PROBLEM, _NOT_HERE = "paramlaws_problem", "paramlaws_not_here"


class Running:
    """The hooks of a process that runs trials, alone or as a worker."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Records what is planned before anything runs.

        Refuses the run if the options are wrong or the results cannot be written.
        """
        if problem := self.config.stash.get(PROBLEM, None):
            self.refuse(problem)
            return
        trials = [item.trial for item in session.items if isinstance(item, ClaimItem)]
        if self.config.option.collectonly or not trials:
            return
        recorder = Recorder(self.config, trials)
        try:
            recorder.open()
        except ResultsError as error:
            self.refuse(str(error))
            session.items.clear()
            return
        self.config.stash[RECORDER] = recorder
        if wanted(self.config):
            show_progress(self.config, len(trials))

    def refuse(self, message: str) -> None:
        """Ends the run before it begins; pytest prints only the message of a UsageError."""
        raise pytest.UsageError(message)

    def pytest_sessionfinish(self) -> None:
        """Ends what is recorded."""
        if recorder := self.config.stash.get(RECORDER, None):
            recorder.close()


class Recording(Running):
    """The hooks of a process that runs all trials alone."""

    def pytest_sessionstart(self) -> None:
        """Refuses options that can be found wrong without importing a framework."""
        check_options(self.config)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:  # type: ignore[override]
        """Ends the records, and fails the run if something failed that no test has shown."""
        super().pytest_sessionfinish()
        if recorder := self.config.stash.get(RECORDER, None):
            fail_if_hidden(session, recorder.lines)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Says in a line per target what the records say."""
        recorder = self.config.stash.get(RECORDER, None)
        if recorder is not None:
            not_here = self.config.stash.setdefault(NOT_HERE, [])
            say(terminalreporter, recorder.lines, not_here)


class WorkerRecording(Running):
    """The hooks of a worker of pytest-xdist, which reports problems to its controller."""

    def refuse(self, message: str) -> None:
        """Keeps the message for the controller and runs nothing."""
        self.config.stash[PROBLEM] = message

    @pytest.hookimpl(tryfirst=True)  # before the worker says that it has ended
    def pytest_sessionfinish(self) -> None:
        """Ends the records, and reports the problem and the frameworks that are not installed."""
        super().pytest_sessionfinish()
        output: dict[str, Any] = self.config.workeroutput  # type: ignore[attr-defined]
        output[_PROBLEM] = self.config.stash.get(PROBLEM, None)
        output[_NOT_HERE] = self.config.stash.setdefault(NOT_HERE, [])


class ControllerRecording:
    """The hooks of the process that starts workers; it imports no framework."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.problems: list[str] = []
        self.not_here: list[str] = []
        self.lines: list[dict[str, Any]] = []
        self.begun = False

    def pytest_sessionstart(self) -> None:
        """Refuses options that can be found wrong before workers start.

        Merges first what an earlier run has left in parts.
        """
        check_options(self.config)
        self._unite()

    def pytest_configure_node(self, node: Any) -> None:
        """Passes the seed of the run to a worker."""
        node.workerinput["seed"] = seed_of(self.config)

    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """Shows the progress line once the number of trials is known."""
        if wanted(self.config) and ids and not self.begun:
            self.begun = True
            show_progress(self.config, len(ids))

    def pytest_testnodedown(self, node: Any) -> None:
        """Collects a worker's report at its end; one that died has none."""
        told = getattr(node, "workeroutput", {})
        if problem := told.get(_PROBLEM):
            self.problems.append(problem)
        self.not_here = self.not_here or told.get(_NOT_HERE, [])

    @pytest.hookimpl(trylast=True)  # once all workers have ended
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Merges the records of the workers."""
        self.lines = self._unite()
        fail_if_hidden(session, self.lines)
        if self.problems:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Prints a line per target with its verdicts, or why nothing was run."""
        if self.problems:
            terminalreporter.line(f"ERROR: {self.problems[0]}", red=True)
        elif self.lines:
            say(terminalreporter, self.lines, self.not_here)

    def _unite(self) -> list[dict[str, Any]]:
        where = self.config.getoption("--results")
        try:
            files = [File(where)] if where else files_in_parts(results_folder(self.config))
            return [line for file in files for line in unite(file)]
        except ResultsError as error:
            self.problems.append(str(error))
            return []


def show_progress(config: pytest.Config, total: int) -> None:
    """Shows the progress line, if it is wanted."""
    progress = ProgressLine(config)
    config.pluginmanager.register(progress, "paramlaws-progress")
    progress.begin(total)


def fail_if_hidden(session: pytest.Session, records: list[dict[str, Any]]) -> None:
    """Fails a run in which a claim failed only on an example of another one."""
    if hidden(records) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def say(
    terminal: pytest.TerminalReporter, records: list[dict[str, Any]], not_here: list[str]
) -> None:
    """Writes the section about conformance at the end of a run."""
    terminal.section("conformance", sep="-")
    for words in hidden(records):
        terminal.line(words, red=True)
    for line in summary(records):
        terminal.line(line)
    if not_here:
        terminal.line(f"not run, framework not installed: {', '.join(not_here)}")


def register(config: pytest.Config) -> None:
    """Registers the hooks with which this process records the run."""
    if hasattr(config, "workerinput"):
        plugin: object = WorkerRecording(config)
    elif config.getoption("dist", "no") != "no" and config.getoption("tx", None):
        plugin = ControllerRecording(config)
        if config.option.maxworkerrestart is None:
            # Each worker that dies takes the test that it was running along, so this ends.
            config.option.maxworkerrestart = sys.maxsize
    else:
        plugin = Recording(config)
    config.pluginmanager.register(plugin, "paramlaws-recording")
