"""What the faults in PyTorch share."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from paramlaws.faults.fault import Fault, Patch

ISSUES = "https://github.com/pytorch/pytorch/issues"


class InPyTorch(Fault):
    """A fault in PyTorch."""

    suite = "pytorch"


def network(*widths: int) -> nn.Sequential:
    """Linear layers from width to width."""
    return nn.Sequential(*(nn.Linear(a, b) for a, b in pairwise(widths)))


def sharing() -> nn.Sequential:
    """One layer, twice."""
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, layer)


def tying() -> nn.Sequential:
    """Two layers that share their weight."""
    net = network(2, 2, 2)
    net[1].weight = net[0].weight
    return net


def step_length(net: nn.Module) -> torch.Tensor:
    """How far one step with rate 1 moves the first parameter, in gradients."""
    parameter = next(net.parameters())
    before = parameter.detach().clone()
    net(torch.ones(1, 2)).sum().backward()
    torch.optim.SGD(net.parameters(), lr=1.0).step()
    return (before - parameter.detach()) / parameter.grad


def saved_and_loaded(net: nn.Module) -> Any:
    """What a file of the network holds."""
    buffer = io.BytesIO()
    torch.save(net.state_dict(), buffer)
    buffer.seek(0)
    return torch.load(buffer)


def list_only(patch: Patch, keep: Callable[[str, Any], bool]) -> None:
    """Has modules list only the parameters that are to be kept, once they have a shape."""
    right = nn.Module.named_parameters

    def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
        return (p for p in right(self, *arguments, **options) if is_lazy(p[1]) or keep(*p))

    patch.setattr(nn.Module, "named_parameters", wrong)
