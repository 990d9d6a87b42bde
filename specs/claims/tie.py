"""Tied parameters: one parameter in several places."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from paramlaws.specs import reference, values
from paramlaws.specs.claim import Inapplicable, Violation, convention, law, require
from paramlaws.specs.claims._drawing import EDITIONS, READER, each_tie, plain, with_ties
from paramlaws.specs.compare import equal
from paramlaws.specs.conventions import ONCE, PER_USE
from paramlaws.specs.features import features
from paramlaws.specs.outline import outline
from paramlaws.specs.subject import Subject


def _same_parameter(net: Subject) -> None:
    parameters = dict(net.integers)
    net.assign_all(parameters)
    for key in net.architecture.tied:
        places = net.architecture.places(key)
        net.event("two places", len({net.native(use.path) for use in places}) > 1)
        for step, writer in enumerate(places):
            parameters[key] = parameters[key] + step + 1
            net.assign(writer, key, parameters[key])
            for reader in places:
                what = f"{key}, written at {writer.path} and read at {reader.path}"
                equal(net.read(reader, key), parameters[key], what, "separate")
    for key, value in net.read_all().items():
        equal(value, parameters[key], f"{key}, after writing to tied ones")


@law(
    "tie.same-parameter",
    topic="tied parameters",
    rule="are one parameter",
    source=EDITIONS,
    needs=("tie", "nested", "three uses", "two places"),
    after=("value.explicit-read",),
    **each_tie(),
)
def same_parameter(net: Subject) -> None:
    """Layers tied to each other hold one and the same parameter, not equal copies: whatever is
    written through one place is read through all of them, and nothing else changes.
    """
    _same_parameter(net.ready())


def _applied_at_each_use(net: Subject) -> None:
    parameters = net.integers
    net.assign_all(parameters)
    expected = net.expected_forward(parameters)
    dropped = outputs_without_repeats(net, parameters)
    if any(np.array_equal(output, expected) for output in dropped):
        raise Inapplicable  # The output does not depend on the number of uses.
    net.event("uses matter", dropped or expected.any())
    found = net.forward()
    once = any(np.array_equal(found, output) for output in dropped)
    equal(found, expected, "the output", "applied-once" if once else "violated")


@law(
    "tie.applied-at-each-use",
    topic="a layer that is used again",
    rule="is applied at each use",
    source=EDITIONS,
    needs=("tie", "three uses", "nested", "uses matter"),
    after=("construct.forward-value", "tie.same-parameter"),
    **each_tie(),
)
def applied_at_each_use(net: Subject) -> None:
    """A layer acts at each of its uses: the output equals that of the reference, which applies the
    layer at each use.
    """
    _applied_at_each_use(net.ready())


@law(
    "tie.mutation-visible",
    topic="changing a tied element",
    rule="shows at every use and in the output",
    source=EDITIONS,
    needs=("tie", "two places"),
    after=("tie.same-parameter", "tie.applied-at-each-use"),
    **each_tie(),
)
def mutation_visible(net: Subject) -> None:
    """Changing an element through one place shows in every other, and in what the network
    computes.
    """
    parameters = net.fill()
    key = net.picked(net.architecture.tied)
    places = net.architecture.places(key)
    net.event("two places", len({net.native(use.path) for use in places}) > 1)
    changed = parameters[key].copy()
    changed.flat[net.example.pick % changed.size] += 3
    if not values.exact(net.architecture, {**parameters, key: changed}):
        raise Inapplicable
    net.assign(places[-1], key, changed)
    for reader in places:
        equal(net.read(reader, key), changed, f"{key}, read at {reader.path}", "separate")
    expected = net.expected_forward({**parameters, key: changed})
    equal(net.forward(), expected, "the output after the change")


def _listed_once(net: Subject) -> None:
    stamps = values.stamps(net.architecture)
    net.assign_all(stamps)
    seen = Counter(net.marks(net.listing()))
    for key, stamp in stamps.items():
        times = seen[float(stamp.flat[0])]
        # What a network without ties lists is for `listing.count`.
        once = times == 1 or not net.architecture.tied
        require(once, f"{key} is listed {times} times", "listed-twice")


@law(
    "tie.listed-once",
    topic="tied parameters in the listing",
    rule="appear once",
    source=EDITIONS,
    needs=("tie", "three uses"),
    after=("tie.same-parameter",),
    **each_tie(),
)
def listed_once(net: Subject) -> None:
    """The network-wide listing has a tied parameter once."""
    _listed_once(net.ready())


@convention(
    "tie.state-dict",
    topic="tied parameters in what is saved by default",
    words={"once": "appear once", "per-name": "appear under each of their names"},
    source=READER,
    behaviours=("once", "per-name"),
    needs=("tie", "three uses"),
    after=("tie.same-parameter",),
    **each_tie(),
)
def state_dict(net: Subject) -> str:
    """The mapping that is saved or exported by default has a tied parameter once, or under each of
    its names.
    """
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    exported = net.suite.exported(net.model)
    seen = Counter(float(np.asarray(value).flat[0]) for value in exported.values())
    uses = {key: net.architecture.places(key) for key in stamps}
    once = {float(stamps[key].flat[0]): 1 for key in uses}
    per_name = {float(stamps[key].flat[0]): len(places) for key, places in uses.items()}
    if dict(seen) == once:
        return "once"
    require(dict(seen) == per_name, f"the mapping has the names {sorted(exported)}")
    return "per-name"


@convention(
    "tie.layer-listing",
    topic="a layer added twice",
    words={"per-use": "is listed twice", "once": "is listed once"},
    source=EDITIONS,
    behaviours=(PER_USE, ONCE),
    needs=("repeated in a container",),
    after=("access.layer-by-index",),
    **with_ties(),
)
def layer_listing(net: Subject) -> str:
    """A container lists a layer that was added twice per use, or once."""
    if "repeated in a container" not in features(net.architecture):
        raise Inapplicable
    net.ready()
    containers = net.architecture.containers
    lengths = {path: net.suite.length(net.model, net.native(path)) for path in containers}
    for behaviour in (PER_USE, ONCE):
        net.conventions = replace(net.conventions, layer_listing=behaviour)
        if lengths == {path: net.slots(path) for path in containers}:
            return behaviour
    raise Violation(f"the containers have {lengths} entries")


def _gradients_add(net: Subject) -> None:
    parameters = net.integers
    net.assign_all(parameters)
    uses = reference.gradients_by_use(net.architecture, parameters, net.x, net.cotangent)
    expected = net.expected_gradients(parameters)
    gradients = net.backward()
    for key in net.architecture.tied:
        shares = [share for name, share in uses if name == key]
        net.event("every use contributes", all(share.any() for share in shares))
        mean = expected[key] / len(shares)
        for place in net.architecture.places(key):
            found = net.gradient(gradients, place, key)
            what = f"gradient of {key}, read at {place.path}"
            if found is None:
                raise Violation(f"{what}: there is none")
            if len(shares) > 2 and found.ndim == 2 and found.size < 10:
                net.shown["gradients"] = {
                    "uses": [share.ravel().tolist() for share in shares],
                    "found": found.ravel().tolist(),
                }
                net.shown["network"] = outline(net.architecture)
            manner = "violated"
            if any(np.array_equal(found, share) for share in shares):
                manner = "one-use"
            elif np.array_equal(found, mean):
                manner = "mean"
            equal(found, expected[key], what, manner)


@law(
    "tie.gradients-add",
    topic="gradient of a tied parameter",
    rule="is the sum over all its uses",
    source=EDITIONS,
    needs=("tie", "three uses", "every use contributes"),
    after=("gradient.value", "tie.applied-at-each-use"),
    **each_tie(),
)
def gradients_add(net: Subject) -> None:
    """The gradient of a tied parameter is the sum of the gradients that its uses would have had as
    separate parameters of equal value.
    """
    _gradients_add(net.ready())


@law(
    "tie.untied-stay-apart",
    topic="equal but untied layers",
    rule="stay independent",
    source=READER,
    needs=("equal layers", "moved apart"),
    after=("gradient.value", "train.step"),
    **plain(least=2, most=3),
)
def untied_stay_apart(net: Subject) -> None:
    """Layers that merely started from equal values stay independent under assignment and
    training.
    """
    equal_values = {
        key: np.ones(shape) if len(shape) == 2 else np.zeros(shape)
        for key, shape in net.architecture.shapes.items()
    }
    net.event("equal layers", len(set(net.architecture.shapes.values())) < len(equal_values))
    net.fill(equal_values)
    use = net.picked(net.architecture.uses)
    changed = {**equal_values, use.weight: equal_values[use.weight] + 1}
    net.assign(use, use.weight, changed[use.weight])
    for key, value in net.read_all().items():
        equal(value, changed[key], f"{key}, after writing to {use.weight}")
    slopes = net.expected_gradients(changed)
    net.event("moved apart", len({slope.tobytes() for slope in slopes.values()}) > 1)
    net.sgd_step(rate=0.5)
    for key, value in net.read_all().items():
        equal(value, changed[key] - 0.5 * slopes[key], f"{key}, after one step")


@law(
    "tie.many-uses",
    topic="ties of three uses or more, or several at once",
    rule="behave as one of two uses does",
    source=READER,
    needs=("three uses", "tie across levels", "several groups"),
    after=(
        "tie.same-parameter",
        "tie.listed-once",
        "tie.applied-at-each-use",
        "tie.gradients-add",
    ),
    **each_tie(uses=(3, 5), groups=2),
)
def many_uses(net: Subject) -> None:
    """All of this holds for any number of uses, for ties across nesting levels, and for several
    separate tied groups in one network.
    """
    _same_parameter(net.ready())
    _listed_once(net)
    _applied_at_each_use(net)
    _gradients_add(net)


def outputs_without_repeats(net: Subject, parameters: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The outputs if all containers, or only the inner blocks, kept a repeated layer once.

    Variants in which the widths no longer fit are left out.
    """
    outputs = []
    for outermost in (True, False):
        try:
            shorter = net.architecture.without_repeats(outermost=outermost)
        except ValueError:
            continue
        same_shapes = list(shorter.shapes.values()) == list(net.architecture.shapes.values())
        if len(shorter.uses) < len(net.architecture.uses) and same_shapes:
            kept = zip(shorter.shapes, parameters.values(), strict=True)
            outputs.append(reference.forward(shorter, dict(kept), net.x))
    return outputs
