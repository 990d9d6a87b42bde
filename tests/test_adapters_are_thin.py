"""Adapters translate and never compute: their verbs are short, and none of them tidies up."""

from __future__ import annotations

import ast
from importlib.resources import files
from statistics import median

import pytest

from paramlaws.suites.targets import table

#: All but the reference's, whose framework is part of this project.
ADAPTERS = sorted({s.module for s in table().suites.values() if s.name != "reference"})
#: What an adapter would tidy up with: order, duplicates, names, caches.
TIDYING = {"sorted", "sort", "set", "frozenset", "Counter", "fromkeys", "replace", "cache", "sub"}


def _verbs(name: str) -> list[ast.FunctionDef]:
    tree = ast.parse(files("paramlaws.suites").joinpath(f"{name}.py").read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [node for c in classes for node in c.body if isinstance(node, ast.FunctionDef)]


def _lines(verb: ast.FunctionDef) -> int:
    first, last = verb.body[0], verb.body[-1]
    return (last.end_lineno or last.lineno) - first.lineno + 1


@pytest.mark.parametrize("name", ADAPTERS)
def test_verbs_are_short(name: str) -> None:
    """At most four lines at the median, and twelve where a constructor takes many arguments."""
    lengths = {verb.name: _lines(verb) for verb in _verbs(name)}
    assert median(lengths.values()) <= 4
    assert {verb: lines for verb, lines in lengths.items() if lines > 12} == {}


@pytest.mark.parametrize("name", ADAPTERS)
def test_verbs_do_not_tidy(name: str) -> None:
    """None sorts, removes duplicates, renames or caches."""
    nodes = [node for verb in _verbs(name) for node in ast.walk(verb)]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    # An array's `set` gives an element a value.
    used |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr != "set"}
    assert used & TIDYING == set()


def test_only_suites_name_a_framework() -> None:
    """Claims and reports are about all frameworks alike."""
    frameworks = ("torch", "tensorflow", "keras", "jax", "flax", "mxnet")
    for package in (
        "paramlaws.specs",
        "paramlaws.specs.claims",
        "paramlaws.runner",
        "paramlaws.reports",
    ):
        for module in files(package).iterdir():
            if module.name.endswith(".py"):
                text = module.read_text(encoding="utf-8").lower()
                code = ast.unparse(ast.parse(text))
                found = [word for word in frameworks if word in code]
                assert found == [], module.name
