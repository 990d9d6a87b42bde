"""Which suites there are, and loading them."""

from __future__ import annotations

import gc
import importlib
import inspect
import sys
import warnings
from importlib.metadata import packages_distributions
from pathlib import Path as File
from types import ModuleType

from paramlaws.specs.suite import Suite
from paramlaws.suites import declared, targets
from paramlaws.suites.declared import AdapterError
from paramlaws.suites.knowledge import within

#: Every suite of this project: its name, and where its adapter is.
KNOWN = {name: suite.adapter for name, suite in targets.table().suites.items()}


class Unavailable(Exception):
    """The framework of a suite does not import here, or has another version."""


def load(name: str) -> Suite:
    """The suite of this project with that name; Unavailable where its framework is not here."""
    try:
        return _instance(KNOWN[name])
    except ImportError as error:
        raise Unavailable(
            f"suite {name!r}: its framework does not import here ({error}); run it in its own "
            f"environment with `tox -e {name}`"
        ) from error


def load_adapter(place: str) -> Suite:
    """Somebody else's suite, from `MODULE:CLASS`; AdapterError where that is none."""
    try:
        suite = _instance(place)
    except ImportError as error:
        raise AdapterError(f"--adapter {place}: {error}; is its folder on PYTHONPATH?") from error
    if suite.name in KNOWN:
        raise AdapterError(f"--adapter {place}: the name {suite.name!r} is taken; choose another")
    return suite


def path_of(place: str) -> str | None:
    """The folder that must be on PYTHONPATH for an adapter; None where its package is installed.

    place: MODULE:CLASS of an adapter that was loaded.
    """
    name = place.partition(":")[0]
    package = sys.modules[name.partition(".")[0]]
    origin = getattr(sys.modules[name], "__file__", None)
    if origin is None or packages_distributions().get(package.__name__):
        return None
    return str(File(origin).resolve().parents[name.count(".") + (File(origin).stem == "__init__")])


def _instance(place: str) -> Suite:
    module_name, colon, class_name = place.partition(":")
    if not (module_name and colon and class_name):
        raise AdapterError(f"--adapter {place}: it must read MODULE:CLASS")
    module = sys.modules.get(module_name) or _imported(module_name)
    found = getattr(module, class_name, None)
    if found is None:
        raise AdapterError(f"--adapter {place}: {module_name} has no {class_name!r}")
    if not (inspect.isclass(found) and issubclass(found, Suite)):
        raise AdapterError(
            f"--adapter {place}: not a class derived from paramlaws.specs.suite.Suite"
        )
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise AdapterError(f"--adapter {place}: {class_name} lacks the verbs {missing}")
    for attribute in ("name", "framework"):
        if not isinstance(getattr(found, attribute, None), str):
            raise AdapterError(f"--adapter {place}: {class_name} has no {attribute!r}")
    suite = found()
    declared.check(suite)
    versions = suite.versions()
    for package, wanted in suite.requires.items():
        if not within(versions.get(package), wanted, place):
            have = versions.get(package, "none")
            raise Unavailable(
                f"suite {suite.name!r} is for {package} {wanted} and {have} is here; "
                f"run it in its own environment with `tox -e {suite.name}`"
            )
    return suite


def _imported(module_name: str) -> ModuleType:
    """The module; all that there is then stays, and is never searched for garbage again.

    A framework is many objects, and collectors that run now and then, as Keras has them, would go
    through them each time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            # What a framework warns of while it is imported is not what is judged here.
            warnings.simplefilter("ignore")
            return importlib.import_module(module_name)
    finally:
        gc.freeze()
        if collects:
            gc.enable()
