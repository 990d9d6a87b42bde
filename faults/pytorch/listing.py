"""Faults in PyTorch: all parameters at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
    network,
)


def _listing(patch: Patch, keep: Any) -> None:
    """Lists only the parameters that are to be kept."""
    right = nn.Module.named_parameters

    def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
        return (p for p in right(self, *arguments, **options) if keep(*p))

    patch.setattr(nn.Module, "named_parameters", wrong)


class ListingOmitsDeepBiases(InPyTorch):
    """Biases in containers in containers are not listed."""

    about = ("listing.count", "listing.element-count")

    def inject(self, patch: Patch) -> None:
        _listing(patch, lambda name, _: not (name.endswith("bias") and name.count(".") > 2))

    def shows(self) -> bool:
        net = nn.Sequential(nn.Sequential(network(1, 1)))
        return len(list(net.parameters())) == 1


class ListingOmitsSingleNumbers(InPyTorch):
    """Parameters of one element are not listed."""

    about = ("listing.count", "access.two-parameters")

    def inject(self, patch: Patch) -> None:
        _listing(patch, lambda _, parameter: parameter.numel() != 1)

    def shows(self) -> bool:
        return len(list(nn.Linear(2, 1).parameters())) == 1
