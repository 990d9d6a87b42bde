"""Checking what a suite declares about itself, when it is loaded."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from paramlaws.specs.architecture import ROLES, Activation, Architecture, Block, Dense
from paramlaws.specs.example import Example
from paramlaws.specs.naming import Naming
from paramlaws.specs.nearest import nearest
from paramlaws.specs.spelling import Spelling
from paramlaws.specs.suite import VERBS, VERBS_WITH_WAYS, Suite
from paramlaws.suites.scripts import script

#: What a spelling is tried on.
_SPELLED = Architecture(2, (Block((Dense(1, activation="relu"),)), Activation(), Dense(2, False)))


class AdapterError(Exception):
    """What was given as an adapter is none; the message says why and what to do."""


def check(suite: Suite) -> None:
    """Raises AdapterError for the first declaration of a suite that cannot be meant as it stands.

    `ways`, `refusals`, `whole`, `roles`, `naming`, `requires`, `sizes` and `spelling` are looked
    at, and what `versions()` gives.
    """
    kind = type(suite)
    _check_ways(kind)
    _check_refusals(kind)
    for way in _texts(kind, "whole", kind.whole):
        if way not in kind.ways.get("save", ()):
            raise _error(kind, f"whole: {way!r}", nearest(way, kind.ways.get("save", ())))
    _check_names(kind)
    versions = suite.versions()
    if not isinstance(versions, Mapping) or not versions or not _all_text(versions):
        raise _error(kind, f"versions() gives {versions!r}", "it must map packages to versions")
    for package in kind.requires:
        if package not in versions:
            raise _error(kind, f"requires: {package!r}", nearest(package, versions))
    if kind.sizes is not None and not (isinstance(kind.sizes, int) and kind.sizes >= 2):
        raise _error(kind, f"sizes = {kind.sizes!r}", "it must be None or a number of at least 2")
    _check_spelling(kind)


def _check_ways(kind: type[Suite]) -> None:
    for verb, ways in _mapping(kind, "ways", kind.ways).items():
        if verb not in VERBS_WITH_WAYS:
            raise _error(kind, f"ways: {verb!r}", nearest(verb, VERBS_WITH_WAYS))
        for way in _texts(kind, f"ways[{verb!r}]", ways):
            if "," in way:
                raise _error(kind, f"ways[{verb!r}]: {way!r}", "a way's name has no comma")


def _check_refusals(kind: type[Suite]) -> None:
    for verb, exceptions in _mapping(kind, "refusals", kind.refusals).items():
        known = VERBS | {f"{v}[{way}]" for v, ways in kind.ways.items() for way in ways}
        if verb not in known:
            raise _error(kind, f"refusals: {verb!r}", nearest(verb, known))
        if not isinstance(exceptions, tuple) or not all(
            isinstance(each, type) and issubclass(each, Exception) for each in exceptions
        ):
            what = f"refusals[{verb!r}] = {exceptions!r}"
            raise _error(kind, what, "it must be a tuple of exception classes")


def _check_names(kind: type[Suite]) -> None:
    roles = _mapping(kind, "roles", kind.roles)
    for role in (*roles, *ROLES):
        if role not in ROLES:
            raise _error(kind, f"roles: {role!r}", nearest(role, ROLES))
        if not isinstance(roles.get(role), str):
            raise _error(kind, f"roles = {roles!r}", f"it must name the layer's {role}")
    naming: Any = kind.naming
    if not isinstance(naming, Naming | None):
        raise _error(kind, f"naming = {naming!r}", "it must be a Naming or None")


def _check_spelling(kind: type[Suite]) -> None:
    spelling: Any = kind.spelling
    if spelling is None:
        return
    if not isinstance(spelling, Spelling):
        what = f"spelling = {spelling!r}"
        raise _error(kind, what, "it must be None or a paramlaws.specs.spelling.Spelling")
    for lazy in (False, True):
        example = Example(_SPELLED.with_lazy(lazy))
        try:
            ast.parse(str(script(spelling, example)))
        except Exception as error:
            what = f"a spelling that makes no Python of {example!r} ({error})"
            raise _error(kind, what, "mend it, or declare None") from error


def _mapping(kind: type[Suite], name: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _error(kind, f"{name} = {given!r}", "it must be a mapping from verbs")
    return given


def _texts(kind: type[Suite], name: str, given: Any) -> tuple[str, ...]:
    """The texts of a tuple; a text alone would be taken for a tuple of its letters."""
    if not isinstance(given, tuple) or not all(isinstance(each, str) for each in given):
        hint = f"write ({given!r},)" if isinstance(given, str) else "it must be a tuple of texts"
        raise _error(kind, f"{name} = {given!r}", hint)
    return given


def _all_text(given: Mapping[Any, Any]) -> bool:
    return all(isinstance(each, str) for pair in given.items() for each in pair)


def _error(kind: type[Suite], what: str, hint: str) -> AdapterError:
    return AdapterError(f"{kind.__module__}:{kind.__qualname__} declares {what}; {hint}")
