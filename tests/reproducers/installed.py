"""Whether the packages of scripts and declarations are installed here."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib.util import find_spec

from paramlaws.suites import registry
from paramlaws.suites.knowledge import within


def missing_import(source: str) -> str | None:
    """The first package that the source imports and that is not installed here, if there is one."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    packages = sorted({name.partition(".")[0] for name in names})
    return next((package for package in packages if find_spec(package) is None), None)


def is_here(suite: str, versions: Mapping[str, str]) -> bool:
    """Whether a suite's framework is here, in these versions."""
    try:
        here = registry.load(suite).versions()
    except registry.Unavailable:
        return False
    return all(within(here.get(package), wanted, suite) for package, wanted in versions.items())
