"""Which process of a run records what: one alone all of it, several each its own part."""

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

#: What a worker tells the process that started it, at its end.
_PROBLEM, _NOT_HERE = "paramlaws_problem", "paramlaws_not_here"


class Running:
    """The hooks of a process that runs trials, alone or as a worker."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Writes what is planned, before anything runs.

        Refuses the run where the options are wrong or there is no place to write to.
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
        """Ends the run before it begins: pytest prints the message of a UsageError alone."""
        raise pytest.UsageError(message)

    def pytest_sessionfinish(self) -> None:
        """Ends what is recorded."""
        if recorder := self.config.stash.get(RECORDER, None):
            recorder.close()


class Recording(Running):
    """The hooks of a process that runs all trials alone."""

    def pytest_sessionstart(self) -> None:
        """Refuses wrong options at once, as far as these can be known without a framework."""
        check_options(self.config)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:  # type: ignore[override]
        """Ends what is recorded, and fails where something failed that no test has shown."""
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
    """The same in a worker of pytest-xdist, which tells its controller what is wrong."""

    def refuse(self, message: str) -> None:
        """Leaves the message to be told; nothing is run."""
        self.config.stash[PROBLEM] = message

    @pytest.hookimpl(tryfirst=True)  # before the worker says that it has ended
    def pytest_sessionfinish(self) -> None:
        """Ends what is recorded, and tells what is wrong and what is not installed here."""
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
        """Refuses wrong options before there are workers, as far as these can be known.

        What an earlier run has left in parts is put together first.
        """
        check_options(self.config)
        self._unite()

    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker the seed of the run."""
        node.workerinput["seed"] = seed_of(self.config)

    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """Shows how far the run is, once it is known how much there is."""
        if wanted(self.config) and ids and not self.begun:
            self.begun = True
            show_progress(self.config, len(ids))

    def pytest_testnodedown(self, node: Any) -> None:
        """Hears what a worker tells at its end; one that died tells nothing."""
        told = getattr(node, "workeroutput", {})
        if problem := told.get(_PROBLEM):
            self.problems.append(problem)
        self.not_here = self.not_here or told.get(_NOT_HERE, [])

    @pytest.hookimpl(trylast=True)  # once all workers have ended
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Puts together what the workers have recorded."""
        self.lines = self._unite()
        fail_if_hidden(session, self.lines)
        if self.problems:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Says in a line per target what the records say, or why nothing was run."""
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
    """Shows a line about how far the run is."""
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
        terminal.line(f"not run, framework not here: {', '.join(not_here)}")


def register(config: pytest.Config) -> None:
    """Registers what this process has to do for the record."""
    if hasattr(config, "workerinput"):
        plugin: object = WorkerRecording(config)
    elif config.getoption("dist", "no") != "no" and config.getoption("tx", None):
        plugin = ControllerRecording(config)
        if config.option.maxworkerrestart is None:
            # Each worker that dies takes the test with it that it was at, so that there is an end.
            config.option.maxworkerrestart = sys.maxsize
    else:
        plugin = Recording(config)
    config.pluginmanager.register(plugin, "paramlaws-recording")
