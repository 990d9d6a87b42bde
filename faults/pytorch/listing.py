"""Faults in PyTorch: all parameters at once."""

from __future__ import annotations

from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
    list_only,
    network,
)


class ListingOmitsDeepBiases(InPyTorch):
    """Biases in containers in containers are not listed."""

    about = ("listing.count", "listing.element-count")

    def inject(self, patch: Patch) -> None:
        list_only(patch, lambda name, _: not (name.endswith("bias") and name.count(".") > 2))

    def shows(self) -> bool:
        net = nn.Sequential(nn.Sequential(network(1, 1)))
        return len(list(net.parameters())) == 1
