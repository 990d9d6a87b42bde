"""Reaching layers and parameters by index and by name."""

from __future__ import annotations

import re

import numpy as np

from paramlaws.specs import values
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.claim import Inapplicable, Violation, convention, law, require
from paramlaws.specs.claims._drawing import EDITIONS, LONG_EDITIONS, READER, plain, with_ties
from paramlaws.specs.compare import equal
from paramlaws.specs.conventions import FUSED, IN_OUT, OUT_IN, OWN_SLOT
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import ALIKE_EDGES, NESTED_EDGES, PLAIN_EDGES, deep
from paramlaws.specs.subject import Subject


@law(
    "access.layer-by-index",
    topic="layers by index",
    source=EDITIONS,
    needs=("nested twice", "several layers", "output moved"),
    after=("construct.forward-value",),
    **plain(edges=(*PLAIN_EDGES, *ALIKE_EDGES, deep(12))),
)
def layer_by_index(net: Subject) -> None:
    """Indexing the container with i gives the i-th layer that was added, for every i, and a nested
    index reaches the nested layer: what is written there changes that layer's effect alone.
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
    net.met("output moved", (expected != before).any())
    equal(net.forward(), expected, f"the output after writing to the layer at {use.path}")


@law(
    "access.index-out-of-range",
    topic="index outside the container",
    source=READER,
    needs=("nested",),
    **plain(),
)
def index_out_of_range(net: Subject) -> None:
    """An index outside the container raises an error; it never returns a layer."""
    net.start()
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
    found = [net.value(handle) for _, handle in net.suite.layer_parameters(net.model, where)]
    expected = [net.value(handle) for _, handle in net.handles(path)]
    require(len(found) == len(expected), f"what index {where} reaches has {len(found)} parameters")
    for value, wanted in zip(found, expected, strict=True):
        equal(value, wanted, f"what index {where} reaches")
    return "from-end"


@convention(
    "access.activation-slot",
    topic="an activation's place in the container",
    words={"own-slot": "has an index of its own", "fused": "is part of its layer"},
    source=EDITIONS,
    behaviours=(OWN_SLOT, FUSED),
    needs=("fused activation", "activation given"),
    **plain(edges=PLAIN_EDGES[1:2]),
)
def activation_slot(net: Subject) -> str:
    """The activation of a dense layer takes an index of its own in the container, or is fused into
    the layer.
    """
    activated = sum(bool(getattr(entry, "activation", None)) for entry in net.architecture.entries)
    net.met("activation given", activated)
    if not activated:
        raise Inapplicable
    net.start()
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
    source=EDITIONS,
    needs=("bias", "no bias", "nested"),
    **plain(edges=(*PLAIN_EDGES, _STAIRS)),
)
def two_parameters(net: Subject) -> None:
    """A dense layer has one weight and one bias, and with the bias switched off exactly the
    weight.
    """
    net.start()
    for use in net.architecture.uses:
        shapes = [net.value(handle).shape for _, handle in net.handles(use.path)]
        expected = [net.architecture.shapes[key] for key in use.keys]
        require(
            sorted(shapes, key=len) == sorted(expected, key=len),
            f"the layer at {use.path} has parameters of shapes {shapes} instead of {expected}",
        )


@convention(
    "access.parameter-names",
    topic="names of a dense layer's parameters",
    words={"weight-bias": "weight and bias", "kernel-bias": "kernel and bias"},
    source=EDITIONS,
    needs=("bias", "nested"),
    after=("access.two-parameters",),
    **plain(every_bias=True),
)
def parameter_names(net: Subject) -> str:
    """The names of a dense layer's two parameters: weight and bias, kernel and bias, or others."""
    net.start()
    path = net.picked(net.dense_paths)
    by_rank = {net.value(handle).ndim: name for name, handle in net.handles(path)}
    # A framework may put the layer's name before, or an output number behind.
    words = [re.findall(r"[A-Za-z]+", by_rank[rank])[-1] for rank in (2, 1)]
    return "-".join(words)


