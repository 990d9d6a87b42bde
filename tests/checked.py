"""Digests of what claims check: of a claim's code, the code that it uses, and what it draws.

`python -m tests.checked` records the current digests.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE

FILE = Path(__file__).with_name("checked.json")
#: Types of globals and options that are included by their `repr`.
_PLAIN = (bool, int, float, str, tuple, frozenset, type(None))


def digest(claim: Claim) -> str:
    """A digest that changes with what is checked, and not with wording and comments."""
    parts = [
        repr(getattr(claim, name))
        for name in ("id", "kind", "needs", "behaviours", "ways", "ties", "variants", "edges")
    ]
    for function in (claim.check, claim.draw):
        parts += sorted(_code(function, {}, set()).items())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _code(
    function: Callable[..., Any] | None, found: dict[str, str], seen: set[CodeType]
) -> dict[str, str]:
    """The code of a function of `specs` and of what it uses there, by name, without docstrings."""
    function = inspect.unwrap(getattr(function, "hypothesis_inner", function))
    if not isinstance(function, FunctionType) or function.__code__ in seen:
        return found
    seen.add(function.__code__)
    name = f"{function.__module__}.{function.__qualname__}"
    ours = "specs" in Path(function.__code__.co_filename).parts
    options = inspect.getclosurevars(function).nonlocals.values()
    for option in options:
        if isinstance(option, FunctionType):
            _code(option, found, seen)
    if not ours:  # A decorator's: what it was made from counts.
        return found
    found[name] = repr([option for option in options if isinstance(option, (*_PLAIN, dict))])
    if function.__name__ == "<lambda>":
        # Its source cannot be separated from the line that it is in.
        for owner in inspect.getclosurevars(function).globals.values():
            for attribute in function.__code__.co_names:
                _code(getattr(owner, attribute, None), found, seen)
        return found
    tree = _tree(function)
    found[name] += ast.unparse(tree)
    for used, value in _used(tree, function.__globals__):
        inside = getattr(value, "__module__", "").startswith("paramlaws.specs")
        if isinstance(value, FunctionType) and inside:
            _code(value, found, seen)
        elif isinstance(value, _PLAIN):
            found[f"{function.__module__}.{used}"] = repr(value)
    return found


def _tree(function: FunctionType) -> ast.AST:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return tree


def _used(tree: ast.AST, names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The globals that are used, with attributes of modules, and their values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            yield node.id, names[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            if isinstance(owner, ModuleType):
                yield f"{node.value.id}.{node.attr}", getattr(owner, node.attr, None)


def now() -> dict[str, dict[str, Any]]:
    """The current revision and digest of each claim, by id."""
    return {c.id: {"revision": c.revision, "digest": digest(c)} for c in CATALOGUE}


if __name__ == "__main__":
    FILE.write_text(json.dumps(now(), indent=1) + "\n", encoding="utf-8")
