"""Faults in MXNet's Gluon: building networks and computing."""

from __future__ import annotations

from typing import Any

from mxnet import np
from mxnet.gluon import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    started,
)


class SingleRowsLoseTheBias(InMXNet):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        right = nn.Dense.hybrid_forward

        def wrong(self: Any, F: Any, x: Any, weight: Any, bias: Any = None) -> Any:
            single = bias is not None and hasattr(x, "shape") and len(x) == 1
            return right(self, F, x, weight, 0 * bias if single else bias)

        patch.setattr(nn.Dense, "hybrid_forward", wrong)

    def shows(self) -> bool:
        layer = started(nn.Dense(2))
        layer[0].bias.set_data(np.ones(2))
        return not layer(np.zeros((1, 2))).asnumpy().any()
