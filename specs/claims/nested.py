"""Blocks inside blocks."""

from __future__ import annotations

from typing import Any

from paramlaws.specs import values
from paramlaws.specs.claim import Inapplicable, law, require
from paramlaws.specs.claims._drawing import FACTORIES, LONG_EDITIONS, USERS_BLOCKS, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.strategies import NESTED_EDGES
from paramlaws.specs.subject import Subject


@law(
    "nested.index-path",
    topic="path of indices into blocks",
    rule="reaches the same parameter as the flat position",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers", "output moved"),
    after=("access.layer-by-index", "assign.everything"),
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
    net.event("output moved", (after != before).any())
    equal(after, flat.forward(), f"the output after writing at {nested_use.path}")


@law(
    "nested.same-as-flat",
    topic="nesting layers in blocks",
    rule="changes neither the output nor the listing",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers", "bias"),
    after=("construct.forward-value", "listing.count"),
    **plain(edges=NESTED_EDGES[:-1], nested=True, most=3),
)
def same_as_flat(net: Subject) -> None:
    """Nesting changes neither the values computed nor, in networks of fewer than ten layers, the
    number and order of the parameters in the flat listing.
    """
    flat = net.flattened()
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    flat.fill(_renamed(net, flat, stamps))
    orders = [subject.marks(subject.listing()) for subject in (net, flat)]
    require(len(orders[0]) == len(orders[1]), f"{len(orders[0])} parameters, {len(orders[1])} flat")
    require(orders[0] == orders[1], f"in the order {orders[0]}, and flat {orders[1]}")
    net.assign_all(net.integers)
    flat.assign_all(_renamed(net, flat, net.integers))
    equal(net.forward(), flat.forward(), "the output")


@law(
    "nested.names",
    topic="names under nesting",
    rule="stay unique",
    source=LONG_EDITIONS,
    needs=("nested twice", "several layers", "named block"),
    after=("access.unique-names",),
    **FACTORIES,
)
def names(net: Subject) -> None:
    """Names stay unique under nesting, and in blocks that one function makes repeatedly, whether or
    not it names them.
    """
    found = [name for name, _ in net.ready().listing()]
    doubled = sorted({name for name in found if found.count(name) > 1})
    require(not doubled, f"one name for several parameters: {doubled[:3]}")
    expected = len(net.architecture.shapes)
    require(len(found) == expected, f"{len(found)} names for {expected} parameters")


@law(
    "nested.custom-block",
    topic="blocks of a user's class",
    rule="expose their inner parameters as containers do",
    source="exercise 1 of all editions",
    needs=("user's block", "nested twice", "lazy", "explicit"),
    after=(
        "access.unique-names",
        "access.index-versus-listing",
        "construct.forward-value",
        "gradient.value",
    ),
    **USERS_BLOCKS,
)
def custom_block(net: Subject) -> None:
    """A block of a class written by the user exposes its inner parameters in all of the ways above:
    by attribute and index, in its own listing, in the network's, by unique names, in the output and
    in the gradients.
    """
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    for key, value in net.read_all().items():
        equal(value, stamps[key], key)
    listing = net.listing()
    found = list(zip((name for name, _ in listing), net.marks(listing), strict=True))
    require(len({name for name, _ in found}) == len(found), f"doubled among {sorted(found)}")
    marks = {key: float(stamp.flat[0]) for key, stamp in stamps.items()}
    require(sorted(m for _, m in found) == sorted(marks.values()), f"the network lists {found}")
    for path in net.block_paths:
        inside = [u.keys for u in net.architecture.uses if u.path[: len(path)] == path]
        wanted = sorted(marks[key] for keys in inside for key in keys)
        own = sorted(net.marks(net.own_listing(path)))
        require(own == wanted, f"the block at {path} lists {own} instead of {wanted}")
    net.assign_all(net.integers)
    equal(net.forward(), net.expected_forward(net.integers), "the output")
    gradients, expected = net.backward(), net.expected_gradients(net.integers)
    for _, key, handle in net.each_use():
        gradient = net.gradient_of(gradients, handle, key)
        require(gradient is not None, f"{key} has no gradient")
        equal(gradient, expected[key], f"gradient of {key}")


def _renamed(net: Subject, flat: Subject, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters under the keys of the flat network, whose layers are in the same order."""
    return dict(zip(flat.architecture.shapes, parameters.values(), strict=True))
