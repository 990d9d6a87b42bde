"""A progress line on terminals: how far a run is, and how long it will take."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class ProgressLine:
    """A line below pytest's output with the checks that are done and the time remaining."""

    def __init__(self, config: pytest.Config) -> None:
        writer = config.get_terminal_writer()
        # What tests print is captured; the terminal itself is where pytest writes.
        console = Console(file=writer._file, force_terminal=True)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(elapsed_when_finished=False),
            console=console,
            transient=True,
            # No refresh thread: frameworks may fork.
            auto_refresh=False,
        )
        self.task: Any = None

    def begin(self, total: int) -> None:
        """Shows the line, for this many checks."""
        self.task = self.progress.add_task("", total=total)
        self.progress.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Shows the name of the check that starts."""
        self._show(description=nodeid.partition("::")[2])

    def pytest_runtest_logfinish(self) -> None:
        """Counts the check that ended."""
        self._show(advance=1)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> Any:
        """Suppresses the letter for each test, which would break the line; failures come last."""
        if report.when == "call" or report.outcome == "skipped":
            return report.outcome, "", report.outcome.upper()
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Removes the line."""
        self.progress.stop()

    def _show(self, **changes: Any) -> None:
        if self.task is not None:
            self.progress.update(self.task, **changes)
            self.progress.refresh()


def wanted(config: pytest.Config) -> bool:
    """Whether output goes to a terminal at pytest's usual verbosity."""
    worker = hasattr(config, "workerinput")
    return (
        not worker
        and config.option.verbose == 0
        and not config.option.collectonly
        and config.option.capture != "no"
        and config.get_terminal_writer()._file.isatty()
    )
