"""Each finding's native lines show it, on the framework that is installed here."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import as_file, files
from importlib.util import find_spec

import pytest

from paramlaws.runner import subprocesses
from paramlaws.suites import registry
from paramlaws.suites.knowledge import within
from paramlaws.suites.reference import Reference
from paramlaws.suites.targets import table

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


def _is_here(suite: str, versions: dict[str, str]) -> bool:
    try:
        here = registry.load(suite).versions()
    except registry.Unavailable:
        return False
    return all(within(here.get(package), wanted, suite) for package, wanted in versions.items())


def _imports(script: str) -> set[str]:
    text = files("paramlaws.suites").joinpath("reproducers", script).read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_finding_is_still_there(name: str) -> None:
    """The script, which asserts the finding, ends without an error."""
    missing = [module for module in _imports(name) if find_spec(module) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed here; its own environment runs this script")
    # As in `keras2_...`: a package and its major version.
    package, major = re.findall(r"^([a-z]+)(\d*)_", name)[0]
    if major and version(package).partition(".")[0] != major:
        pytest.skip(f"about {package} {major}, and {version(package)} is here")
    declared = list(_declared(name))
    if declared and not any(_is_here(*entry) for entry in declared):
        pytest.skip(f"about {declared[0][1]}, and another release is here")
    with as_file(files("paramlaws.suites").joinpath("reproducers").joinpath(name)) as script:
        # One process for all of them, which imports the framework once.
        subprocesses.run(Reference(), _show, str(script))


def _show(script: str) -> None:
    runpy.run_path(script, run_name="__main__")
