"""Faults in PyTorch: giving parameters values."""

from __future__ import annotations

from typing import Any

import torch

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
)


class WritingAnElementWritesItsRow(InPyTorch):
    """Assigning one element of a matrix assigns the whole row."""

    about = ("assign.everything",)

    def inject(self, patch: Patch) -> None:
        right = torch.Tensor.__setitem__

        def wrong(self: torch.Tensor, index: Any, value: Any) -> None:
            row = isinstance(index, tuple) and len(index) == 2
            right(self, index[0] if row else index, value)

        patch.setattr(torch.Tensor, "__setitem__", wrong)

    def shows(self) -> bool:
        matrix = torch.zeros(2, 2)
        matrix[0, 0] = 1
        return bool(matrix[0, 1] == 1)
