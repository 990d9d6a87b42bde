"""Faults in MXNet's Gluon: giving parameters values."""

from __future__ import annotations

from typing import Any

from mxnet import np

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
)


class WritingAnElementWritesItsRow(InMXNet):
    """Assigning one element of a matrix assigns the whole row."""

    about = ("assign.everything",)

    def inject(self, patch: Patch) -> None:
        right = np.ndarray.__setitem__

        def wrong(self: Any, key: Any, value: Any) -> None:
            row = isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], int)
            right(self, key[0] if row else key, value)

        patch.setattr(np.ndarray, "__setitem__", wrong)

    def shows(self) -> bool:
        matrix = np.zeros((2, 2))
        matrix[0, 0] = 1
        return bool(matrix[0, 1] == 1)
