"""Giving parameters values."""

from __future__ import annotations

import numpy as np

from paramlaws.specs.claim import Violation, convention, law, require
from paramlaws.specs.claims._drawing import LONG_EDITIONS, READER, plain
from paramlaws.specs.strategies import PLAIN_EDGES
from paramlaws.specs.subject import Subject, equal


@convention(
    "assign.mode",
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
    before = net.oriented(net.suite.read(old, handle))
    if np.array_equal(before, parameters[key]):
        return "new-tree"
    if np.array_equal(before, parameters[key] + 1):
        return "in-place"
    raise Violation(f"the old network has {before.tolist()} in {key}")


@law(
    "assign.wrong-shape",
    source=READER,
    needs=("bias", "several units"),
    after=("value.explicit-read",),
    **plain(edges=PLAIN_EDGES[1:]),
)
def wrong_shape(net: Subject) -> None:
    """A value of the wrong shape is refused with an error, and the parameter is unchanged."""
    parameters = net.fill()
    use = net.picked([use for use in net.architecture.uses if use.dense.units > 1])
    net.met("several units")
    handle, right = net.handle(use, use.weight), parameters[use.weight]
    # One row too many fits in no way; a single row could be spread over all of them.
    for manner, value in (("accepted", np.vstack([right, right[:1]])), ("broadcast", right[:1])):
        native = net.oriented(value).astype(np.float32)
        refused = net.refuses("assign", net.model, handle, native)
        require(refused, f"{native.shape} is accepted for {use.weight} of {right.shape}", manner)
        equal(net.read(use, use.weight), right, f"{use.weight} after {native.shape} was refused")
