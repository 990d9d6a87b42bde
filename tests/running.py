"""Running pytest with the plugin in a process of its own, on suites that are faulty."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from paramlaws.suites import registry

PLUGIN = ("--pyargs", "paramlaws.specs", "-p", "no:cacheprovider")
FAULTY = """
    import os, signal
    from paramlaws.specs.features import features
    from paramlaws.specs.suite import Suite
    from paramlaws.suites.reference import Reference

    class Faulty(Reference):
        "Loses the bias of layers of one unit."
        name, framework, knowledge = "faulty", "Faulty", None

        def layer_parameters(self, model, path):
            own = super().layer_parameters(model, path)
            return own[:1] if len(own) == 2 and own[1][1].value.size == 1 else own

    class Deadly(Reference):
        "Kills its own process at the two hundredth network."
        name, framework, knowledge, built = "deadly", "Deadly", None, 0

        def build(self, architecture):
            Deadly.built += 1
            if Deadly.built == 200:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().build(architecture)

    class Aborting(Reference):
        "Kills its own process at a network of two hundred layers."
        name, framework, knowledge = "aborting", "Aborting", None

        def build(self, architecture):
            if "hundreds of layers" in features(architecture):
                os.abort()
            return super().build(architecture)

    class Mute(Suite):
        "Lacks verbs."
        name, framework = "mute", "Mute"

    class Taken(Reference):
        name, framework = "reference", "Taken"

    class Old(Reference):
        name, framework, requires = "old", "Old", {"numpy": ">=99"}

    class Twin(Faulty):
        "Has the name of another."

    class Doubling(Reference):
        "Gives twice the gradients."
        name, framework, knowledge = "doubling", "Doubling", None

        def backward(self, model, x, cotangent):
            return super().backward(model, x, 2 * cotangent)

    class Rare(Reference):
        "Gives twice the gradients of batches of three rows."
        name, framework, knowledge = "rare", "Rare", None

        def backward(self, model, x, cotangent):
            return super().backward(model, x, (1 + (len(x) == 3)) * cotangent)

    class Stranger:
        name, framework = "stranger", "Stranger"
"""


def status(command: click.Command, arguments: Sequence[str]) -> int:
    """The exit status of a command with these arguments."""
    with pytest.raises(SystemExit) as ended:
        command.main(list(arguments), prog_name=command.name)
    return int(ended.value.code or 0)


def in_a_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command as a reader would paste it, in this environment and in this folder."""
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command,
        shell=True,
        check=False,
        cwd=folder,
        env={**environment, "PATH": scripts},
        capture_output=True,
        text=True,
    )


def absent() -> str:
    """A suite whose framework is not installed here; in the tests' own environment, none is."""
    for name in registry.KNOWN:
        try:
            registry.load(name)
        except registry.Unavailable:
            return name
    pytest.skip("every framework is installed here")


def records(file: Path) -> list[dict[str, Any]]:
    """The lines of a results file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
