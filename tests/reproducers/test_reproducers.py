"""Each finding's native lines show it, on the framework that is installed here."""

from __future__ import annotations

import runpy
from importlib.resources import as_file, files
from importlib.util import find_spec

import pytest

from paramlaws.runner import subprocesses
from paramlaws.suites.reference import Reference

SCRIPTS = sorted(
    script.name
    for script in files("paramlaws.suites").joinpath("reproducers").iterdir()
    if script.name.endswith(".py")
)
#: By the first word of a script's name: the module it needs, and the Keras versions, if any.
NEEDS = {
    "pytorch": ("torch", ""),
    "tensorflow": ("tensorflow", ""),
    "keras2": ("tensorflow", "2"),
    "keras3": ("tensorflow", "3"),
    "jax": ("jax", ""),
    "flax": ("flax", ""),
    "mxnet": ("mxnet", ""),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_finding_is_still_there(name: str) -> None:
    """The script, which asserts the finding, ends without an error."""
    module, keras = NEEDS[name.split("_")[0]]
    if find_spec(module) is None:
        pytest.skip(f"{module} is not installed here; its own environment runs this script")
    if keras and not _keras().startswith(keras):
        pytest.skip(f"about Keras {keras}, and {_keras()} is here")
    with as_file(files("paramlaws.suites").joinpath("reproducers").joinpath(name)) as script:
        # One process for all of them, which imports the framework once.
        subprocesses.run(Reference(), _show, str(script))


def _show(script: str) -> None:
    runpy.run_path(script, run_name="__main__")


def _keras() -> str:
    from importlib.metadata import version

    return version("keras")
