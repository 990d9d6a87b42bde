"""Faults in MXNet's Gluon: saving and loading."""

from __future__ import annotations

from typing import Any

from mxnet import gluon

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    loaded_into,
    network,
)


class SavingRounds(InMXNet):
    """What is saved has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Parameter._reduce
        patch.setattr(
            gluon.Parameter,
            "_reduce",
            lambda self: right(self).astype("float16").astype("float32"),
        )

    def shows(self) -> bool:
        net = network(30)
        there = loaded_into(net, network(30))
        return bool((there[0].weight.data() != net[0].weight.data()).asnumpy().any())


class LoadingIgnoresWhatIsMissing(InMXNet):
    """Loading asks for nothing that is missing."""

    about = ("persist.mismatch",)
    like = "https://github.com/apache/mxnet/issues/11222"

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.load_parameters

        def wrong(self: Any, filename: str, **options: Any) -> None:
            right(self, filename, **{**options, "allow_missing": True})

        patch.setattr(gluon.Block, "load_parameters", wrong)

    def shows(self) -> bool:
        loaded_into(network(2), network(2, 2))
        return True


class LoadingSkipsLateLayers(InMXNet):
    """Loading leaves out what is behind the third entry of a container."""

    about = ("persist.roundtrip", "persist.partial")

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.load_parameters

        def wrong(self: Any, filename: str, **options: Any) -> None:
            kept = {
                name: parameter.data().copy()
                for name, parameter in self._collect_params_with_prefix().items()
                if name.split(".")[0] == "3" and parameter._data is not None
            }
            right(self, filename, **options)
            for name, value in kept.items():
                self._collect_params_with_prefix()[name].set_data(value)

        patch.setattr(gluon.Block, "load_parameters", wrong)

    def shows(self) -> bool:
        net = network(2, 2, 2, 2)
        there = loaded_into(net, network(2, 2, 2, 2))
        return bool((there[3].weight.data() != net[3].weight.data()).asnumpy().any())
