"""The float64 semantics of an architecture: what every framework should compute.

Parameters are a mapping from the keys of `Architecture.shapes` to arrays, weights as (units,
fan_in). The loss whose gradients are meant is sum(cotangent * output): linear, so that gradients of
small-integer networks are exact integers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from paramlaws.specs.architecture import Activation, Architecture, Dense, Use

Array = npt.NDArray[np.float64]
Parameters = Mapping[str, Array]

#: Unit roundoff of float32.
UNIT_ROUNDOFF = 2.0**-24


def forward(architecture: Architecture, parameters: Parameters, x: Array) -> Array:
    """The output, (rows, outputs), for an input of (rows, inputs)."""
    return trace(architecture, parameters, x)[-1]


def gradients_by_use(
    architecture: Architecture, parameters: Parameters, x: Array, cotangent: Array
) -> list[tuple[str, Array]]:
    """(key, gradient) for each use by itself, as if no parameter were tied, in order of use."""
    values = trace(architecture, parameters, x)
    operations = _operations(architecture)
    found: list[tuple[str, Array]] = []
    delta = cotangent
    uses = list(architecture.uses)
    for step in range(len(operations), 0, -1):
        operation, before, after = operations[step - 1], values[step - 1], values[step]
        if operation is None:
            delta = delta * (after > 0)
            continue
        use = uses.pop()
        if use.bias is not None:
            found.append((use.bias, delta.sum(axis=0)))
        found.append((use.weight, delta.T @ before))
        delta = delta @ parameters[use.weight]
    return found[::-1]


def gradients(
    architecture: Architecture, parameters: Parameters, x: Array, cotangent: Array
) -> dict[str, Array]:
    """Gradient of every distinct parameter: the sum over its uses."""
    total = {key: np.zeros(shape) for key, shape in architecture.shapes.items()}
    for key, gradient in gradients_by_use(architecture, parameters, x, cotangent):
        total[key] = total[key] + gradient
    return total


def sgd_step(
    architecture: Architecture, parameters: Parameters, x: Array, cotangent: Array, rate: float
) -> dict[str, Array]:
    """The parameters after one plain step of gradient descent; a tied one moves once."""
    slope = gradients(architecture, parameters, x, cotangent)
    return {key: parameters[key] - rate * slope[key] for key in architecture.shapes}


def forward_error_bound(architecture: Architecture, parameters: Parameters, x: Array) -> Array:
    """Elementwise bound on |float32 output - `forward`|, for inputs given in float32.

    A dot product of n terms plus a bias is within gamma(n + 1) * (|x||W|^T + |b|) of the exact one
    in any order of summation (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1);
    the error carried in grows by at most |W|; relu does not enlarge it.
    """
    value, error = x, np.zeros_like(x)
    uses = iter(architecture.uses)
    for operation in _operations(architecture):
        if operation is None:
            value = np.maximum(value, 0.0)
            continue
        use = next(uses)
        weight = np.abs(parameters[use.weight])
        magnitude = (np.abs(value) + error) @ weight.T
        value = value @ parameters[use.weight].T
        if use.bias is not None:
            magnitude = magnitude + np.abs(parameters[use.bias])
            value = value + parameters[use.bias]
        n = use.fan_in + 1
        gamma = n * UNIT_ROUNDOFF / (1 - n * UNIT_ROUNDOFF)
        error = error @ weight.T + gamma * magnitude
    return error


def _operations(architecture: Architecture) -> list[Use | None]:
    """The computation as a list: a use of a dense layer, or None for relu."""
    uses = iter(architecture.uses)
    found: list[Use | None] = []
    for _, entry in architecture.walk():
        if isinstance(entry, Dense):
            found.append(next(uses))
        if isinstance(entry, Activation) or getattr(entry, "activation", None):
            found.append(None)
    return found


def trace(architecture: Architecture, parameters: Parameters, x: Array) -> list[Array]:
    """The input, then the value after each operation."""
    values = [x]
    for operation in _operations(architecture):
        value = values[-1]
        if operation is None:
            values.append(np.maximum(value, 0.0))
            continue
        value = value @ parameters[operation.weight].T
        values.append(value if operation.bias is None else value + parameters[operation.bias])
    return values
