"""Reaching layers and parameters by index and by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from paramlaws.specs import strategies, values
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.case import Case
from paramlaws.specs.claim import Inapplicable, Violation, convention, law, require
from paramlaws.specs.claims._drawing import (
    EDITIONS,
    FACTORIES,
    LONG_EDITIONS,
    READER,
    USERS_BLOCKS,
    plain,
    with_ties,
)
from paramlaws.specs.compare import equal
from paramlaws.specs.conventions import FUSED, IN_OUT, OUT_IN, OWN_SLOT
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import ALIKE_EDGES, NESTED_EDGES, PLAIN_EDGES, deep
from paramlaws.specs.subject import Subject


@law(
    "access.layer-by-index",
    topic="layers by index",
    rule="come in the order in which they were added",
    source=EDITIONS,
    needs=("nested twice", "several layers", "output moved"),
    after=("construct.forward-value",),
    **plain(edges=(*PLAIN_EDGES, *ALIKE_EDGES, deep(12))),
)
def layer_by_index(net: Subject) -> None:
    """A container has an entry for each that was added, in their order, and index i reaches the
    i-th in the container's documented way (`net[i]`, a list of its layers, a key); a path of
    indices reaches a nested layer. What is written there changes that layer's effect alone.
    """
    parameters = net.fill()
    for path in net.architecture.containers:
        length, slots = net.suite.length(net.model, net.native(path)), net.slots(path)
        require(length == slots, f"the container at {path} has {length} entries, not {slots}")
    before = net.expected_forward(parameters)
    use = net.picked(net.architecture.uses)
    changed = {**parameters, use.weight: parameters[use.weight] + 1.0}
    net.assign(use, use.weight, changed[use.weight])
    expected = net.expected_forward(changed)
    net.event("output moved", (expected != before).any())
    equal(net.forward(), expected, f"the output after writing to the layer at {use.path}")


@convention(
    "access.subscript",
    topic="subscripting the container (`net[i]`)",
    words={
        "entry": "gives the i-th entry",
        "refused": "raises an error; its layers are reached in another way",
    },
    source=EDITIONS,
    behaviours=("entry", "refused"),
    needs=("nested twice", "several layers"),
    after=("access.layer-by-index", "listing.one-layer"),
    **plain(),
)
def subscript(net: Subject) -> str:
    """A container itself takes an index, `net[i]` being its i-th entry and `net[i][j]` the j-th
    entry of that one; or it refuses the index, and its layers are reached in another way.
    """
    net.fill(values.stamps(net.architecture))
    use = net.picked(net.architecture.uses)
    where = net.native(use.path)
    if net.refuses("subscript", net.model, where):
        return "refused"
    found = net.suite.subscript(net.model, where)
    expected = [net.raw(handle) for _, handle in net.own_listing(use.path)]
    entry = f"the entry at {where}"
    require(len(found) == len(expected), f"{entry} has {len(found)} parameters")
    for (_, handle), wanted in zip(found, expected, strict=True):
        equal(net.raw(handle), wanted, entry)
    changed = -net.raw(found[0][1])
    net.model = net.suite.assign(net.model, found[0][1], changed)
    (_, own), *_ = net.own_listing(use.path)
    equal(net.raw(own), changed, f"the layer at {use.path} after writing to {entry}")
    return "entry"


@law(
    "access.index-out-of-range",
    topic="index outside the container",
    rule="raises an error",
    source=READER,
    needs=("nested",),
    **plain(),
)
def index_out_of_range(net: Subject) -> None:
    """An index outside the container raises an error; it never returns a layer."""
    net.ready()
    path = net.picked(list(net.architecture.containers))
    length, beyond = net.slots(path), net.example.pick
    for index in (length, length + beyond, -length - 1, -length - 1 - beyond):
        where = (*net.native(path), index)
        refused = net.refuses("layer", net.model, where)
        require(refused, f"index {where} is outside a container of {length} and gives a layer")


@convention(
    "access.negative-index",
    topic="negative index",
    words={"from-end": "counts from the end", "refused": "is refused"},
    source=READER,
    behaviours=("from-end", "refused"),
    needs=("nested", "several layers"),
    after=("access.layer-by-index",),
    **plain(),
)
def negative_index(net: Subject) -> str:
    """A negative index counts from the end, or is refused."""
    net.fill(values.stamps(net.architecture))
    path = net.picked(net.dense_paths)
    *container, index = net.native(path)
    where = (*container, index - net.slots(path[:-1]))
    if net.refuses("layer", net.model, where):
        return "refused"
    found = [net.raw(handle) for _, handle in net.suite.layer_parameters(net.model, where)]
    expected = [net.raw(handle) for _, handle in net.own_listing(path)]
    require(len(found) == len(expected), f"what index {where} reaches has {len(found)} parameters")
    for value, wanted in zip(found, expected, strict=True):
        equal(value, wanted, f"what index {where} reaches")
    return "from-end"


@convention(
    "access.activation-slot",
    topic="a dense layer's own activation",
    words={
        "own-slot": "is an entry of its own, which takes an index",
        "fused": "is an option of the layer, and takes no index",
    },
    source=EDITIONS,
    behaviours=(OWN_SLOT, FUSED),
    needs=("fused activation", "activation given"),
    **plain(edges=PLAIN_EDGES[1:2]),
)
def activation_slot(net: Subject) -> str:
    """A dense layer's own activation is added behind it, as an entry with an index of its own, or
    is an option of the layer and takes none. One that is added as a layer takes one anyway.
    """
    activated = sum(bool(entry.activation) for entry in net.architecture.entries)
    net.event("activation given", activated)
    if not activated:
        raise Inapplicable
    net.ready()
    length, plainly = net.suite.length(net.model, ()), len(net.architecture.entries)
    if length == plainly:
        return FUSED
    if length == plainly + activated:
        return OWN_SLOT
    raise Violation(f"{plainly} entries with {activated} activations became {length}")


#: No two of its layers have parameters of the same shapes.
_STAIRS = Example(Architecture(1, tuple(Dense(units) for units in range(1, 6))))


@law(
    "access.two-parameters",
    topic="parameters of a dense layer",
    rule="are one weight and one bias, or the weight alone",
    source=EDITIONS,
    needs=("bias", "no bias", "nested"),
    **plain(edges=(*PLAIN_EDGES, _STAIRS)),
)
def two_parameters(net: Subject) -> None:
    """A dense layer has one weight and one bias, and with the bias switched off exactly the
    weight.
    """
    net.ready()
    for use in net.architecture.uses:
        shapes = Counter(net.raw(handle).shape for _, handle in net.own_listing(use.path))
        expected = Counter(net.native_shape(key) for key in use.keys)
        require(
            shapes == expected,
            f"the layer at {use.path} has parameters of shapes {list(shapes.elements())} "
            f"instead of {list(expected.elements())}",
        )


@convention(
    "access.parameter-names",
    topic="names of a dense layer's parameters",
    words={"weight-bias": "are weight and bias", "kernel-bias": "are kernel and bias"},
    source=EDITIONS,
    needs=("bias", "nested"),
    after=("access.two-parameters",),
    **plain(every_bias=True),
)
def parameter_names(net: Subject) -> str:
    """The names of a dense layer's two parameters: weight and bias, kernel and bias, or others."""
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    use = net.picked(net.architecture.uses)
    listing = net.own_listing(use.path)
    by_mark = dict(zip(net.marks(listing), (name for name, _ in listing), strict=True))
    # A framework may prefix the layer's name or append the number of an output.
    names = [by_mark[float(stamps[key].flat[0])] for key in use.keys]
    return "-".join(re.findall(r"[A-Za-z]+", name)[-1] for name in names)


