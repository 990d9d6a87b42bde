"""Counterexamples as scripts: they are Python, and say what the example says."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from paramlaws.specs.architecture import Activation, Architecture, Block, Dense, Init, Written
from paramlaws.specs.example import Example
from paramlaws.suites import registry
from paramlaws.suites.scripts import SPELLINGS, script

_SHARED = Dense(2, shared="a")
EXAMPLES = (
    Example(Architecture(1, (Dense(1),))),
    Example(Architecture(3, (Dense(2, False, "relu"), Activation(), Dense(2))), 3, 5),
    Example(Architecture(2, (_SHARED, Block((Dense(2), Block((_SHARED,)))), Dense(1)), True), 2, 1),
)


@pytest.mark.parametrize("suite", SPELLINGS)
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_it_is_python_without_us(suite: str, example: Example) -> None:
    """It imports nothing of this project, and makes each layer once."""
    text = script(suite, example)
    assert text is not None
    tree = ast.parse(text)
    modules = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
        )
    }
    assert modules and not any("paramlaws" in str(name) for name in modules)
    made = [line for line in text.splitlines() if line.startswith("layer")]
    distinct = {use.dense.shared or use.path for use in example.architecture.uses}
    assert len([line for line in made if "Linear(" in line or "Dense(" in line]) == len(distinct)


@pytest.mark.parametrize("suite", SPELLINGS)
def test_it_runs_in_its_environment(suite: str, tmp_path: Path) -> None:
    """Where the framework is installed: it prints the output and every gradient."""
    try:
        registry.load(suite)
    except registry.Unavailable:
        pytest.skip(f"what {suite} needs is not installed here")
    for number, example in enumerate(EXAMPLES):
        file = tmp_path / f"{number}.py"
        file.write_text(str(script(suite, example)), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", str(file)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "output" in done.stdout and "gradient" in done.stdout


def test_ties_are_spelled() -> None:
    """By the framework's own way of sharing parameters."""
    tied = Dense(2, tied_weight="a", tied_bias="a")
    example = Example(Architecture(2, (tied, tied)))
    assert "layer2.weight = layer1.weight" in str(script("pytorch", example))
    assert "params=layer1.params" in str(script("mxnet", example))
    written = Example(Architecture(2, (Written((Block((Dense(2),)), Dense(1))),)))
    assert "nn.Sequential(nn.Sequential(layer1), layer2)" in str(script("pytorch", written))


def test_what_cannot_be_spelled_has_no_script() -> None:
    """A suite of somebody else's, and a layer with an initialiser of its own."""
    assert script("somebody's", EXAMPLES[0]) is None
    assert script("jax", Example(Architecture(1, (Dense(1, init=Init("normal", 1.0)),)))) is None
