"""Faults in MXNet's Gluon: gradients."""

from __future__ import annotations

from typing import Any

from mxnet import gluon

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    bias_gradient,
    network,
)


class GradientsAdd(InMXNet):
    """A backward pass adds to the gradients that are there, in place of setting them."""

    about = ("gradient.second-backward",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Parameter.__init__

        def wrong(self: Any, name: str, grad_req: str = "write", **options: Any) -> None:
            right(self, name, "add" if grad_req == "write" else grad_req, **options)

        patch.setattr(gluon.Parameter, "__init__", wrong)

    def shows(self) -> bool:
        return bool((bias_gradient(network(2), times=2) == 2).all())


class ResetKeepsBiases(InMXNet):
    """Resetting gradients leaves those of biases as they are."""

    about = ("gradient.reset",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any) -> None:
            for parameter in self.values():
                if parameter.name.endswith("weight"):
                    parameter.grad()[:] = 0

        patch.setattr(gluon.ParameterDict, "zero_grad", wrong)

    def shows(self) -> bool:
        net = network(2)
        bias_gradient(net)
        net.collect_params().zero_grad()
        return bool(net[0].bias.grad().asnumpy().any())


class FrozenWeightsTrain(InMXNet):
    """Setting an attribute of all parameters leaves weights out."""

    about = ("gradient.frozen",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, name: str, value: Any) -> None:
            for parameter in self.values():
                if parameter.name.endswith("bias"):
                    setattr(parameter, name, value)

        patch.setattr(gluon.ParameterDict, "setattr", wrong)

    def shows(self) -> bool:
        net = network(2)
        net.collect_params().setattr("grad_req", "null")
        return bool(net[0].weight.grad_req == "write")
