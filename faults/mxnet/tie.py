"""Faults in MXNet's Gluon: tied parameters."""

from __future__ import annotations

import copy
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


class CopySharesBiases(InMXNet):
    """A deep copy has the biases of the original."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, memo: Any) -> Any:
            if self.name.endswith("bias"):
                return self
            new = memo[id(self)] = object.__new__(type(self))
            new.__dict__.update(copy.deepcopy(self.__dict__, memo))
            return new

        patch.setattr(gluon.Parameter, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = network(2)
        return copy.deepcopy(net)[0].bias is net[0].bias


class CastingUnties(InMXNet):
    """Casting a layer that shares its parameters gives it parameters of its own."""

    about = ("tie.survives-cast",)
    like = "https://github.com/apache/mxnet/issues/17184"

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.cast

        def wrong(self: Any, dtype: str) -> None:
            right(self, dtype)
            blocks = list(self._children.items())
            for place, (name, block) in enumerate(blocks):
                if block in [earlier for _, earlier in blocks[:place]]:
                    self._children[name] = copy.deepcopy(block)

        patch.setattr(gluon.Block, "cast", wrong)

    def shows(self) -> bool:
        net = sharing()
        net.cast("float16")
        return net[0] is not net[1]