@convention(
    "access.weight-orientation",
    topic="orientation of a weight",
    words={"out-in": "outputs by inputs", "in-out": "inputs by outputs"},
    source=READER,
    behaviours=(OUT_IN, IN_OUT),
    needs=("not square", "widths differ"),
    after=("access.two-parameters",),
    **plain(edges=PLAIN_EDGES[1:]),
)
def weight_orientation(net: Subject) -> str:
    """A weight is stored as (outputs, inputs) or as (inputs, outputs)."""
    use = net.picked([use for use in net.architecture.uses if use.fan_in != use.dense.units])
    net.start()
    net.met("widths differ")
    shape = np.shape(net.suite.read(net.model, net.handle(use, use.weight)))
    by_shape = {(use.dense.units, use.fan_in): OUT_IN, (use.fan_in, use.dense.units): IN_OUT}
    require(shape in by_shape, f"a layer from {use.fan_in} to {use.dense.units} has {shape}")
    return by_shape[shape]


@law(
    "access.default-dtype",
    topic="number type of parameters",
    source=LONG_EDITIONS,
    needs=("bias",),
    after=("access.two-parameters",),
    **plain(),
)
def default_dtype(net: Subject) -> None:
    """Weight and bias are float32 unless something else is asked for."""
    net.start()
    for _, key, handle in net.each_use():
        dtype = net.suite.read(net.model, handle).dtype
        require(dtype == np.float32, f"{key} is {dtype}")


_WITHOUT_BIAS = Example(Architecture(2, (Dense(2, bias=False), Dense(2, bias=False))))


@law(
    "access.unique-names",
    topic="unique parameter names",
    source=LONG_EDITIONS,
    needs=("nested twice", "hundreds of layers"),
    after=("listing.count",),
    **plain(edges=(*NESTED_EDGES, _WITHOUT_BIAS, deep(200))),
)
def unique_names(net: Subject) -> None:
    """The qualified names of all parameters are distinct, in a network of several hundred layers
    too.
    """
    names = [name for name, _ in net.start().listing()]
    require(len(names) == len(net.architecture.shapes), f"{len(names)} names for the parameters")
    doubled = sorted({name for name in names if names.count(name) > 1})
    require(not doubled, f"one name for several parameters: {doubled[:3]}")


@convention(
    "access.name-stability",
    topic="names of a network built twice",
    words={"stable": "are the same", "process-counter": "count on"},
    source=READER,
    behaviours=("stable", "process-counter"),
    needs=("nested",),
    **plain(),
)
def name_stability(net: Subject) -> str:
    """Building one network twice in one process gives the same names, or names that count on."""
    first = [name for name, _ in net.start().listing()]
    second = [name for name, _ in net.start().listing()]
    return "stable" if first == second else "process-counter"


@law(
    "access.by-qualified-name",
    topic="parameters by qualified name",
    source=LONG_EDITIONS,
    needs=("nested", "several layers"),
    after=("access.unique-names",),
    **plain(edges=(*PLAIN_EDGES, *ALIKE_EDGES)),
)
def by_qualified_name(net: Subject) -> None:
    """A parameter reached by its qualified name in the network-wide mapping is the one reached
    through its layer: what is written there is read here.
    """
    net.fill(values.stamps(net.architecture))
    use = net.picked(net.architecture.uses)
    before = {
        name: net.oriented(net.suite.read_by_name(net.model, name)) for name, _ in net.listing()
    }
    net.assign(use, use.weight, -values.stamps(net.architecture)[use.weight])
    changed = []
    for name, old in before.items():
        new = net.oriented(net.suite.read_by_name(net.model, name))
        if not np.array_equal(new, old):
            changed.append(name)
            equal(new, net.read(use, use.weight), f"{name} in the mapping")
    require(len(changed) == 1, f"writing to one parameter changed {changed} in the mapping")


@law(
    "access.index-versus-listing",
    topic="walk by index against the listing",
    source=EDITIONS,
    needs=("nested", "tie"),
    after=("access.two-parameters", "listing.count"),
    **with_ties(),
)
def index_versus_listing(net: Subject) -> None:
    """Walking the layers by index meets exactly the parameters of the network-wide listing."""
    net.fill(values.stamps(net.architecture))
    walked = {
        float(net.value(handle).flat[0])
        for path, entry in net.architecture.walk()
        if isinstance(entry, Dense)
        for _, handle in net.handles(path)
    }
    listed = {float(net.value(handle).flat[0]) for _, handle in net.listing()}
    require(walked == listed, f"{len(walked - listed)} not listed, {len(listed - walked)} not met")
