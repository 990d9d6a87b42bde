"""Shared means of the project's own tests."""

from __future__ import annotations

import hypothesis
import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _few_examples() -> None:
    """The default profile, whatever a run of claims inside a test has loaded."""
    hypothesis.settings.load_profile("default")
