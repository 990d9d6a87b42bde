"""Faults in PyTorch: outputs, gradients and steps."""

from __future__ import annotations

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
)


class SquareWeightsAreTransposed(InPyTorch):
    """A layer whose weight is square applies it transposed."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
            square = self.in_features == self.out_features
            return nn.functional.linear(x, self.weight.T if square else self.weight, self.bias)

        patch.setattr(nn.Linear, "forward", wrong)

    def shows(self) -> bool:
        layer, x = nn.Linear(2, 2), torch.eye(2)
        return not torch.allclose(layer(x), x @ layer.weight.T + layer.bias)


class SingleRowsLoseTheBias(InPyTorch):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.linear(x, self.weight, self.bias if len(x) > 1 else None)

        patch.setattr(nn.Linear, "forward", wrong)

    def shows(self) -> bool:
        return not nn.Linear(2, 2)(torch.zeros(1, 2)).any()


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


class BackwardForgets(InPyTorch):
    """A backward pass sets gradients, in place of adding to what is there."""

    about = ("gradient.second-backward",)

    def inject(self, patch: Patch) -> None:
        right = torch.Tensor.backward

        def leaves(function: Any) -> Iterator[Any]:
            for following, _ in function.next_functions if function else ():
                if hasattr(following, "variable"):
                    yield following.variable
                yield from leaves(following)

        def wrong(self: torch.Tensor, *arguments: Any, **options: Any) -> None:
            for leaf in leaves(self.grad_fn):
                leaf.grad = None
            right(self, *arguments, **options)

        patch.setattr(torch.Tensor, "backward", wrong)

    def shows(self) -> bool:
        layer = nn.Linear(1, 1)
        for _ in range(2):
            layer(torch.ones(1, 1)).sum().backward()
        return layer.weight.grad.item() == 1


class ResetKeepsBiases(InPyTorch):
    """Resetting gradients leaves those of biases as they are."""

    about = ("gradient.reset",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Module, set_to_none: bool = True) -> None:
            for parameter in self.parameters():
                if parameter.dim() > 1:
                    parameter.grad = None

        patch.setattr(nn.Module, "zero_grad", wrong)

    def shows(self) -> bool:
        layer = nn.Linear(1, 1)
        layer(torch.ones(1, 1)).sum().backward()
        layer.zero_grad()
        return layer.bias.grad is not None


class FrozenBiasesTrain(InPyTorch):
    """Freezing a layer leaves its bias free."""

    about = ("gradient.frozen",)
    like = "https://github.com/facebookresearch/fairseq/issues/4702"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Module, requires_grad: bool = True) -> nn.Module:
            for parameter in self.parameters():
                if parameter.dim() > 1:
                    parameter.requires_grad_(requires_grad)
            return self

        patch.setattr(nn.Module, "requires_grad_", wrong)

    def shows(self) -> bool:
        return nn.Linear(1, 1).requires_grad_(False).bias.requires_grad


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


class StepIsHalved(InPyTorch):
    """The optimiser takes half a step."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = torch.optim.SGD.__init__

        def wrong(self: Any, params: Any, lr: float = 1e-3, **options: Any) -> None:
            right(self, params, lr=lr / 2, **options)

        patch.setattr(torch.optim.SGD, "__init__", wrong)

    def shows(self) -> bool:
        return bool((step_length(network(2, 2)) < 0.75).all())
