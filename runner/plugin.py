"""The pytest plugin: its options and hooks.

In a clone, the top-level `conftest.py` loads it; otherwise `pytest --pyargs paramlaws.specs` does
(`runner.entry`).
"""

from __future__ import annotations

import gc
import signal
from importlib.resources import files
from pathlib import Path as File
from typing import Any

import pytest

from paramlaws.runner import profiles, recording, subprocesses
from paramlaws.runner.items import ClaimItem, ClaimModule, TimeUp
from paramlaws.specs.architecture import TIE_CASES
from paramlaws.suites import registry


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
        "--case",
        metavar="NAME",
        help=f"run only this case of the claims: {', '.join(TIE_CASES)}, …",
    )
    group.addoption(
        "--example", metavar="TEXT", help="try the claims on this one example, as a report shows it"
    )
    group.addoption(
        "--example-database",
        metavar="PLACE",
        help="keep failing examples in this folder or on this Redis server (redis://HOST), and try "
        "those first",
    )
    group.addoption(
        "--results",
        metavar="FILE",
        help="the file for the records; default: reports/results/<target>.jsonl (for an existing "
        "file outside of this folder, write --results=FILE)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Registers the profiles, and reads the options when a run begins."""
    profiles.register(_database(config))
    wanted = config.getoption("--hypothesis-profile", None)
    if wanted and wanted not in profiles.EXAMPLES:
        known = ", ".join(profiles.EXAMPLES)
        raise pytest.UsageError(f"--hypothesis-profile {wanted}: unknown; known are {known}")
    recording.register(config)


def _database(config: pytest.Config) -> Any:
    place = config.getoption("--example-database", None)
    try:
        return profiles.database(place) if place else None
    except profiles.NoDatabase as error:
        raise pytest.UsageError(f"--example-database {place}: {error}") from error


def pytest_pycollect_makemodule(module_path: File, parent: pytest.Collector) -> Any:
    """Collects the grid in place of `specs/test_conformance.py`."""
    if module_path.samefile(str(files("paramlaws.specs").joinpath("test_conformance.py"))):
        return ClaimModule.from_parent(parent, path=module_path)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Starts the subprocess early, since importing the framework there takes time."""
    trials = [item.trial for item in session.items if isinstance(item, ClaimItem)]
    tried = [t.target.suite for t in trials if t.claim.in_subprocess and t.unsupported is None]
    # Workers start theirs on demand: not every one gets a claim that needs a subprocess.
    if not session.config.option.collectonly and not hasattr(session.config, "workerinput"):
        for suite in {id(suite): suite for suite in tried}.values():
            subprocesses.prepare(suite)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Exempts the remaining networks from garbage collection if nothing but claims was tried.

    Otherwise pytest and Python would search them for garbage three times.
    """
    items = getattr(session, "items", [])
    if items and all(isinstance(item, ClaimItem) for item in items):
        gc.freeze()


def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> bool | None:
    """Makes the timer of pytest-timeout end the trial instead of the whole run."""
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
