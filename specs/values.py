"""Values for parameters and inputs, mostly small integers on which float32 arithmetic is exact.

With the integers, every partial sum of the forward and backward pass stays below 2^24 in magnitude,
so float32 represents it exactly in any order of summation, and results are compared with `==`.
"""

from __future__ import annotations

import numpy as np

from paramlaws.specs import reference
from paramlaws.specs.architecture import Architecture

#: Integers up to here are exact in float32, and so are their halves, which an SGD step makes.
EXACT = 2.0**23

Array = reference.Array


def parameters(architecture: Architecture, seed: int) -> dict[str, Array]:
    """Integer parameters, made sparser where dense ones could leave the exact range."""
    rng = np.random.default_rng(seed)
    for density in (0.8, 0.4, 0.1, 0.0):
        drawn = {key: _draw(rng, shape, density) for key, shape in architecture.shapes.items()}
        if _largest(architecture, drawn) < EXACT:
            return drawn
    return {key: np.zeros(shape) for key, shape in architecture.shapes.items()}


def exact(architecture: Architecture, parameters: dict[str, Array]) -> bool:
    """Whether float32 computes the network with these integer parameters exactly."""
    return _largest(architecture, parameters) < EXACT


def inputs(architecture: Architecture, rows: int, seed: int) -> Array:
    """An integer input of (rows, inputs), entries -1 to 2."""
    rng = np.random.default_rng([seed, 1])
    return rng.integers(-1, 3, (rows, architecture.inputs)).astype(np.float64)


def cotangent(architecture: Architecture, rows: int, seed: int) -> Array:
    """An integer cotangent of (rows, outputs), entries 1 or 2, so that none is zero."""
    rng = np.random.default_rng([seed, 2])
    return rng.integers(1, 3, (rows, architecture.outputs)).astype(np.float64)


def stamps(architecture: Architecture) -> dict[str, Array]:
    """Parameters whose elements are all distinct, across the whole network."""
    found, start = {}, 1.0
    for key, shape in architecture.shapes.items():
        size = int(np.prod(shape))
        found[key] = np.arange(start, start + size).reshape(shape)
        start += size
    return found


def normal(architecture: Architecture, seed: int) -> dict[str, Array]:
    """Parameters from the standard normal distribution, rounded to float32."""
    rng = np.random.default_rng([seed, 5])
    shapes = architecture.shapes.items()
    drawn = {key: rng.standard_normal(shape).astype(np.float32) for key, shape in shapes}
    return {key: value.astype(np.float64) for key, value in drawn.items()}


def continuous(architecture: Architecture, seed: int) -> dict[str, Array]:
    """Float32 parameters with values of all kinds: large, small, subnormal, zeros of both signs.

    Apart from the zeros, the elements of a parameter are distinct.
    """
    rng = np.random.default_rng([seed, 3])
    special = np.array([-0.0, 0.0, 2.0**-149, np.finfo(np.float32).max], np.float32)
    found = {}
    for key, shape in architecture.shapes.items():
        value = rng.standard_normal(shape) * 2.0 ** rng.integers(-100, 100, shape)
        value.flat[: special.size // 2] = rng.choice(special, min(value.size, 2), replace=False)
        found[key] = value.astype(np.float32).astype(np.float64)
    return found


def _draw(rng: np.random.Generator, shape: tuple[int, ...], density: float) -> Array:
    if len(shape) == 1:
        return rng.integers(-1, 3, shape).astype(np.float64)
    units, fan_in = shape
    # One entry of +1 or -1 in each row, spread evenly over the columns, so that no signal vanishes.
    value = np.zeros(shape)
    columns = np.resize(rng.permutation(fan_in), units)
    value[np.arange(units), columns] = rng.choice([1.0, 1.0, -1.0], units)
    extra = rng.integers(-1, 3, shape) * (rng.random(shape) < density)
    return value + extra


def _largest(architecture: Architecture, drawn: dict[str, Array]) -> float:
    """A bound on every partial sum: the computation on magnitudes, on which relu has no effect."""
    size = {key: np.abs(value) for key, value in drawn.items()}
    x = np.full((4, architecture.inputs), 2.0)
    slope = np.full((4, architecture.outputs), 4.0)
    with np.errstate(over="ignore", invalid="ignore"):
        seen = reference.trace(architecture, size, x)
        seen += reference.gradients(architecture, size, x, slope).values()
        return float(np.nan_to_num(max(value.max() for value in seen), nan=np.inf))
