"""Faults in PyTorch: tied parameters."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    ISSUES,
    InPyTorch,
    network,
    sharing,
    step_length,
    tying,
)


def _forward(patch: Patch, from_use: int) -> None:
    """Detaches a layer's parameters from that use of it on, in one pass through a container."""

    def wrong(self: nn.Sequential, x: torch.Tensor) -> torch.Tensor:
        uses: dict[int, int] = {}
        for module in self:
            uses[id(module)] = uses.get(id(module), 0) + 1
            if uses[id(module)] >= from_use and isinstance(module, nn.Linear):
                bias = None if module.bias is None else module.bias.detach()
                x = nn.functional.linear(x, module.weight.detach(), bias)
            else:
                x = module(x)
        return x

    patch.setattr(nn.Sequential, "forward", wrong)


class TiedGradientCountsOnce(InPyTorch):
    """Only the first use of a layer contributes to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        _forward(patch, from_use=2)

    def shows(self) -> bool:
        net = sharing()
        net(torch.ones(1, 2)).sum().backward()
        return bool((net[0].bias.grad == net[0].weight.detach().sum(0)).all())


class ThirdUseHasNoGradient(InPyTorch):
    """From the third use of a layer on, nothing is added to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        _forward(patch, from_use=3)

    def shows(self) -> bool:
        layer = nn.Linear(1, 1, bias=False)
        nn.init.ones_(layer.weight)
        nn.Sequential(layer, layer, layer)(torch.ones(1, 1)).sum().backward()
        return layer.weight.grad.item() == 2


class TiesAreSteppedPerUse(InPyTorch):
    """The optimiser moves a tied parameter once for each of its uses."""

    about = ("tie.survives-training",)
    like = f"{ISSUES}/40967"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Module, recurse: bool = True) -> Iterator[Any]:
            for _, parameter in self.named_parameters(remove_duplicate=False):
                yield parameter

        patch.setattr(nn.Module, "parameters", wrong)

    def shows(self) -> bool:
        return bool((step_length(sharing()) > 1.5).all())


class CopyUntiesLayers(InPyTorch):
    """A deep copy has a layer of its own for each use."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Sequential, memo: Any) -> nn.Sequential:
            return nn.Sequential(*(copy.deepcopy(module) for module in self))

        patch.setattr(nn.Sequential, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = copy.deepcopy(sharing())
        return net[0] is not net[1]


class CopyUntiesParameters(InPyTorch):
    """A deep copy has a parameter of its own for each of the layers that share one."""

    about = ("tie.survives-copy",)
    like = f"{ISSUES}/79788"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, memo: Any) -> nn.Linear:
            new = nn.Linear(self.in_features, self.out_features, self.bias is not None)
            new.load_state_dict(self.state_dict())
            return new

        patch.setattr(nn.Linear, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = copy.deepcopy(tying())
        return net[0].weight is not net[1].weight


class CopySharesBiases(InPyTorch):
    """A deep copy has the biases of the original."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        right = nn.Parameter.__deepcopy__

        def wrong(self: nn.Parameter, memo: Any) -> Any:
            return right(self, memo) if self.dim() > 1 else self

        patch.setattr(nn.Parameter, "__deepcopy__", wrong)

    def shows(self) -> bool:
        net = network(1, 1)
        return copy.deepcopy(net)[0].bias is net[0].bias


class CastingUnties(InPyTorch):
    """Casting makes a new parameter for each of the layers that share one."""

    about = ("tie.survives-cast",)
    like = "https://github.com/torch/nn/issues/187"

    def inject(self, patch: Patch) -> None:
        before = torch.__future__.get_overwrite_module_params_on_conversion()
        patch.setattr(torch.__future__, "_overwrite_module_params_on_conversion", not before)

    def shows(self) -> bool:
        net = tying().half()
        return net[0].weight is not net[1].weight


class ListingDoublesTies(InPyTorch):
    """A tied parameter is listed once for each of its uses."""

    about = ("tie.listed-once",)

    def inject(self, patch: Patch) -> None:
        right = nn.Module.named_parameters

        def wrong(self: nn.Module, prefix: str = "", recurse: bool = True) -> Iterator[Any]:
            return right(self, prefix, recurse, remove_duplicate=False)

        patch.setattr(nn.Module, "named_parameters", wrong)

    def shows(self) -> bool:
        return len(list(sharing().parameters())) == 4
