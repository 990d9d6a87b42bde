"""Training with plain gradient descent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from paramlaws.specs import reference, values
from paramlaws.specs.architecture import SAME_LAYER, Architecture, Block, Dense, Entry
from paramlaws.specs.claim import Inapplicable, law, require
from paramlaws.specs.claims._drawing import plain, with_ties
from paramlaws.specs.compare import equal, near
from paramlaws.specs.outline import outline
from paramlaws.specs.reference import Array
from paramlaws.specs.subject import Subject


@law(
    "train.step",
    topic="one step of plain gradient descent",
    rule="moves every parameter as the reference does",
    source="exercise 2 of the English edition",
    needs=("nested", "no bias", "every parameter moved"),
    after=("gradient.value", "listing.count"),
    **plain(),
)
def step(net: Subject) -> None:
    """One plain SGD step moves every parameter exactly as the reference does."""
    parameters = net.fill()
    slopes = net.expected_gradients(parameters)
    net.event("every parameter moved", all(slope.any() for slope in slopes.values()))
    net.sgd_step(rate=0.5)
    for key, value in net.read_all().items():
        equal(value, parameters[key] - 0.5 * slopes[key], f"{key} after one step")


#: How many steps a training takes, and by how much the loss must fall for a step to be judged.
_STEPS, _FALL = 4, 1e-3


@law(
    "train.shared-layer",
    topic="training with a shared layer",
    rule="follows the reference at each step, and the loss falls",
    source="exercise 2 of the English edition",
    needs=("tie", "three uses", "loss fell", "several steps"),
    after=(
        "gradient.value",
        "assign.everything",
        "tie.applied-at-each-use",
        "train.step",
        "tie.survives-training",
        "gradient.reset",
    ),
    **with_ties(SAME_LAYER),
)
def shared_layer(net: Subject) -> None:
    """Training a network with a shared layer by plain gradient descent on the squared error:
    parameters and gradients can be observed at each step and are those of the reference within
    float32's error, ties hold throughout, and the loss on a fixed batch falls.
    """
    net.fill(values.normal(net.architecture, net.example.seed))
    target = net.cotangent
    course: list[dict[str, Any]] = []
    for number in range(_STEPS):
        parameters, x = net.read_all(), net.x
        output = net.forward()
        # The gradient of half the squared error with respect to the output.
        net.cotangent = (output - target).astype(np.float32).astype(np.float64)
        slopes = net.expected_gradients(parameters)
        rate = _rate(net, parameters, slopes, target)
        if rate is None or not reference.decides_safely(net.architecture, parameters, x):
            break
        net.event("several steps", number > 1)
        bounds = reference.gradient_error_bound(net.architecture, parameters, x, net.cotangent)
        if net.suite.stores_gradients:
            net.model = net.suite.reset_gradients(net.model)
        gradients = net.backward()
        for _, key, handle in net.each_use():
            found = net.gradient_of(gradients, handle, key)
            near(found, slopes[key], bounds[key], f"gradient of {key}, step {number}")
        net.sgd_step(rate)
        for use, key, handle in net.each_use():
            moved = parameters[key] - rate * slopes[key]
            rounding = 3 * reference.UNIT_ROUNDOFF * (abs(parameters[key]) + abs(moved))
            bound = 2 * rate * bounds[key] + rounding
            near(net.value(handle, key), moved, bound, f"{key} at {use.path} after step {number}")
        before, after = (float(((y - target) ** 2).sum()) for y in (output, net.forward()))
        require(after < before, f"the loss went from {before} to {after} at step {number}")
        net.event("loss fell")
        sizes = {key: [_size(values[key]) for values in (parameters, slopes)] for key in slopes}
        course.append({"loss": before, "sizes": sizes})
    else:
        if len(net.architecture.uses) > 2:
            net.shown["course"] = [*course, {"loss": after, "sizes": {}}]
            net.shown["network"] = outline(net.architecture)
        return
    if number == 0:
        raise Inapplicable  # Nothing moves, or a relu is at its kink.


def _size(value: Array) -> float:
    """The root mean square."""
    return float(np.sqrt((value**2).mean()))


def _rate(
    net: Subject, parameters: dict[str, Array], slopes: dict[str, Array], target: Array
) -> float | None:
    """A rate at which the reference's loss falls by more than rounding can hide, None if none does.

    The loss must fall by at least half of what its slope promises (Armijo's rule): at far too large
    a rate it may fall as well, to where all units are dead, through values that overflow float32.
    """

    def loss(values: dict[str, Array]) -> tuple[float, float]:
        """The loss, and a bound on its error from rounding the outputs."""
        error = reference.forward_error_bound(net.architecture, values, net.x)
        off = np.abs(net.expected_forward(values) - target)
        return float((off**2).sum()), float((error * (2 * off + error)).sum())

    start, blur = loss(parameters)
    steepness = sum(float((slope**2).sum()) for slope in slopes.values())
    for rate in (2.0**-power for power in range(2, 40)):
        fall = max(_FALL * start, rate * steepness)
        if fall > start:
            continue
        end, blur_there = loss(
            {key: value - rate * slopes[key] for key, value in parameters.items()}
        )
        # With a margin for the rounding of the step itself.
        if start - end > max(fall, 8 * (blur + blur_there)):
            return rate
    return None


@law(
    "train.parameter-saving",
    topic="sharing a layer",
    rule="costs what the layer costs once",
    source="exercise 3 of the English edition",
    needs=("tie", "three uses"),
    after=("listing.element-count",),
    **with_ties(SAME_LAYER),
)
def parameter_saving(net: Subject) -> None:
    """Sharing saves parameters: a layer that is used k times costs what one costs, where k separate
    layers would cost k times that.
    """
    apart = net.another(Architecture(net.architecture.inputs, _untied(net.architecture.entries)))
    costs = [
        sum(subject.raw(handle).size for _, handle in subject.ready().listing())
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
