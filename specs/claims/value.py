"""What a parameter is and how its value is read."""

from __future__ import annotations

import numpy as np

from paramlaws.specs.claim import Violation, convention, law, require
from paramlaws.specs.claims._drawing import EDITIONS, READER, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.subject import Subject


@convention(
    "value.parameter-class",
    topic="a parameter",
    words={
        "wrapper": "is an object that holds value and gradient",
        "variable": "is a variable that holds a value",
        "bare-array": "is a bare array",
    },
    source=EDITIONS,
    behaviours=("wrapper", "variable", "bare-array"),
    needs=("bias",),
    after=("access.two-parameters",),
    revision=2,
    **plain(),
)
def parameter_class(net: Subject) -> str:
    """A parameter is a wrapper that holds value, gradient and more, a variable that holds a value,
    or a bare array.
    """
    net.ready()
    use = net.picked(net.architecture.uses)
    handle = net.handle(use, net.picked(use.keys))
    net.backward()
    if net.suite.stores_gradients and net.suite.stored_gradient(net.model, handle) is not None:
        return "wrapper"
    native = net.suite.native(net.model, handle)
    return "bare-array" if isinstance(native, net.suite.array_type()) else "variable"


@law(
    "value.explicit-read",
    topic="reading a value",
    rule="gives an array and changes nothing",
    source=EDITIONS,
    needs=("bias", "nested"),
    after=("access.two-parameters",),
    **plain(),
)
def explicit_read(net: Subject) -> None:
    """The value can be read as a numeric array; reading changes nothing, and two reads agree bit
    for bit.
    """
    net.ready()
    for key in net.architecture.shapes:
        handle = net.handle(net.architecture.first_uses[key], key)
        first = np.array(net.suite.read(net.model, handle))
        second = np.array(net.suite.read(net.model, handle))
        require(first.dtype.kind == "f", f"{key} reads as {first.dtype}, not as numbers")
        wanted = net.native_shape(key)
        require(first.shape == wanted, f"{key} of {wanted} reads with shape {first.shape}")
        require(first.tobytes() == second.tobytes(), f"two reads of {key} differ")
    net.fill()
    net.read_all()
    for key, value in net.read_all().items():
        equal(value, net.integers[key], f"{key}, read again after every other was read")


@convention(
    "value.read-aliasing",
    topic="writing into what was read",
    words={
        "view": "changes the parameter",
        "copy": "changes a copy only",
        "read-only": "is not possible",
    },
    source=READER,
    behaviours=("view", "copy", "read-only"),
    after=("value.explicit-read",),
    needs=("bias",),
    **plain(),
)
def read_aliasing(net: Subject) -> str:
    """Writing into what was read changes the parameter, changes a copy, or is not possible."""
    net.fill()
    use = net.picked(net.architecture.uses)
    key = net.picked(use.keys)
    read = net.suite.read(net.model, net.handle(use, key))
    if not read.flags.writeable:
        return "read-only"
    read[...] = read + 1
    after = net.read(use, key)
    if np.array_equal(after, net.integers[key]):
        return "copy"
    if np.array_equal(after, net.integers[key] + 1):
        return "view"
    raise Violation(f"writing into what was read of {key} left {after.tolist()}")
