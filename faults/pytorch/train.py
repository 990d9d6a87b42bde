"""Faults in PyTorch: optimiser steps."""

from __future__ import annotations

from typing import Any

import torch

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
    network,
    step_length,
)


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
