"""Faults in MXNet's Gluon: all parameters at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mxnet import gluon
from mxnet.gluon import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    network,
    started,
)


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

    about = ("listing.count", "access.two-parameters")

    def inject(self, patch: Patch) -> None:
        _collected(patch, lambda _, p: p._data is None or tuple(p.shape) != (1,))

    def shows(self) -> bool:
        return len(list(network(1).collect_params().keys())) == 1


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