@convention(
    "access.weight-orientation",
    topic="a dense layer's weight",
    words={
        "out-in": "is stored as (outputs, inputs)",
        "in-out": "is stored as (inputs, outputs)",
    },
    source=READER,
    behaviours=(OUT_IN, IN_OUT),
    needs=("not square", "widths differ"),
    after=("access.two-parameters",),
    **plain(edges=PLAIN_EDGES[1:]),
)
def weight_orientation(net: Subject) -> str:
    """A weight is stored as (outputs, inputs) or as (inputs, outputs)."""
    use = net.picked([use for use in net.architecture.uses if use.fan_in != use.dense.units])
    net.ready()
    net.event("widths differ")
    shape = np.shape(net.suite.read(net.model, net.handle(use, use.weight)))
    by_shape = {(use.dense.units, use.fan_in): OUT_IN, (use.fan_in, use.dense.units): IN_OUT}
    require(shape in by_shape, f"a layer from {use.fan_in} to {use.dense.units} has {shape}")
    return by_shape[shape]


@law(
    "access.default-dtype",
    topic="number type of parameters",
    rule="is float32 by default",
    source=LONG_EDITIONS,
    needs=("bias",),
    after=("access.two-parameters",),
    **plain(),
)
def default_dtype(net: Subject) -> None:
    """Weight and bias are float32 by default."""
    net.start()
    for _, key, handle in net.each_use():
        dtype = net.suite.read(net.model, handle).dtype
        require(dtype == np.float32, f"{key} is {dtype}")


