"""Advice for a framework that is not installed, or not in the version that its suite needs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from paramlaws.suites import targets


def advice(suite: str) -> str:
    """How to get an environment for one of this project's suites: by pip and, in a clone, tox."""
    row = next(each for each in targets.table().of(targets.DEFAULT) if each.suite == suite)
    here = ".".join(map(str, sys.version_info[:2]))
    # There are no wheels of old frameworks for newer interpreters.
    other = row.python not in (None, here)
    python = f", with Python {row.python} (this is {here})" if other else ""
    pip = f"install it with `pip install {shlex.join(row.pins)}`{python}"
    tox = f", or run `tox -e {row.name}`, which has an environment of its own for it"
    return f"{pip}{tox if Path('tox.ini').is_file() else ''}"
