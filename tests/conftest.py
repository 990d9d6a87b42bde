"""Shared means of the project's own tests; where CI runs them, they draw the same each time."""

from __future__ import annotations

import os

import hypothesis
import pytest

pytest_plugins = ["pytester"]
hypothesis.settings.register_profile(
    "tests", max_examples=100, deadline=None, derandomize="CI" in os.environ
)


@pytest.fixture(autouse=True)
def _profile() -> None:
    """The profile of the tests, whatever a run of claims inside a test has loaded."""
    hypothesis.settings.load_profile("tests")
