"""The module in whose place the plugin collects the grid of claims and suites."""

import pytest


def test_the_plugin_is_loaded() -> None:
    """Collected, and failing, only where the plugin is not."""
    pytest.fail("the claims need their plugin: pytest --pyargs paramlaws.specs", pytrace=False)
