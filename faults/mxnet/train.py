"""Faults in MXNet's Gluon: optimiser steps."""

from __future__ import annotations

from typing import Any

from mxnet import gluon, np

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    bias_gradient,
    network,
)


class StepIsScaledByRows(InMXNet):
    """The trainer divides a step by two."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Trainer.step

        def wrong(self: Any, batch_size: int, ignore_stale_grad: bool = False) -> None:
            right(self, 2 * batch_size, ignore_stale_grad)

        patch.setattr(gluon.Trainer, "step", wrong)

    def shows(self) -> bool:
        net = network(2)
        net[0].bias.set_data(np.zeros(2))
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0})
        bias_gradient(net)
        trainer.step(1)
        return bool((net[0].bias.data().asnumpy() == -0.5).all())
