"""The known suites, and loading them."""

from __future__ import annotations

import gc
import importlib
import inspect
import re
import sys
import warnings
from importlib.metadata import packages_distributions
from pathlib import Path as File
from types import ModuleType

from paramlaws.specs.nearest import alike, nearest
from paramlaws.specs.suite import Suite
from paramlaws.suites import declared, targets
from paramlaws.suites.declared import AdapterError
from paramlaws.suites.installing import advice
from paramlaws.suites.knowledge import within
from paramlaws.suites.raised import said

#: The adapter of each of this project's suites, as MODULE:CLASS, by the suite's name.
KNOWN = {name: suite.adapter for name, suite in targets.table().suites.items()}


class Unavailable(Exception):
    """The framework of a suite does not import here, or has another version."""


def load(name: str) -> Suite:
    """Loads one of this project's suites; raises Unavailable if its framework does not import."""
    try:
        return _instance(KNOWN[name], f"suite {name!r}", advice(name))
    except ImportError as error:
        raise Unavailable(
            f"suite {name!r}: its framework does not import here ({error}); {advice(name)}"
        ) from error


def load_adapter(place: str) -> Suite:
    """Loads somebody else's suite from `MODULE:CLASS`; raises AdapterError if it is invalid."""
    try:
        otherwise = "install such a version, or change `requires`"
        suite = _instance(place, f"--adapter {place}", otherwise)
    except ImportError as error:
        raise AdapterError(f"--adapter {place}: {_not_imported(place, error)}") from error
    if suite.name in KNOWN:
        raise AdapterError(f"--adapter {place}: the name {suite.name!r} is taken; choose another")
    return suite


def path_of(place: str) -> str | None:
    """The folder that must be on PYTHONPATH for an adapter, None if its package is installed.

    place: MODULE:CLASS of an adapter that was loaded.
    """
    name = place.partition(":")[0]
    package = sys.modules[name.partition(".")[0]]
    origin = getattr(sys.modules[name], "__file__", None)
    if origin is None or packages_distributions().get(package.__name__):
        return None
    return str(File(origin).resolve().parents[name.count(".") + (File(origin).stem == "__init__")])


def _not_imported(place: str, error: ImportError) -> str:
    """Why an adapter does not import: it is not found, or one of its own imports fails."""
    module = place.partition(":")[0]
    parents = [module.rsplit(".", depth)[0] for depth in range(module.count(".") + 1)]
    if not (isinstance(error, ModuleNotFoundError) and error.name in parents):
        return f"importing it fails: {said(error)}"
    file = File(*module.split(".")).with_suffix(".py")
    if file.is_file():
        return f"{error}, though {file} is here: put PYTHONPATH=. in front of the command"
    return f"{error}; is its folder on PYTHONPATH?"


def _instance(place: str, what: str, otherwise: str) -> Suite:
    """A new instance of the suite at a place.

    what: how error messages call it.
    otherwise: what to do if its framework has another version.
    """
    kind = _class(place, what)
    try:
        suite = kind()
    except Exception as error:
        raise AdapterError(f"{what}: {kind.__name__}() fails: {said(error)}") from error
    declared.check(suite)
    versions = suite.versions()
    for package, wanted in suite.requires.items():
        if not within(versions[package], wanted, place):
            raise Unavailable(
                f"suite {suite.name!r} is for {package} {wanted} and {versions[package]} is here; "
                f"{otherwise}"
            )
    return suite


def _class(place: str, what: str) -> type[Suite]:
    """The class of a suite; raises AdapterError if it lacks something that it must have."""
    module_name, colon, class_name = place.partition(":")
    if not (module_name and colon and class_name):
        raise AdapterError(f"{what}: it must read MODULE:CLASS")
    module = sys.modules.get(module_name) or _imported(module_name, what)
    found = getattr(module, class_name, None)
    if found is None:
        hint = nearest(class_name, _suites_in(module))
        raise AdapterError(f"{what}: {module_name} has no suite {class_name!r}; {hint}")
    if not (inspect.isclass(found) and issubclass(found, Suite)):
        raise AdapterError(
            f"{what}: {class_name} is not a class derived from paramlaws.specs.suite.Suite"
        )
    if inspect.isabstract(found):
        raise AdapterError(f"{what}: {class_name} lacks {_missing_verbs(found)}")
    for attribute in ("name", "framework"):
        if not isinstance(getattr(found, attribute, None), str):
            hint = f"write {attribute} = 'mine' in it, say"
            raise AdapterError(f"{what}: {class_name} has no {attribute!r}; {hint}")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", found.name):
        raise AdapterError(
            f"{what}: name = {found.name!r}; it names files, and may have letters, digits, '.', "
            "'_' and '-'"
        )
    return found


def _suites_in(module: ModuleType) -> list[str]:
    """The names of the suites that a module defines."""
    return [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, Suite)
        and value.__module__ == module.__name__
    ]


def _missing_verbs(kind: type[Suite]) -> str:
    """The verbs that a class lacks, with its names that may be mistyped ones of them."""
    missing = sorted(kind.__abstractmethods__)
    plural = "s" if len(missing) > 1 else ""
    own = [name for name in vars(kind) if not hasattr(Suite, name)]
    hints = [f"{verb!r} by {near!r}" for verb in missing for near in alike(verb, own, 0.8)]
    meant = f"; did you mean {', '.join(hints)}?" if hints else ""
    return f"the verb{plural} {', '.join(missing)}{meant}"


def _imported(module_name: str, what: str) -> ModuleType:
    """Imports a module and exempts the objects that then exist from garbage collection.

    A framework consists of many objects, which each full collection would traverse.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            # A framework's warnings while it is imported are not judged.
            warnings.simplefilter("ignore")
            return importlib.import_module(module_name)
    except ImportError:
        raise
    except Exception as error:
        raise AdapterError(f"{what}: importing {module_name} fails: {said(error)}") from error
    finally:
        gc.freeze()
        if collects:
            gc.enable()
