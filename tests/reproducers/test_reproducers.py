"""Each finding's native lines show it, on the framework that is installed here."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import as_file, files

import pytest

from paramlaws.runner import subprocesses
from paramlaws.suites.reference import Reference
from paramlaws.suites.targets import table
from tests.reproducers.installed import is_here, missing_import

SCRIPTS = sorted(
    script.name
    for script in files("paramlaws.suites").joinpath("reproducers").iterdir()
    if script.name.endswith(".py")
)


def _declared(script: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The suites of which it is declared to show something, and the versions that do."""
    for suite in table().suites.values():
        known = files("paramlaws.suites").joinpath(f"{suite.module}.toml")
        for entry in tomllib.loads(known.read_text(encoding="utf-8")).get("departures", []):
            if entry.get("reproducer") == script:
                yield suite.name, entry["versions"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_finding_is_still_there(name: str) -> None:
    """The script, which asserts the finding, ends without an error."""
    source = files("paramlaws.suites").joinpath("reproducers", name).read_text(encoding="utf-8")
    if missing := missing_import(source):
        pytest.skip(f"{missing} is not installed here; its own environment runs this script")
    # As in `keras2_...`: a package and its major version.
    package, major = re.findall(r"^([a-z]+)(\d*)_", name)[0]
    if major and version(package).partition(".")[0] != major:
        pytest.skip(f"about {package} {major}, and {version(package)} is here")
    declared = list(_declared(name))
    if declared and not any(is_here(*entry) for entry in declared):
        pytest.skip(f"about {declared[0][1]}, and another release is here")
    with as_file(files("paramlaws.suites").joinpath("reproducers").joinpath(name)) as script:
        # One process for all of them, which imports the framework once.
        subprocesses.run(Reference(), _show, str(script))


def _show(script: str) -> None:
    runpy.run_path(script, run_name="__main__")
