"""What variants look for in networks of the reference's framework, and change there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from paramlaws.specs.suite import Floats
from paramlaws.suites import numpy_net as nn


def containers(module: nn.Module) -> Iterator[nn.Sequential]:
    """Every container, the outermost first."""
    if isinstance(module, nn.Sequential):
        yield module
        for inner in module.modules:
            yield from containers(inner)


def layers(module: nn.Module) -> list[nn.Linear]:
    """The layers at each of their uses."""
    if isinstance(module, nn.Sequential):
        return [layer for inner in module.modules for layer in layers(inner)]
    return [module] if isinstance(module, nn.Linear) else []


def is_nested(model: Any) -> bool:
    """Whether there is a block inside."""
    return len(list(containers(model))) > 1


def has_bias_everywhere(model: Any) -> bool:
    """Whether every layer has a bias."""
    return all(layer.bias is not None for layer in layers(model))


def replace_uses(model: Any, use: int, make: Callable[[nn.Linear], nn.Module]) -> Any:
    """The model with what `make` says in place of each layer's use number `use`, from 0."""
    seen: dict[int, int] = {}
    for container in containers(model):
        for index, module in enumerate(container.modules):
            if isinstance(module, nn.Linear):
                count = seen.get(id(module), 0)
                seen[id(module)] = count + 1
                if count == use:
                    container.modules[index] = make(module)
    return model


class Skipped(nn.Linear):
    """Has the parameters of another layer, and where that is square, gives what it is given."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__(layer.units)
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        return (x, None) if x.shape[1] == self.units else super().forward(x)

    def backward(self, context: Any, slope: Floats) -> Floats:
        return slope if context is None else super().backward(context, slope)
