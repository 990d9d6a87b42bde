"""Faults in MXNet's Gluon: reaching layers and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mxnet import gluon
from mxnet.gluon import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    network,
)


def _index(patch: Patch, changed: Callable[[Any, int], int]) -> None:
    right = nn.Sequential.__getitem__

    def wrong(self: Any, key: Any) -> Any:
        return right(self, changed(self, key) if isinstance(key, int) else key)

    patch.setattr(nn.Sequential, "__getitem__", wrong)


class NegativeIndexIsOffByOne(InMXNet):
    """A negative index of a container leads to the entry before the right one."""

    about = ("access.negative-index",)

    def inject(self, patch: Patch) -> None:
        _index(patch, lambda net, key: key - 1 if key < 0 and len(net) + key > 0 else key)

    def shows(self) -> bool:
        net = network(2, 3)
        return net[-1] is net[0]


class IndexWrapsAround(InMXNet):
    """An index behind the last entry begins again with the first one."""

    about = ("access.index-out-of-range",)

    def inject(self, patch: Patch) -> None:
        _index(patch, lambda net, key: key % len(net) if len(net) else key)

    def shows(self) -> bool:
        net = network(2)
        return net[1] is net[0]


class FourthEntryIsTheThird(InMXNet):
    """In containers of four entries and more, index 3 leads to the entry at 2."""

    about = (
        "access.two-parameters",
        "access.layer-by-index",
        "nested.index-path",
        "access.index-versus-listing",
    )

    def inject(self, patch: Patch) -> None:
        _index(patch, lambda net, key: 2 if key == 3 and len(net) > 3 else key)

    def shows(self) -> bool:
        net = network(2, 2, 2, 2)
        return net[3] is net[2]


def _collected(patch: Patch, keep: Callable[[str, Any], bool]) -> None:
    right = gluon.Block.collect_params

    def wrong(self: Any, select: Any = None) -> Any:
        found = right(self, select)
        kept = gluon.ParameterDict(found.prefix)
        kept.update({name: p for name, p in found.items() if keep(name, p)})
        return kept

    patch.setattr(gluon.Block, "collect_params", wrong)


class ListingOmitsSingleNumbers(InMXNet):
    """Parameters of one element are not collected, once they have a value."""

    about = ("access.two-parameters", "listing.count")

    def inject(self, patch: Patch) -> None:
        _collected(patch, lambda _, p: p._data is None or tuple(p.shape) != (1,))

    def shows(self) -> bool:
        return len(list(network(1).collect_params().keys())) == 1
