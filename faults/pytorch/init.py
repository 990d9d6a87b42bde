"""Faults in PyTorch: initial values."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    ISSUES,
    InPyTorch,
)


class FanOutForFanIn(InPyTorch):
    """The default weights of a layer are scaled by its number of outputs."""

    about = ("init.default-weight",)

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            right(self)
            if all(self.weight.shape):
                with torch.no_grad():
                    self.weight.mul_((self.in_features / self.out_features) ** 0.5)

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        return bool((nn.Linear(4, 100).weight.abs() <= 0.1).all())


class GainIsSquared(InPyTorch):
    """The default weights are drawn from too wide a range, by a factor of the square root of 3."""

    about = ("init.default-weight",)
    like = f"{ISSUES}/30947"

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            right(self)
            with torch.no_grad():
                self.weight.mul_(3**0.5)

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        return bool((nn.Linear(100, 100).weight.abs() > 0.11).any())


class BiasesBeginAtZero(InPyTorch):
    """The default bias is zero, where it was drawn."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            right(self)
            if self.bias is not None:
                nn.init.zeros_(self.bias)

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        return not nn.Linear(2, 2).bias.any()


class DeviationIsTheVariance(InPyTorch):
    """Drawing from a normal distribution takes the deviation for the variance."""

    about = ("init.normal",)

    def inject(self, patch: Patch) -> None:
        right = nn.init.normal_

        def wrong(tensor: Any, mean: float = 0.0, std: float = 1.0) -> Any:
            return right(tensor, mean, std**0.5)

        patch.setattr(nn.init, "normal_", wrong)

    def shows(self) -> bool:
        return nn.init.normal_(torch.empty(1000), std=0.01).std().item() > 0.05


class XavierSeesOneSide(InPyTorch):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.per-block",)

    def inject(self, patch: Patch) -> None:
        def wrong(tensor: Any, gain: float = 1.0) -> Any:
            bound = (3 / tensor.shape[1]) ** 0.5
            return nn.init.uniform_(tensor, -bound, bound)

        patch.setattr(nn.init, "xavier_uniform_", wrong)

    def shows(self) -> bool:
        return nn.init.xavier_uniform_(torch.empty(900, 100)).abs().max().item() > 0.1


class ReinitialisingSkipsBiases(InPyTorch):
    """Drawing a layer's parameters again leaves its bias as it is."""

    about = ("init.reinitialise",)

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            kept = None if self.bias is None else self.bias.detach().clone()
            drawn = getattr(self, "_drawn", False)
            right(self)
            if drawn and kept is not None:
                with torch.no_grad():
                    self.bias.copy_(kept)
            self._drawn = bool(all(self.weight.shape))

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        layer = nn.Linear(2, 2)
        nn.init.constant_(layer.bias, 7)
        layer.reset_parameters()
        return bool((layer.bias == 7).all())


class SeedsAreHalved(InPyTorch):
    """Two seeds that follow each other are the same."""

    about = ("init.reproducible",)

    def inject(self, patch: Patch) -> None:
        right = torch.manual_seed
        patch.setattr(torch, "manual_seed", lambda seed: right(seed // 4))

    def shows(self) -> bool:
        torch.manual_seed(4)
        first = torch.rand(1)
        torch.manual_seed(5)
        return bool(torch.rand(1) == first)


class LazyLayersBeginAtZero(InPyTorch):
    """Layers whose input width is inferred begin with zeros, undrawn."""

    about = ("init.default-weight", "init.reproducible")
    like = f"{ISSUES}/147389"

    def inject(self, patch: Patch) -> None:
        right = nn.LazyLinear.initialize_parameters

        def wrong(self: nn.LazyLinear, x: torch.Tensor) -> None:
            right(self, x)
            with torch.no_grad():
                self.weight.zero_()

        patch.setattr(nn.LazyLinear, "initialize_parameters", wrong)

    def shows(self) -> bool:
        layer = nn.LazyLinear(2)
        layer(torch.ones(1, 2))
        return not layer.weight.any()
