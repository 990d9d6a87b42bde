"""Faults in MXNet's Gluon: all parameters at once."""

from __future__ import annotations

from typing import Any

from mxnet import gluon
from mxnet.gluon import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    network,
    started,
)


class ListingStopsAtTwoLevels(InMXNet):
    """Parameters in a container in a container are not collected, once they have a value."""

    about = ("listing.count", "listing.element-count", "nested.names")

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.collect_params
        depth = 0

        def wrong(self: Any, select: Any = None) -> Any:
            nonlocal depth
            depth += 1
            try:
                found = right(self, select)
            finally:
                depth -= 1
            started = all(p._data is not None for p in found.values())
            return gluon.ParameterDict(found.prefix) if depth > 2 and started else found

        patch.setattr(gluon.Block, "collect_params", wrong)

    def shows(self) -> bool:
        inner = nn.Sequential()
        inner.add(network(2))
        return not list(started(inner).collect_params().keys())
