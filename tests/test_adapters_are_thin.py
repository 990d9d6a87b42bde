"""Adapters translate and never compute: their verbs are short, and none of them tidies up."""

from __future__ import annotations

import ast
import builtins
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from statistics import median

import pytest

from paramlaws.specs.claim import CONVENTION
from paramlaws.specs.claims import CATALOGUE
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


#: Frameworks, wherever in a word; and whole words that only their users say: parts and classes.
FRAMEWORK = re.compile(
    r"torch|tensorflow|keras|jax|flax|mxnet"
    r"|\b(?:gluon|linen|nnx|optax|orbax|sequential|lazylinear|uninitializedparameter|gradienttape)\b",
    re.IGNORECASE,
)
EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b")
#: What Python raises, and what a framework therefore may.
BUILT_IN = {n for n, v in vars(builtins).items() if isinstance(v, type) and n.endswith("Error")}
#: Where claims, running and reporting are, and how they lay out a page and a file.
NEUTRAL = ("specs", "specs.claims", "runner", "reports", "reports.templates")
DATA = (".j2", ".js", ".css", ".json")


def _folder(package: str) -> Traversable:
    top, *inner = package.split(".")
    return files(f"paramlaws.{top}").joinpath(*inner)


def _modules() -> dict[str, ast.Module]:
    found = {}
    for package in NEUTRAL:
        for module in _folder(package).iterdir():
            if module.name.endswith(".py"):
                text = module.read_text(encoding="utf-8")
                found[f"{package}.{module.name}"] = ast.parse(text)
    assert len(found) > 60
    return found


def _texts(tree: ast.Module) -> list[str]:
    """The texts of a module that are data, among them those in f-strings; no docstrings."""
    expressions = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    docstrings = {id(node.value) for node in expressions}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [
        node.value
        for node in constants
        if isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_only_suites_name_a_framework() -> None:
    """Claims and reports are about all frameworks alike: in code, in data and in docstrings."""
    for name, tree in _modules().items():
        assert FRAMEWORK.findall(ast.unparse(tree)) == [], name
    for name in ("building", "declared", "scripts"):
        shared = files("paramlaws.suites").joinpath(f"{name}.py").read_text(encoding="utf-8")
        assert FRAMEWORK.findall(ast.unparse(ast.parse(shared))) == [], name
    for package in NEUTRAL:
        for file in _folder(package).iterdir():
            if file.name.endswith(DATA):
                assert FRAMEWORK.findall(file.read_text(encoding="utf-8")) == [], file.name


def test_only_suites_name_an_exception_in_data() -> None:
    """What a framework raises is declared beside its adapter, with words for the report."""
    assert {"AttributeError", "TypeError", "ValueError"} <= BUILT_IN
    for name, tree in _modules().items():
        found = {match for text in _texts(tree) for match in EXCEPTION.findall(text)}
        assert found & BUILT_IN == set(), name


def test_claims_have_words_for_their_own_behaviours_only() -> None:
    """An open convention may name what it likes but an exception."""
    for claim in CATALOGUE:
        if claim.kind == CONVENTION and claim.behaviours:
            assert claim.words.keys() - set(claim.behaviours) == set(), claim.id
        told = (*claim.words, *claim.words.values(), *claim.faults, *claim.behaviours, claim.topic)
        assert [text for text in told if EXCEPTION.search(text)] == [], claim.id
