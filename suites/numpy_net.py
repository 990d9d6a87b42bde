"""A miniature framework in NumPy: parameters that hold gradients, layers, and containers.

The `reference` suite adapts it, so that the claims can be tried without any framework, and the
deliberately wrong variants in the tests are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


#: Draws initial values; see `seed`.
_generator = np.random.default_rng(0)


def seed(number: int) -> None:
    """Seeds the generator of initial values."""
    global _generator
    _generator = np.random.default_rng(number)


class Parameter:
    """A float32 value, None until its shape is known, and a gradient, None until a backward pass.

    It stays the same object for as long as its module lives, whatever value is assigned.
    """

    def __init__(self, value: Floats | None = None) -> None:
        self.value: Any = value
        self.grad: Floats | None = None
        self.trainable = True

    def assign(self, value: Floats) -> None:
        """Sets the value; raises ValueError if the new one has another shape."""
        if value.shape != self.value.shape:
            raise ValueError(f"a value of {value.shape} for a parameter of {self.value.shape}")
        self.value = value.copy()

    def accumulate(self, gradient: Floats) -> None:
        """Adds to the gradient, unless the parameter is frozen."""
        if self.trainable:
            self.grad = gradient if self.grad is None else self.grad + gradient


class Module:
    """Anything with parameters and a forward and backward pass.

    `forward` returns the output and a context for `backward`, which returns the gradient with
    respect to the input.
    """

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        """The output and the context for `backward`."""
        raise NotImplementedError

    def backward(self, context: Any, slope: Floats) -> Floats:
        """Accumulates the parameters' gradients and returns that of the input.

        slope: the gradient with respect to the output.
        """
        raise NotImplementedError

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """Each parameter with its name, once for each of its places."""
        for name, module in self.children():
            yield from module.named_parameters(f"{prefix}{name}.")

    def children(self) -> list[tuple[str, Module]]:
        """The inner modules with their names."""
        return []


Initialiser: TypeAlias = Callable[[tuple[int, ...]], npt.NDArray[Any]]


def uniform(limit: float) -> Initialiser:
    """Draws uniformly from [-limit, limit]."""
    return lambda shape: _generator.uniform(-limit, limit, shape)


def normal(deviation: float) -> Initialiser:
    """Draws from the normal distribution with mean 0."""
    return lambda shape: _generator.normal(0.0, deviation, shape)


def constant(value: float) -> Initialiser:
    """Returns this value for all elements."""
    return lambda shape: np.full(shape, value)


def xavier(shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Draws uniformly with variance 2 / (sum of both widths)."""
    return uniform((6 / sum(shape)) ** 0.5)(shape)


class Linear(Module):
    """y = x W^T + b, with the parameters `weight`, (units, fan_in), and `bias`, (units,).

    The input width is inferred at the first forward pass if it is None.
    """

    def __init__(self, units: int, bias: bool = True, fan_in: int | None = None) -> None:
        self.units = units
        self.weight = Parameter()
        self.bias = Parameter(np.zeros(units, np.float32)) if bias else None
        if fan_in is not None:
            self.infer(fan_in)

    def infer(self, fan_in: int) -> None:
        """Gives the weight its shape and its default values."""
        self.initialise(uniform(fan_in**-0.5), (self.units, fan_in))

    def initialise(self, draw: Initialiser, shape: tuple[int, ...] | None = None) -> None:
        """Draws the weight, of this shape or the one that it has, and sets the bias to zero."""
        self.weight.value = draw(shape or self.weight.value.shape).astype(np.float32)
        if self.bias is not None:
            self.bias.value = np.zeros(self.units, np.float32)

    def reset(self) -> None:
        """Draws the default values again."""
        self.infer(self.weight.value.shape[1])

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        if self.weight.value is None:
            self.infer(x.shape[1])
        y = x @ self.weight.value.T
        return (y if self.bias is None else y + self.bias.value), x

    def backward(self, context: Any, slope: Floats) -> Floats:
        self.weight.accumulate(slope.T @ context)
        if self.bias is not None:
            self.bias.accumulate(slope.sum(axis=0))
        return slope @ self.weight.value

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        yield prefix + "weight", self.weight
        if self.bias is not None:
            yield prefix + "bias", self.bias


class Embedding(Module):
    """Looks up the rows of a (vocabulary, width) matrix by integer tokens."""

    def __init__(self, vocabulary: int, width: int) -> None:
        self.weight = Parameter(normal(1.0)((vocabulary, width)).astype(np.float32))

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        return self.weight.value[x], x

    def backward(self, context: Any, slope: Floats) -> Floats:
        gradient = np.zeros_like(self.weight.value)
        np.add.at(gradient, context, slope)
        self.weight.accumulate(gradient)
        return np.zeros(context.shape, np.float32)

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        yield prefix + "weight", self.weight


class ReLU(Module):
    """max(x, 0), as a module of its own."""

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        return np.maximum(x, 0), x > 0

    def backward(self, context: Any, slope: Floats) -> Floats:
        return slope * context


class Sequential(Module):
    """Modules in sequence; a module may occur several times, at several indices.

    Indices are those of a list, negative ones from its end. A module's name is its index unless
    it is given another, so that a network that is built again has the same names.
    """

    def __init__(self, *modules: Module, names: Sequence[str | None] = ()) -> None:
        self.modules = list(modules)
        self.names = dict(enumerate(names))

    def __len__(self) -> int:
        return len(self.modules)

    def __getitem__(self, index: int) -> Module:
        return self.modules[index]

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        contexts = []
        for module in self.modules:
            x, context = module.forward(x)
            contexts.append(context)
        return x, contexts

    def backward(self, context: Any, slope: Floats) -> Floats:
        for module, own in zip(reversed(self.modules), reversed(context), strict=True):
            slope = module.backward(own, slope)
        return slope

    def children(self) -> list[tuple[str, Module]]:
        return [(self.names.get(i) or str(i), module) for i, module in enumerate(self.modules)]


def layers(module: Module) -> Iterator[Linear]:
    """Each dense layer, at each of its uses."""
    if isinstance(module, Linear):
        yield module
    for _, inner in module.children():
        yield from layers(inner)


def load(module: Module, values: Mapping[str, Floats]) -> None:
    """Assigns values by name; raises ValueError, changing nothing, if one of them does not fit."""
    own = dict(module.named_parameters())
    shapes = {name: parameter.value.shape for name, parameter in own.items()}
    found = {name: value.shape for name, value in values.items()}
    if found != shapes:
        raise ValueError(f"values of shapes {found} do not fit parameters of shapes {shapes}")
    for name, value in values.items():
        own[name].assign(value)


def distinct(named: Iterator[tuple[str, Parameter]]) -> list[tuple[str, Parameter]]:
    """Each parameter once, under its first name."""
    seen: dict[int, tuple[str, Parameter]] = {}
    for name, parameter in named:
        seen.setdefault(id(parameter), (name, parameter))
    return list(seen.values())


def describe(module: Module) -> str:
    """A line for each distinct layer, and the total number of parameters."""
    lines: dict[int, str] = {}
    pending = [module]
    while pending:
        current = pending.pop(0)
        pending = [*(module for _, module in current.children()), *pending]
        if isinstance(current, Linear):
            lines[id(current)] = f"Linear({current.units})"
    total = sum(parameter.value.size for _, parameter in distinct(module.named_parameters()))
    return "\n".join([*lines.values(), f"Total parameters: {total}"])
