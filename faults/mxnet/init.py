"""Faults in MXNet's Gluon: initial values."""

from __future__ import annotations

from typing import Any

import mxnet as mx
from mxnet import gluon, np

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    network,
)


class DefaultRangeIsWider(InMXNet):
    """The default weights are drawn from a range that is a third wider."""

    about = ("init.default-weight",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, _: str, array: Any) -> None:
            np.random.uniform(-1.34 * self.scale, 1.34 * self.scale, array.shape, out=array)

        patch.setattr(mx.init.Uniform, "_init_weight", wrong)

    def shows(self) -> bool:
        return bool(network(900)[0].weight.data().asnumpy().max() > 0.075)


class BiasesAreDrawn(InMXNet):
    """The default bias is drawn as the weights are, where it was zero."""

    about = ("init.default-bias",)
    like = "https://github.com/apache/mxnet/issues/11334"

    def inject(self, patch: Patch) -> None:
        patch.setattr(
            mx.init.Initializer,
            "_init_bias",
            lambda self, _, array: np.random.uniform(-0.07, 0.07, array.shape, out=array),
        )
        patch.setattr(mx.init.Zero, "_init_weight", mx.init.Initializer._init_bias)

    def shows(self) -> bool:
        return bool(network(2)[0].bias.data().asnumpy().any())


class DeviationIsTheVariance(InMXNet):
    """Drawing from a normal distribution takes the deviation for the variance."""

    about = ("init.normal",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, _: str, array: Any) -> None:
            np.random.normal(0, self.sigma**0.5, array.shape, out=array)

        patch.setattr(mx.init.Normal, "_init_weight", wrong)

    def shows(self) -> bool:
        array = np.zeros((100, 100))
        mx.init.Normal(0.01)._init_weight("", array)
        return bool(array.asnumpy().std() > 0.05)


class XavierSeesOneSide(InMXNet):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.per-block",)

    def inject(self, patch: Patch) -> None:
        right = mx.init.Xavier.__init__
        patch.setattr(
            mx.init.Xavier, "__init__", lambda self, *_, **options: right(self, "uniform", "in")
        )

    def shows(self) -> bool:
        array = np.zeros((900, 100))
        mx.init.Xavier()._init_weight("", array)
        return bool(array.asnumpy().max() > 0.1)


class ReinitialisingSkipsBiases(InMXNet):
    """Initialising again leaves biases as they are."""

    about = ("init.reinitialise",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Parameter.initialize

        def wrong(self: Any, *arguments: Any, **options: Any) -> None:
            if self.name.endswith("weight") or self._data is None:
                right(self, *arguments, **options)

        patch.setattr(gluon.Parameter, "initialize", wrong)

    def shows(self) -> bool:
        net = network(2)
        net[0].bias.set_data(np.ones(2))
        net.initialize(force_reinit=True)
        return bool(net[0].bias.data().asnumpy().all())
