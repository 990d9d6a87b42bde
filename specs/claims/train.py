"""Training with plain gradient descent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from paramlaws.specs.architecture import SAME_LAYER, Architecture, Block, Dense, Entry
from paramlaws.specs.claim import law, require
from paramlaws.specs.claims._drawing import plain, with_ties
from paramlaws.specs.subject import Subject, equal


@law(
    "train.step",
    source="exercise 2 of the English edition",
    needs=("nested", "no bias", "every parameter moved"),
    after=("gradient.value",),
    **plain(),
)
def step(net: Subject) -> None:
    """One plain SGD step moves every parameter exactly as the reference does."""
    parameters = net.fill()
    slopes = net.expected_gradients(parameters)
    net.met("every parameter moved", all(slope.any() for slope in slopes.values()))
    net.sgd_step(rate=0.5)
    for key, value in net.read_all().items():
        equal(value, parameters[key] - 0.5 * slopes[key], f"{key} after one step")


@law(
    "train.parameter-saving",
    source="exercise 3 of the English edition",
    needs=("tie", "three uses"),
    after=("listing.element-count",),
    **with_ties(SAME_LAYER),
)
def parameter_saving(net: Subject) -> None:
    """Sharing saves parameters: a layer that is used k times costs what one costs, where k separate
    layers would cost k times that.
    """
    apart = net.of(Architecture(net.architecture.inputs, _untied(net.architecture.entries)))
    costs = [
        sum(subject.value(handle).size for _, handle in subject.start().listing())
        for subject in (net, apart)
    ]
    saved = 0
    for key in net.architecture.tied:
        repeats = len(net.architecture.places(key)) - 1
        saved += repeats * int(np.prod(net.architecture.shapes[key]))
    require(
        costs[0] + saved == costs[1],
        f"{costs[0]} scalars with sharing and {costs[1]} without; {saved} should be saved",
    )


def _untied(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        replace(entry, entries=_untied(entry.entries))
        if isinstance(entry, Block)
        else Dense(entry.units, entry.bias, entry.activation)
        if isinstance(entry, Dense)
        else entry
        for entry in entries
    )
