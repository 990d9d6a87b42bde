"""Wrong in what is carried from one framework to another."""

from __future__ import annotations

from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import single, unbiased
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.suite import Floats
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import NestMLP, Reference


@caught_by("transfer.export", also=single)
class ReadsHalfPrecision(Reference):
    """Reading a bias loses the lower half of its digits."""

    def read(self, model: Any, handle: Any) -> Floats:
        value = super().read(model, handle)
        if value.ndim == 1:
            return (value.view(np.uint32) & np.uint32(0xFFFFF000)).view(np.float32)
        return value


@caught_by("transfer.forward")
class RoundsInUsersBlocks(Reference):
    """What a user's block gives has the precision of a half."""

    def forward(self, model: Any, x: Floats) -> Floats:
        y = super().forward(model, x)
        users = [m for _, m in model.children() if isinstance(m, NestMLP)]
        return y.astype(np.float16).astype(np.float32) if users else y


@caught_by("transfer.gradient", also=unbiased)
class TiedGradientOffByAThousandth(Reference):
    """The gradient of a parameter that is used twice is a thousandth too large."""

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        uses = [layer.weight for layer in nn.layers(model)].count(handle)
        return handle.grad * np.float32(1.001) if uses > 1 else handle.grad
