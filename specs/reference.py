"""The float64 semantics of an architecture: what every framework should compute.

Parameters map the keys of `Architecture.shapes` to arrays, weights as (units, fan_in). Gradients
are those of the loss sum(cotangent * output), which is linear in the output, so that they are exact
integers in small-integer networks.
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
    """(key, gradient) for each use separately, as if no parameter were tied, in order of use."""
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
    """The gradient of every distinct parameter: the sum over its uses."""
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
    """Elementwise bound on |float32 output - `forward`| for float32 parameters and inputs.

    A dot product of n terms plus a bias is within gamma(n + 1) * (|x||W|^T + |b|) of the exact one
    in any order of summation (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1);
    an incoming error is multiplied by at most |W|, and relu does not increase it.
    """
    return _errors(architecture, parameters, x)[-1]


def gradient_error_bound(
    architecture: Architecture, parameters: Parameters, x: Array, cotangent: Array
) -> dict[str, Array]:
    """Elementwise bounds on |float32 gradient - `gradients`| for float32 parameters and inputs.

    A gradient is a sum of products, each rounded at most k times, once for each addition and
    multiplication of the forward and backward pass. It is within gamma(k) times the gradient of
    the network of magnitudes (Higham, lemma 3.1) if every relu decides as in exact arithmetic; see
    `decides_safely`.
    """
    k = x.shape[0] + sum(2 * use.fan_in + use.dense.units + 4 for use in architecture.uses)
    sizes = {key: np.abs(value) for key, value in parameters.items()}
    bounds = gradients(architecture, sizes, np.abs(x), np.abs(cotangent))
    return {key: _gamma(k) * bound for key, bound in bounds.items()}


def decides_safely(architecture: Architecture, parameters: Parameters, x: Array) -> bool:
    """Whether every relu's input is so far from zero that rounding cannot change its sign."""
    values = trace(architecture, parameters, x)
    errors = _errors(architecture, parameters, x)
    relus = [i for i, operation in enumerate(_operations(architecture)) if operation is None]
    return all((np.abs(values[i]) > errors[i]).all() for i in relus)


def _gamma(n: int) -> float:
    return n * UNIT_ROUNDOFF / (1 - n * UNIT_ROUNDOFF)


def _errors(architecture: Architecture, parameters: Parameters, x: Array) -> list[Array]:
    """Bounds on the errors of the input and of the value after each operation."""
    found = [np.zeros_like(x)]
    values = trace(architecture, parameters, x)
    for operation, value in zip(_operations(architecture), values, strict=False):
        if operation is None:
            found.append(found[-1])
            continue
        weight = np.abs(parameters[operation.weight])
        magnitude = (np.abs(value) + found[-1]) @ weight.T
        if operation.bias is not None:
            magnitude = magnitude + np.abs(parameters[operation.bias])
        found.append(found[-1] @ weight.T + _gamma(operation.fan_in + 1) * magnitude)
    return found


def _operations(architecture: Architecture) -> list[Use | None]:
    """The steps of the computation: a use of a dense layer, or None for relu."""
    uses = iter(architecture.uses)
    found: list[Use | None] = []
    for _, entry in architecture.walk():
        if isinstance(entry, Dense):
            found.append(next(uses))
        if isinstance(entry, Activation) or entry.activation:
            found.append(None)
    return found


def trace(architecture: Architecture, parameters: Parameters, x: Array) -> list[Array]:
    """The input, then the value after each layer and relu, each of (rows, width)."""
    values = [x]
    for operation in _operations(architecture):
        value = values[-1]
        if operation is None:
            values.append(np.maximum(value, 0.0))
            continue
        value = value @ parameters[operation.weight].T
        values.append(value if operation.bias is None else value + parameters[operation.bias])
    return values
