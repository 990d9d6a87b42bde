"""Giving parameters values."""

from __future__ import annotations

import numpy as np

from paramlaws.specs import values
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.claim import Inapplicable, Violation, convention, law, require
from paramlaws.specs.claims._drawing import LONG_EDITIONS, READER, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.example import Example
from paramlaws.specs.reference import Array
from paramlaws.specs.strategies import NESTED_EDGES, PLAIN_EDGES
from paramlaws.specs.subject import Subject


@law(
    "assign.everything",
    topic="assigning values",
    rule="shows in the next read and the next forward pass, and nowhere else",
    source=LONG_EDITIONS,
    needs=("bias", "nested", "output moved"),
    after=("value.explicit-read", "construct.forward-value"),
    ways="added",
    # The last element of a weight, in either orientation.
    **plain(edges=(*PLAIN_EDGES, Example(Architecture(3, (Dense(2),)), 2, 5))),
)
def everything(net: Subject) -> None:
    """Adding 1 to a whole parameter, or setting one element, shows in the next read and in the
    next forward pass, and nothing else changes.
    """
    use = net.picked(net.architecture.uses)
    key = net.picked(use.keys)
    if not values.exact(net.architecture, {**net.integers, key: abs(net.integers[key]) + 3}):
        raise Inapplicable
    expected, way = net.fill(), net.way
    before = net.forward()
    net.model = net.suite.added(net.model, net.handle(use, key), 1.0, way)
    expected[key] = expected[key] + 1
    _everything_is(net, expected, f"after 1 was added to {key}")
    net.event("output moved", (net.forward() != before).any())
    changed = net.oriented(expected[key], key)
    index = np.unravel_index(net.example.seed % changed.size, changed.shape)
    changed[index] = -3.0
    place = tuple(int(i) for i in index)
    net.model = net.suite.with_element(net.model, net.handle(use, key), place, -3.0, way)
    expected[key] = net.oriented(changed, key)
    _everything_is(net, expected, f"after element {place} of {key} was set")


def _everything_is(net: Subject, expected: dict[str, Array], when: str) -> None:
    for key, value in net.read_all().items():
        equal(value, expected[key], f"{key}, {when}")
    equal(net.forward(), net.expected_forward(expected), f"the output, {when}")


@convention(
    "assign.mode",
    topic="what an assignment changes",
    words={
        "in-place": "is the parameter itself",
        "new-tree": "is a new tree, and the old one stays",
    },
    source=LONG_EDITIONS,
    behaviours=("in-place", "new-tree"),
    needs=("bias", "nested"),
    after=("value.explicit-read",),
    **plain(),
)
def mode(net: Subject) -> str:
    """Assigning changes the parameter in place, or gives a new tree and leaves the old one as it
    was.
    """
    parameters = net.fill()
    use = net.picked(net.architecture.uses)
    key = net.picked(use.keys)
    old, handle = net.model, net.handle(use, key)
    net.assign(use, key, parameters[key] + 1)
    equal(net.read(use, key), parameters[key] + 1, f"{key}, read after it was assigned")
    before = net.oriented(net.suite.read(old, handle), key)
    if np.array_equal(before, parameters[key]):
        return "new-tree"
    if np.array_equal(before, parameters[key] + 1):
        return "in-place"
    raise Violation(f"the old network has {before.tolist()} in {key}")


@law(
    "assign.wrong-shape",
    topic="writing a value of the wrong shape into a parameter",
    rule="is refused and changes nothing",
    source=READER,
    needs=("bias", "several units"),
    after=("value.explicit-read",),
    **plain(edges=PLAIN_EDGES[1:]),
)
def wrong_shape(net: Subject) -> None:
    """Writing a value of the wrong shape into a parameter, in the documented way, is refused with
    an error, and the parameter is unchanged. Ways that replace a parameter's storage instead of
    writing into it are not tried.
    """
    use = net.picked([use for use in net.architecture.uses if use.dense.units > 1])
    parameters = net.fill()
    net.event("several units")
    handle, right = net.handle(use, use.weight), parameters[use.weight]
    # One row too many can never fit; a single row could be broadcast.
    for manner, value in (("accepted", np.vstack([right, right[:1]])), ("broadcast", right[:1])):
        native = net.oriented(value, use.weight).astype(np.float32)
        refused = net.refuses("assign", net.model, handle, native)
        shape = net.native_shape(use.weight)
        require(refused, f"{native.shape} is accepted for {use.weight} of {shape}", manner)
        equal(net.read(use, use.weight), right, f"{use.weight} after {native.shape} was refused")


_BEFORE, _AFTER = "before the forward pass", "after the forward pass"


@convention(
    "assign.inside-recording",
    topic="assigning while gradients are recorded",
    words={
        "right-gradients": "leaves gradients right",
        "refused": "is refused where the backward pass needs the old value",
    },
    source=LONG_EDITIONS,
    behaviours=("right-gradients", "refused"),
    needs=("bias", "several layers", "gradients differ"),
    revision=2,
    after=("gradient.value", "assign.everything"),
    variants=(_BEFORE, _AFTER),
    **plain(edges=(*PLAIN_EDGES, *NESTED_EDGES[-2:])),
)
def inside_recording(net: Subject) -> str:
    """Assigning while gradients are being recorded, in the documented way, leaves the gradients
    right, which are those of the values that the output was computed with; or it raises an error.
    After the forward pass, this is tried on a weight whose old value the backward pass needs.
    """
    old, late = net.fill(), net.case.variant == _AFTER
    # The gradients of earlier layers need a layer's weight; before the first layer there are none.
    use = net.picked(net.architecture.uses[1:] if late else net.architecture.uses)
    new = {**old, use.weight: old[use.weight] + 1}
    if not values.exact(net.architecture, new):
        raise Inapplicable
    before, after = net.expected_gradients(old), net.expected_gradients(new)
    expected = before if late else after
    net.event("gradients differ", any(not np.array_equal(before[k], after[k]) for k in before))
    value = net.oriented(new[use.weight], use.weight).astype(np.float32)
    cotangent = net.cotangent.astype(np.float32)
    try:
        gradients = net.suite.backward_assigning(
            net.model, net.x32, cotangent, net.handle(use, use.weight), value, late
        )
    except net.suite.refused_by("backward_assigning"):
        return "refused"
    for place in net.architecture.uses:
        for key in place.keys:
            found = net.gradient(gradients, place, key)
            if found is None:
                raise Violation(f"gradient of {key}: there is none")
            what = f"gradient of {key}, {use.weight} assigned {net.case.variant}"
            equal(found, expected[key], what)
    equal(net.read(use, use.weight), new[use.weight], f"{use.weight}, read after it was assigned")
    return "right-gradients"
