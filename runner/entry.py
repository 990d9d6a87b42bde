"""The entry point that pytest loads wherever this package is installed.

It loads the plugin only if the command line names the claims: the plugin's options have common
names, such as `--suite`, which somebody else's `conftest.py` may define for another purpose.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

#: What the command line names, as in `pytest --pyargs paramlaws.specs`.
CLAIMS = "paramlaws.specs"


def pytest_load_initial_conftests(early_config: pytest.Config, args: Sequence[str]) -> None:
    """Loads the plugin if the arguments name the claims."""
    if any(arg.partition("::")[0] == CLAIMS for arg in args):
        early_config.pluginmanager.import_plugin("paramlaws.runner.plugin")
