"""Blocks inside blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from paramlaws.specs import values
from paramlaws.specs.architecture import Architecture, Block, Dense, Entry, Written
from paramlaws.specs.case import Case
from paramlaws.specs.claim import Inapplicable, law, require
from paramlaws.specs.claims._drawing import LONG_EDITIONS, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import NESTED_EDGES
from paramlaws.specs.subject import Subject


@law(
    "nested.index-path",
    topic="path of indices into blocks",
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
    if not values.exact(net.architecture, {**parameters, nested_use.weight: changed}):
        raise Inapplicable
    net.assign(nested_use, nested_use.weight, changed)
    flat.assign(flat_use, flat_use.weight, changed)
    after = net.forward()
    net.met("output moved", (after != before).any())
    equal(after, flat.forward(), f"the output after writing at {nested_use.path}")


@law(
    "nested.same-as-flat",
    topic="nested against flat",
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
    net.assign_all(net.integers)
    flat.assign_all(_renamed(net, flat, net.integers))
    equal(net.forward(), flat.forward(), "the output")


@st.composite
def _factories(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    """A block made over and over by one function, inside another one; perhaps named by a number."""
    width, inner = draw(st.sampled_from(sizes)), draw(st.sampled_from(sizes))
    layers = (Dense(inner, activation="relu"), Dense(width, draw(st.booleans())))
    named = draw(st.booleans())
    outer = Block(_numbered(layers, draw(st.integers(2, 5)), named))
    return Example(
        Architecture(width, (outer,) * draw(st.integers(1, 3)), draw(st.booleans())),
        seed=draw(st.integers(0, 255)),
    )


def _numbered(layers: tuple[Entry, ...], times: int, named: bool) -> tuple[Block, ...]:
    return tuple(Block(layers, f"block-{i}" if named else None) for i in range(times))


_LAYERS = (Dense(2, activation="relu"), Dense(1))
_FACTORY: dict[str, Any] = {
    "draw": _factories,
    "edges": {
        None: (
            Example(Architecture(1, (Block(_numbered(_LAYERS, 4, False)), Dense(1)))),
            Example(Architecture(1, (Block(_numbered(_LAYERS, 4, True)),) * 2)),
        )
    },
}


@law(
    "nested.names",
    topic="names under nesting",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers", "named block"),
    after=("access.unique-names",),
    **_FACTORY,
)
def names(net: Subject) -> None:
    """Names stay unique under nesting, in blocks that one function makes over and over too, whether
    or not it names them.
    """
    found = [name for name, _ in net.start().listing()]
    doubled = sorted({name for name in found if found.count(name) > 1})
    require(not doubled, f"one name for several parameters: {doubled[:3]}")
    expected = len(net.architecture.shapes)
    require(len(found) == expected, f"{len(found)} names for {expected} parameters")


@st.composite
def _users_blocks(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    """The exercise's network: user's blocks, layers beside them, perhaps inside a container."""
    width = st.sampled_from(sizes)
    entries: list[Entry] = [Dense(draw(width))] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 2))):
        inner = [
            Dense(draw(width), draw(st.booleans()), draw(st.sampled_from((None, "relu"))))
            for _ in range(draw(st.integers(1, 2)))
        ]
        entries.append(Written((Block(tuple(inner)), Dense(draw(width), draw(st.booleans())))))
    if draw(st.booleans()):
        entries = [Block(tuple(entries)), Dense(draw(width))]
    return Example(
        Architecture(draw(width), tuple(entries), draw(st.booleans())),
        draw(st.sampled_from((1, 2, 3))),
        draw(st.integers(0, 255)),
        draw(st.integers(0, 63)),
    )


_NEST_MLP = Written((Block((Dense(3, activation="relu"), Dense(2, activation="relu"))), Dense(2)))
USERS_BLOCKS: dict[str, Any] = {
    "draw": _users_blocks,
    "edges": {
        None: (
            Example(Architecture(2, (_NEST_MLP,)), 2, 1),
            Example(Architecture(2, (_NEST_MLP, Dense(3), _NEST_MLP), lazy=True), 2, 2),
        )
    },
}


@law(
    "nested.custom-block",
    topic="blocks of a user's class",
    source="exercise 1 of all editions",
    needs=("user's block", "nested twice", "lazy", "explicit"),
    after=("access.index-versus-listing", "construct.forward-value", "gradient.value"),
    **USERS_BLOCKS,
)
def custom_block(net: Subject) -> None:
    """A block of a class that the user has written exposes its inner parameters in all of the ways
    above: by attribute and index, in its own listing, in the network's, by unique names, in the
    output and in the gradients.
    """
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    for key, value in net.read_all().items():
        equal(value, stamps[key], key)
    found = [(name, float(net.value(handle).flat[0])) for name, handle in net.listing()]
    require(len({name for name, _ in found}) == len(found), f"doubled among {sorted(found)}")
    marks = {key: float(stamp.flat[0]) for key, stamp in stamps.items()}
    require(sorted(m for _, m in found) == sorted(marks.values()), f"the network lists {found}")
    for path in net.block_paths:
        inside = [u.keys for u in net.architecture.uses if u.path[: len(path)] == path]
        wanted = sorted(marks[key] for keys in inside for key in keys)
        own = sorted(float(net.value(handle).flat[0]) for _, handle in net.handles(path))
        require(own == wanted, f"the block at {path} lists {own} instead of {wanted}")
    net.assign_all(net.integers)
    equal(net.forward(), net.expected_forward(net.integers), "the output")
    gradients, expected = net.backward(), net.expected_gradients(net.integers)
    for _, key, handle in net.each_use():
        gradient = net.gradient_of(gradients, handle)
        require(gradient is not None, f"{key} has no gradient")
        equal(gradient, expected[key], f"gradient of {key}")


def _renamed(net: Subject, flat: Subject, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters by the keys of the flat network, whose layers come in the same order."""
    return dict(zip(flat.architecture.shapes, parameters.values(), strict=True))
