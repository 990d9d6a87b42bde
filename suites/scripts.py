"""Counterexamples as scripts in a framework's own code, which do not need this project.

A script builds the network, runs it forwards and backwards, and prints outputs, parameters and
gradients; the reader may add what the claim does beyond that. Blocks become plain containers; a
comment says where a class or a name is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from paramlaws.specs import values
from paramlaws.specs.architecture import Dense
from paramlaws.specs.example import Example
from paramlaws.specs.features import features
from paramlaws.specs.spelling import Spelling
from paramlaws.suites.building import assemble

#: The comments on features that a script leaves out.
_LEFT_OUT = {
    "user's block": "# A block's own class is left out: it is a plain container here.",
    "named block": "# The blocks' own names are left out.",
}


def script(spelling: Spelling | None, example: Example) -> str | None:
    """The example as a script in the framework's own code.

    None without a spelling, and for layers with initialisers, which spellings do not cover.
    """
    net = example.architecture
    if spelling is None or any(use.dense.init for use in net.uses):
        return None
    outermost = spelling.outermost
    statements: list[str] = []
    count = 0

    def layer(dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> str:
        nonlocal count
        count += 1
        name = f"layer{count}"
        statements.extend(spelling.layer(name, dense, fan_in, ties))
        return name

    def container(entries: Sequence[str]) -> str:
        return spelling.container.format(", ".join(entries))

    built = assemble(
        net,
        dense=layer,
        container=container,
        activation=spelling.activation.format,
        fused=spelling.fused,
        outermost=outermost and (lambda e: outermost(e, None if net.lazy else net.inputs)),
        custom=lambda inner, last: container([inner, last]),
        named=lambda entries, names, own: container(entries),
    )
    x = values.inputs(net, example.rows, example.seed).tolist()
    slope = values.cotangent(net, example.rows, example.seed).tolist()
    return "\n".join(
        [
            spelling.imports,
            "",
            *statements,
            *(comment for feature, comment in _LEFT_OUT.items() if feature in features(net)),
            f"net = {built}",
            f'x = {spelling.numpy}.array({x}, "float32")',
            f'slope = {spelling.numpy}.array({slope}, "float32")  # d loss / d output',
            spelling.then,
            "",
        ]
    )
