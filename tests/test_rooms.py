"""Rooms import downwards only, and no two modules import each other."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable

#: What each room may import, besides itself.
BELOW = {
    "specs": set(),
    "suites": {"specs"},
    "runner": {"specs", "suites"},
    "reports": {"specs"},
    "faults": {"specs", "suites", "runner"},
    "commands": {"specs", "suites", "runner", "reports", "faults"},
}
#: What says what is right stands on these alone; the last is the neutral file's format.
FOUNDATIONS = {"numpy", "scipy", "hypothesis", "safetensors"}


def _modules(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "reproducers":
            yield from _modules(entry, f"{name}.{entry.name}")
        elif entry.name.endswith(".py"):
            module = name if entry.name == "__init__.py" else f"{name}.{entry.name[:-3]}"
            yield module, entry.read_text(encoding="utf-8")


MODULES = {
    module: text
    for room in BELOW
    for module, text in _modules(files(f"paramlaws.{room}"), f"paramlaws.{room}")
}


def _imported(text: str) -> Iterator[str]:
    """Every module that is imported, for the types alone too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in names)


def test_no_room_imports_upwards() -> None:
    """Reports are made where no framework and no runner is; what is right knows of neither."""
    for module, text in MODULES.items():
        room = module.split(".")[1]
        found = {name.split(".")[1] for name in _imported(text) if name.startswith("paramlaws.")}
        assert found - {room} <= BELOW[room], module


def test_no_modules_import_each_other() -> None:
    """So each can be read before what builds on it."""
    graph = {
        module: {name for name in _imported(text) if name in MODULES and name != module}
        for module, text in MODULES.items()
    }
    TopologicalSorter(graph).prepare()


def test_what_is_right_stands_on_little() -> None:
    """No framework, no process and no test runner is needed to read or to import it."""
    for module, text in MODULES.items():
        # Where pytest finds the claims is for pytest alone.
        if module.startswith("paramlaws.specs") and module != "paramlaws.specs.test_conformance":
            roots = {name.split(".")[0] for name in _imported(text)}
            ours = roots - sys.stdlib_module_names - FOUNDATIONS - {"paramlaws"}
            assert ours == set(), module