_WITHOUT_BIAS = Example(Architecture(2, (Dense(2, bias=False), Dense(2, bias=False))))


@law(
    "access.unique-names",
    topic="qualified parameter names",
    rule="are unique",
    source=LONG_EDITIONS,
    needs=("nested twice", "hundreds of layers"),
    after=("listing.count",),
    **plain(edges=(*NESTED_EDGES, _WITHOUT_BIAS, deep(200))),
)
def unique_names(net: Subject) -> None:
    """The qualified names of all parameters are distinct, in a network of several hundred layers
    too. Shorter names that a framework has besides may repeat.
    """
    names = [name for name, _ in net.ready().listing()]
    require(len(names) == len(net.architecture.shapes), f"{len(names)} names for the parameters")
    doubled = sorted({name for name in names if names.count(name) > 1})
    require(not doubled, f"one name for several parameters: {doubled[:3]}")


@convention(
    "access.name-stability",
    topic="names of a network built twice",
    words={"stable": "are the same", "process-counter": "keep counting (dense_1, dense_2)"},
    source=READER,
    behaviours=("stable", "process-counter"),
    needs=("nested",),
    after=("listing.count",),
    **plain(),
)
def name_stability(net: Subject) -> str:
    """Building one network twice in one process gives the same qualified names, or names whose
    numbers keep counting.
    """
    first = [name for name, _ in net.start().listing()]
    second = [name for name, _ in net.start().listing()]
    return "stable" if first == second else "process-counter"


def _networks_with_names(sizes: Sequence[int], case: Case) -> SearchStrategy[Example]:
    kinds = (FACTORIES["draw"], USERS_BLOCKS["draw"])
    return st.one_of(strategies.examples(sizes), *(draw(sizes, case) for draw in kinds))


@law(
    "access.by-qualified-name",
    topic="parameters by qualified name",
    rule="are found under the documented name",
    source=LONG_EDITIONS,
    needs=("nested", "several layers", "named block", "user's block", "past ten", "past a hundred"),
    after=("access.unique-names", "nested.names"),
    revision=2,
    draw=_networks_with_names,
    edges={
        None: (
            *PLAIN_EDGES,
            *ALIKE_EDGES,
            *FACTORIES["edges"][None],
            *USERS_BLOCKS["edges"][None],
            deep(12),
            deep(102),
        )
    },
)
def by_qualified_name(net: Subject) -> None:
    """A parameter's qualified name follows from its place by the scheme that the framework
    documents, past ten and past a hundred layers and inside blocks too; the network-wide mapping
    has it under that name, and what is written through its layer is read there, and nowhere else.
    """
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    names = _documented_names(net)
    net.event("past ten", len(net.architecture.uses) > 10)
    net.event("past a hundred", len(net.architecture.uses) > 100)
    for key, name in names.items():
        value = _under(net, name)
        require(
            value is not None,
            f"{key} should be called {name!r}, which does not exist",
            "other-name",
        )
        equal(net.oriented(value, key), stamps[key], f"{name} in the mapping", "other-name")
    use = net.picked(net.architecture.uses)
    net.assign(use, use.weight, -stamps[use.weight])
    for key, name in names.items():
        expected = -stamps[key] if key == use.weight else stamps[key]
        what = f"{name} in the mapping after {names[use.weight]} was written"
        equal(net.oriented(_under(net, name), key), expected, what)


def _documented_names(net: Subject) -> dict[str, str]:
    naming = net.suite.naming
    if naming is None:
        raise NotImplementedError(net.suite.missing("naming"))
    listed = [name for name, _ in net.listing()]
    return naming.names(net.architecture, net.conventions, net.suite.roles, listed)


def _under(net: Subject, name: str) -> Any:
    """The value under a name in the mapping, None if there is none."""
    try:
        return net.suite.read_by_name(net.model, name)
    except KeyError:
        return None


@law(
    "access.index-versus-listing",
    topic="walking the layers by index",
    rule="reaches exactly the parameters that are listed",
    source=EDITIONS,
    needs=("nested", "tie"),
    after=("access.two-parameters", "listing.count"),
    **with_ties(),
)
def index_versus_listing(net: Subject) -> None:
    """Walking the layers by index reaches exactly the parameters of the network-wide listing."""
    net.fill(values.stamps(net.architecture))
    walked = {mark for path in net.dense_paths for mark in net.marks(net.own_listing(path))}
    listed = set(net.marks(net.listing()))
    missed = f"{len(walked - listed)} not listed, {len(listed - walked)} not reached"
    require(walked == listed, missed)
