"""Checking what a suite declares about itself, when it is loaded."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paramlaws.specs.architecture import ROLES, Activation, Architecture, Block, Dense
from paramlaws.specs.example import Example
from paramlaws.specs.naming import Naming
from paramlaws.specs.nearest import alike, nearest
from paramlaws.specs.spelling import Spelling
from paramlaws.specs.suite import VERBS, VERBS_WITH_WAYS, Suite
from paramlaws.suites.raised import said
from paramlaws.suites.scripts import script

#: The network on which a spelling is tested.
_SPELLED = Architecture(2, (Block((Dense(1, activation="relu"),)), Activation(), Dense(2, False)))


#: The least similarity at which a name counts as a mistyped verb.
_ALIKE = 0.8
_EXCEPTIONS = "it must be a tuple of exception classes, as in (ValueError,)"


class AdapterError(Exception):
    """An adapter is invalid; the message says why and what to do."""


def check(suite: Suite) -> None:
    """Raises AdapterError for the first invalid declaration of a suite.

    Checks `ways`, `refusals`, `whole`, `roles`, `naming`, `requires`, `sizes`, `knowledge`,
    `spelling` and the result of `versions()`, and looks for mistyped names of verbs.
    """
    kind = type(suite)
    _check_spelled(kind)
    _check_arguments(suite)
    versions = _versions(suite)
    _check_ways(kind)
    _check_refusals(kind)
    for way in _texts(kind, "whole", kind.whole):
        if way not in kind.ways.get("save", ()):
            raise _error(kind, f"whole: {way!r}", nearest(way, kind.ways.get("save", ())))
    _check_names(kind)
    for package in kind.requires:
        if package not in versions:
            raise _error(kind, f"requires: {package!r}", nearest(package, versions))
    if kind.sizes is not None and not (isinstance(kind.sizes, int) and kind.sizes >= 2):
        raise _error(kind, f"sizes = {kind.sizes!r}", "it must be None or a number of at least 2")
    knowledge: Any = kind.knowledge
    if not isinstance(knowledge, Path | None):
        hint = f"write Path(__file__).with_name({Path(str(knowledge)).name!r})"
        raise _error(kind, f"knowledge = {knowledge!r}", hint)
    _check_spelling(kind)


def _check_spelled(kind: type[Suite]) -> None:
    """Refuses an attribute whose name looks like a mistyped verb or declaration.

    If the class also has the attribute that it resembles, as `layers` resembles `layer`, it is
    meant.
    """
    known = {name for name in (*vars(Suite), *Suite.__annotations__) if not name.startswith("_")}
    for each in kind.__mro__[: kind.__mro__.index(Suite)]:
        own = {name for name in vars(each) if not name.startswith("_")}
        for name in sorted(own - known):
            for meant in alike(name, known - own, _ALIKE):
                hint = f"did you mean {meant!r}? If not, begin its name with an underscore"
                raise _error(each, f"{name!r}, for which no claim asks", hint)


def _check_arguments(suite: Suite) -> None:
    """Refuses a verb whose signature does not accept the arguments of claims, by position."""
    kind = type(suite)
    for verb in sorted(VERBS):
        found: Any = getattr(suite, verb)
        if not callable(found):
            raise _error(kind, f"{verb} = {found!r}", "it must be a method")
        _, *wanted = inspect.signature(getattr(Suite, verb)).parameters
        signature = inspect.signature(found)
        try:
            signature.bind(*wanted)
        except TypeError as error:
            own = ", ".join(signature.parameters)
            hint = f"it is called with ({', '.join(wanted)})"
            raise _error(kind, f"{verb}({own})", hint) from error


def _versions(suite: Suite) -> Mapping[str, str]:
    kind = type(suite)
    try:
        versions: Any = suite.versions()
    except Exception as error:
        place = f"{kind.__module__}:{kind.__qualname__}"
        raise AdapterError(f"{place}: versions() fails: {said(error)}") from error
    if isinstance(versions, Mapping) and versions and _all_text(versions):
        return versions
    raise _returned(
        kind,
        versions,
        f"it must return a mapping from packages to versions, as in {{{kind.name!r}: '1.0'}}",
    )


def _check_ways(kind: type[Suite]) -> None:
    for verb, ways in _mapping(kind, "ways", kind.ways).items():
        if verb not in VERBS_WITH_WAYS:
            raise _error(kind, f"ways: {verb!r}", nearest(str(verb), VERBS_WITH_WAYS))
        if not _texts(kind, f"ways[{verb!r}]", ways):
            raise _error(kind, f"ways[{verb!r}] = ()", f"name a way, or leave {verb!r} out")
        for way in ways:
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
            what = f"refusals[{verb!r}] = {_shown(exceptions)}"
            alone = isinstance(exceptions, type) and issubclass(exceptions, Exception)
            hint = f"write ({exceptions.__name__},)" if alone else _EXCEPTIONS
            raise _error(kind, what, hint)


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
            what = f"a spelling that makes invalid Python of {example!r} ({error})"
            raise _error(kind, what, "correct it, or declare None") from error


def _mapping(kind: type[Suite], name: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _error(kind, f"{name} = {given!r}", "it must be a mapping from verbs")
    return given


def _texts(kind: type[Suite], name: str, given: Any) -> tuple[str, ...]:
    """The strings of a tuple; refuses a bare string, which would count as a tuple of letters."""
    if not isinstance(given, tuple) or not all(isinstance(each, str) for each in given):
        hint = f"write ({given!r},)" if isinstance(given, str) else "it must be a tuple of strings"
        raise _error(kind, f"{name} = {given!r}", hint)
    return given


def _all_text(given: Mapping[Any, Any]) -> bool:
    return all(isinstance(each, str) for pair in given.items() for each in pair)


def _shown(given: object) -> str:
    """A class by its name, anything else as Python shows it."""
    return given.__name__ if isinstance(given, type) else repr(given)


def _returned(kind: type[Suite], versions: object, hint: str) -> AdapterError:
    place = f"{kind.__module__}:{kind.__qualname__}"
    return AdapterError(f"{place}: versions() returned {versions!r}; {hint}")


def _error(kind: type[Suite], what: str, hint: str) -> AdapterError:
    return AdapterError(f"{kind.__module__}:{kind.__qualname__} declares {what}; {hint}")
