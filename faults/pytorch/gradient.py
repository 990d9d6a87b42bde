"""Faults in PyTorch: gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
)


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
