"""Faults in PyTorch: building networks and computing."""

from __future__ import annotations

import torch
from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
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
