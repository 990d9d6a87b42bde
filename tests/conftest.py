"""Fixtures of the project's own tests, and their profile, which draws the same examples in CI."""

from __future__ import annotations

import os
import sys
from textwrap import dedent
from typing import Any

import hypothesis
import pytest

from tests.running import FAULTY, PLUGIN

pytest_plugins = ["pytester"]
hypothesis.settings.register_profile(
    "tests", max_examples=100, deadline=None, derandomize="CI" in os.environ
)


@pytest.fixture(autouse=True)
def _profile() -> None:
    """Loads the tests' profile, whatever a run of claims inside a test has loaded."""
    hypothesis.settings.load_profile("tests")


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs pytest in a process of its own, in an empty folder that has the faulty adapters."""
    pytester.makepyfile(adapters=dedent(FAULTY))
    monkeypatch.setenv("PYTHONPATH", str(pytester.path), prepend=os.pathsep)
    monkeypatch.delenv("CI", raising=False)
    return lambda *options: pytester.run(sys.executable, "-m", "pytest", *PLUGIN, *options)
