"""Blocks inside blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from paramlaws.specs import values
from paramlaws.specs.architecture import Architecture, Block, Dense
from paramlaws.specs.claim import law, require
from paramlaws.specs.claims._drawing import LONG_EDITIONS, plain
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import NESTED_EDGES
from paramlaws.specs.subject import Subject, equal


@law(
    "nested.index-path",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers", "output moved"),
    after=("access.layer-by-index",),
    **plain(edges=NESTED_EDGES, nested=True),
)
def index_path(net: Subject) -> None:
    """A path of indices reaches the same parameter as the flat position does: writing through
    either makes the nested and the flat network compute the same.
    """
    flat = net.flattened()
    parameters = net.fill()
    flat.fill(_renamed(net, flat, parameters))
    before = net.forward()
    position = net.example.pick % len(net.architecture.uses)
    nested_use, flat_use = net.architecture.uses[position], flat.architecture.uses[position]
    changed = parameters[nested_use.weight] + 1.0
    net.assign(nested_use, nested_use.weight, changed)
    flat.assign(flat_use, flat_use.weight, changed)
    after = net.forward()
    net.met("output moved", (after != before).any())
    equal(after, flat.forward(), f"the output after writing at {nested_use.path}")


@law(
    "nested.same-as-flat",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers", "bias"),
    after=("construct.forward-value", "listing.count"),
    **plain(edges=NESTED_EDGES[:-1], nested=True, most=3),
)
def same_as_flat(net: Subject) -> None:
    """Nesting changes neither the values computed nor the number and order of the parameters."""
    flat = net.flattened()
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    flat.fill(_renamed(net, flat, stamps))
    orders = [
        [float(subject.value(handle).flat[0]) for _, handle in subject.listing()]
        for subject in (net, flat)
    ]
    require(len(orders[0]) == len(orders[1]), f"{len(orders[0])} parameters, {len(orders[1])} flat")
    require(orders[0] == orders[1], f"in the order {orders[0]}, and flat {orders[1]}")
    parameters = net.fill()
    flat.fill(_renamed(net, flat, parameters))
    equal(net.forward(), flat.forward(), "the output")


@st.composite
def _factories(draw: st.DrawFn, sizes: Sequence[int], case: str | None) -> Example:
    """A block made over and over by one function, inside another one."""
    width, inner = draw(st.sampled_from(sizes)), draw(st.sampled_from(sizes))
    block = Block((Dense(inner, activation="relu"), Dense(width, draw(st.booleans()))))
    outer = Block((block,) * draw(st.integers(2, 5)))
    return Example(
        Architecture(width, (outer,) * draw(st.integers(1, 3)), draw(st.booleans())),
        seed=draw(st.integers(0, 255)),
    )


_BLOCK = Block((Dense(2, activation="relu"), Dense(1)))
_FACTORY: dict[str, Any] = {
    "draw": _factories,
    "edges": {None: (Example(Architecture(1, (Block((_BLOCK,) * 4), Dense(1)))),)},
}


@law(
    "nested.names",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers"),
    after=("access.unique-names",),
    **_FACTORY,
)
def names(net: Subject) -> None:
    """Names stay unique under nesting, blocks that one function makes over and over included."""
    found = [name for name, _ in net.start().listing()]
    doubled = sorted({name for name in found if found.count(name) > 1})
    require(not doubled, f"one name for several parameters: {doubled[:3]}")
    expected = len(net.architecture.shapes)
    require(len(found) == expected, f"{len(found)} names for {expected} parameters")


def _renamed(net: Subject, flat: Subject, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters by the keys of the flat network, whose layers come in the same order."""
    return dict(zip(flat.architecture.shapes, parameters.values(), strict=True))
