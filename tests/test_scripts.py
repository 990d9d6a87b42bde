"""Counterexamples as scripts: they are Python, and say what the example says."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from paramlaws.specs import values
from paramlaws.specs.architecture import Activation, Architecture, Block, CustomBlock, Dense, Init
from paramlaws.specs.example import Example
from paramlaws.specs.spelling import Spelling
from paramlaws.suites import registry
from paramlaws.suites.scripts import script

_SHARED = Dense(2, shared="a")
EXAMPLES = (
    Example(Architecture(1, (Dense(1),))),
    Example(Architecture(3, (Dense(2, False, "relu"), Activation(), Dense(2))), 3, 5),
    Example(Architecture(2, (_SHARED, Block((Dense(2), Block((_SHARED,)))), Dense(1)), True), 2, 1),
)
_TIED = Dense(2, tied_weight="a", tied_bias="a")
TIED = Example(Architecture(2, (_TIED, _TIED)))


@pytest.fixture(params=[name for name in registry.KNOWN if name != "reference"])
def spelling(request: pytest.FixtureRequest) -> Spelling:
    """That of each framework that is installed here."""
    try:
        found = registry.load(request.param).spelling
    except registry.Unavailable:
        pytest.skip(f"what {request.param} needs is not installed here")
    assert found is not None
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_it_is_python_without_us(spelling: Spelling, example: Example) -> None:
    """It imports nothing of this project, and makes each layer once."""
    text = script(spelling, example)
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


def test_it_runs_in_its_environment(spelling: Spelling, tmp_path: Path) -> None:
    """It prints the output and every gradient."""
    for number, example in enumerate(EXAMPLES):
        file = tmp_path / f"{number}.py"
        file.write_text(str(script(spelling, example)), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", str(file)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "output" in done.stdout and "gradient" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [("pytorch", "layer2.weight = layer1.weight"), ("mxnet", "params=layer1.params")],
)
def test_a_framework_ties_in_its_own_way(name: str, said: str) -> None:
    """Where two of its layers can share their parameters."""
    try:
        suite = registry.load(name)
    except registry.Unavailable:
        pytest.skip(f"what {name} needs is not installed here")
    assert said in str(script(suite.spelling, TIED))


# -- one that needs no framework ----------------------------------------------------------------
def _layer(name: str, dense: Dense, width: int | None, ties: Mapping[str, str]) -> Sequence[str]:
    return [f"{name} = layer({width}, {dense.units}, {dict(ties)})"]


PLAIN = Spelling(
    imports="import numpy\n",
    numpy="numpy",
    layer=_layer,
    container="[{}]",
    activation="rectified({!r})",
    fused=False,
    then="run(net, x, slope)",
)


def test_what_is_spelled() -> None:
    """Layers in the order in which they are made, with widths and activations, and the arrays."""
    example = EXAMPLES[1]
    x = values.inputs(example.architecture, 3, 5).tolist()
    slope = values.cotangent(example.architecture, 3, 5).tolist()
    assert str(script(PLAIN, example)).splitlines() == [
        "import numpy",
        "",
        "",
        "layer1 = layer(3, 2, {})",
        "layer2 = layer(2, 2, {})",
        "net = [layer1, rectified('relu'), rectified('relu'), layer2]",
        f'x = numpy.array({x}, "float32")',
        f'slope = numpy.array({slope}, "float32")  # d loss / d output',
        "run(net, x, slope)",
    ]
    fused = str(script(replace(PLAIN, fused=True), example))
    assert "net = [layer1, rectified('relu'), layer2]" in fused
    assert "{'weight': 'layer1', 'bias': 'layer1'}" in str(script(PLAIN, TIED))


def test_a_shared_layer_is_one_variable() -> None:
    """Whatever container it is in, and widths that are left out are None."""
    text = str(script(PLAIN, EXAMPLES[2]))
    assert "layer1 = layer(None, 2, {})" in text
    assert "net = [layer1, [layer2, [layer1]], layer3]" in text


def test_the_outermost_container_may_take_the_width() -> None:
    """And None where that is left out; inner ones are as they were."""
    outer = replace(PLAIN, outermost=lambda entries, width: f"net({width}: {' '.join(entries)})")
    assert "net = net(1: layer1)" in str(script(outer, EXAMPLES[0]))
    assert "net = net(None: layer1 [layer2, [layer1]] layer3)" in str(script(outer, EXAMPLES[2]))


def test_what_is_left_out_of_blocks_is_said() -> None:
    """A user's block is a container of what it holds, in order, and names are left out."""
    written = Example(Architecture(2, (CustomBlock((Block((Dense(2),)), Dense(1))),)))
    text = str(script(PLAIN, written))
    assert "it is a plain container here.\nnet = [[[layer1], layer2]]" in text
    assert "names" not in text
    named = str(script(PLAIN, Example(Architecture(2, (Block((Dense(2),), name="a"),)))))
    assert "# The blocks' own names are left out.\nnet = [[layer1]]" in named
    assert "class" not in named
    assert "left out" not in str(script(PLAIN, EXAMPLES[2]))


def test_what_cannot_be_spelled_has_no_script() -> None:
    """A suite without a spelling, and a layer with an initialiser of its own."""
    assert script(None, EXAMPLES[0]) is None
    assert script(PLAIN, Example(Architecture(1, (Dense(1, init=Init("normal", 1.0)),)))) is None
