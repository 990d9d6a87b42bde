"""The network under test with initial values drawn by its framework."""

from __future__ import annotations

import numpy as np

from paramlaws.specs.subject import Subject
from paramlaws.specs.suite import Initialiser


def seeded(net: Subject, seed: int) -> Subject:
    """Initialises a new network by default from this seed and returns the subject."""
    net.model = net.suite.seeded(net.architecture, net.x32, seed)
    return net


def initialised(net: Subject, custom: Initialiser | None = None) -> Subject:
    """Initialises a new network as its layers' `init` says and returns the subject.

    custom: the user's initialiser, for layers with the kind "custom"; zeros by default.
    """
    layers = {net.native(u.path): u.dense.init for u in net.architecture.uses if u.dense.init}
    draw = custom or (lambda shape: np.zeros(shape, np.float32))
    seed = net.example.randomness
    net.model = net.suite.initialised(net.architecture, net.x32, seed, layers, draw)
    return net


def reinitialised(net: Subject, seed: int) -> None:
    """Draws every parameter of the network again from this seed."""
    net.model = net.suite.reinitialised(net.model, net.x32, seed)
