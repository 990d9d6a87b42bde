"""Gradients of parameters."""

from __future__ import annotations

import numpy as np

from paramlaws.specs.claim import Inapplicable, Violation, convention, law, require
from paramlaws.specs.claims._drawing import EDITIONS, READER, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.subject import Subject


@convention(
    "gradient.before-backward",
    topic="gradient before any backward pass",
    words={"none": "is `None`", "zeros": "is all zeros"},
    source=EDITIONS,
    behaviours=("none", "zeros"),
    needs=("bias",),
    after=("access.two-parameters",),
    revision=2,
    **plain(),
)
def before_backward(net: Subject) -> str:
    """Before any backward pass, a parameter's gradient is `None` or all zeros."""
    net.start()
    use = net.picked(net.architecture.uses)
    return _state(net, net.handle(use, net.picked(use.keys)))


@law(
    "gradient.shape",
    topic="shape of a gradient",
    rule="is the shape of its parameter",
    source=EDITIONS,
    needs=("no bias", "nested", "not square"),
    after=("construct.forward-value",),
    **plain(),
)
def shape(net: Subject) -> None:
    """After a backward pass, each trainable parameter that took part has a gradient of the same
    shape.
    """
    net.fill()
    gradients = net.backward()
    for _, key, handle in net.each_use():
        found = net.gradient_of(gradients, handle, key)
        wanted = net.architecture.shapes[key]
        if found is None:
            raise Violation(f"{key} took part and has no gradient")
        shapes = f"{net.shape_there(found.shape, key)} instead of {net.native_shape(key)}"
        require(found.shape == wanted, f"the gradient of {key} has the shape {shapes}")


@law(
    "gradient.value",
    topic="value of a gradient",
    rule="is the reference's",
    source=EDITIONS,
    needs=("nested", "fused activation", "gradient not zero"),
    after=("gradient.shape", "value.explicit-read"),
    **plain(),
)
def gradient_value(net: Subject) -> None:
    """The gradient of each trainable parameter equals the reference gradient."""
    expected = net.expected_gradients(net.fill())
    gradients = net.backward()
    net.event("gradient not zero", all(value.any() for value in expected.values()))
    for _, key, handle in net.each_use():
        equal(net.gradient_of(gradients, handle, key), expected[key], f"gradient of {key}")


@convention(
    "gradient.second-backward",
    topic="second backward pass",
    words={
        "adds": "adds to the gradient",
        "overwrites": "overwrites the gradient",
        "returns-fresh": "returns a new gradient",
    },
    source=READER,
    behaviours=("adds", "overwrites", "returns-fresh"),
    needs=("gradient not zero",),
    after=("gradient.value",),
    **plain(),
)
def second_backward(net: Subject) -> str:
    """By default, a second backward pass adds to the gradient, overwrites it, or returns a new one
    and leaves the first as it was.
    """
    expected = net.expected_gradients(net.fill())
    use = net.picked([u for u in net.architecture.uses if expected[u.weight].any()])
    net.event("gradient not zero")
    once = expected[use.weight]
    first = net.backward()
    second = net.backward(times=2.0)
    after = net.gradient(second, use, use.weight)
    if after is not None and np.array_equal(after, 3 * once):
        return "adds"
    equal(after, 2 * once, "the gradient after a second backward pass with twice the loss")
    kept = net.gradient(first, use, use.weight)
    fresh = kept is not None and np.array_equal(kept, once)
    return "returns-fresh" if fresh else "overwrites"


@convention(
    "gradient.reset",
    topic="resetting gradients",
    words={"none": "leaves `None`", "zeros": "leaves zeros"},
    source=READER,
    behaviours=("none", "zeros"),
    needs=("gradient not zero",),
    after=("gradient.value", "listing.count"),
    **plain(),
)
def reset(net: Subject) -> str:
    """The documented reset of gradients, as it works by default, leaves `None` or zeros."""
    expected = net.expected_gradients(net.fill())
    net.event("gradient not zero", all(slope.any() for slope in expected.values()))
    net.backward()
    net.model = net.suite.reset_gradients(net.model)
    states = {key: _state(net, handle) for key, handle in net.each_parameter()}
    require(len(set(states.values())) == 1, f"after the reset the gradients are {states}")
    return next(iter(states.values()))


@law(
    "gradient.frozen",
    topic="frozen layers",
    rule="are left out of training",
    source=READER,
    needs=("several layers", "gradient not zero", "another layer moved"),
    after=("gradient.value", "train.step"),
    **plain(),
)
def frozen(net: Subject) -> None:
    """A frozen layer is left out of training: a backward pass for the trainable parameters gives it
    no gradient, and an optimiser step leaves it bit for bit as it was, while the others move. A
    gradient of it that is asked for by name may exist all the same.
    """
    use = net.picked(net.architecture.uses)
    others = [key for key in net.architecture.shapes if key not in use.keys]
    if not others:
        raise Inapplicable
    parameters = net.fill()
    expected = net.expected_gradients(parameters)
    net.event("gradient not zero", expected[use.weight].any())
    net.model = net.suite.freeze(net.model, net.native(use.path))
    # The step comes first: where gradients add up, it would include those of an earlier pass.
    net.sgd_step(rate=0.5)
    after = net.read_all()
    for key in use.keys:
        require(
            after[key].tobytes() == parameters[key].tobytes(),
            f"frozen {key} moved by {(after[key] - parameters[key]).tolist()}",
        )
    for key in others:
        equal(after[key], parameters[key] - 0.5 * expected[key], f"{key} after one step")
    net.event("another layer moved", any(expected[key].any() for key in others))
    net.assign_all({key: parameters[key] for key in others})
    gradients = net.backward()
    for key in use.keys:
        handle = net.handle(use, key)
        if not net.refuses("gradient", net.model, gradients, handle):
            found = net.gradient(gradients, use, key)
            require(found is None or not found.any(), f"frozen {key} has the gradient {found}")


def _state(net: Subject, handle: object) -> str:
    """The state of a parameter's own gradient where it should be empty: "none" or "zeros".

    Raises Violation if it is anything else.
    """
    stored = net.suite.stored_gradient(net.model, handle)
    if stored is None:
        return "none"
    if not np.any(stored):
        return "zeros"
    raise Violation(f"the gradient is {np.asarray(stored).tolist()}")
