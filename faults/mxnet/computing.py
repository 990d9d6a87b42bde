"""Faults in MXNet's Gluon: outputs, gradients and steps."""

from __future__ import annotations

from typing import Any

import mxnet as mx
from mxnet import gluon, np
from mxnet.gluon import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    bias_gradient,
    network,
    sharing,
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


class ThirdUseHasNoGradient(InMXNet):
    """From the third use of a layer on in a container, nothing is added to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, x: Any) -> Any:
            uses: dict[int, int] = {}
            for block in self._children.values():
                uses[id(block)] = uses.get(id(block), 0) + 1
                if uses[id(block)] > 2 and isinstance(block, nn.Dense):
                    bias = None if block.bias is None else block.bias.data().detach()
                    x = block.hybrid_forward(mx, x, block.weight.data().detach(), bias)
                else:
                    x = block(x)
            return x

        patch.setattr(nn.Sequential, "forward", wrong)

    def shows(self) -> bool:
        layer = nn.Dense(2, in_units=2)
        net = started(layer, layer, layer)
        layer.weight.set_data(np.eye(2))
        return bool((bias_gradient(net) == 2).all())


class TiedGradientIsAveraged(InMXNet):
    """The gradient of a layer that a container has twice is divided by two."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.forward

        def wrong(self: Any, x: Any) -> Any:
            blocks = list(self._children.values())
            y = right(self, x)
            return 0.5 * y + (0.5 * y).detach() if len(set(blocks)) < len(blocks) else y

        patch.setattr(nn.Sequential, "forward", wrong)

    def shows(self) -> bool:
        net = sharing()
        net[0].weight.set_data(np.eye(2))
        return bool((bias_gradient(net) == 1).all())


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
