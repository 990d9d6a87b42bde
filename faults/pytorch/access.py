"""Faults in PyTorch: reaching layers and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    InPyTorch,
    list_only,
    network,
)


class NegativeIndexIsOffByOne(InPyTorch):
    """A negative index of a container leads to the entry before the right one."""

    about = ("access.negative-index",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__getitem__

        def wrong(self: nn.Sequential, index: Any) -> Any:
            late = isinstance(index, int) and index < 0 and len(self) + index > 0
            return right(self, index - 1 if late else index)

        patch.setattr(nn.Sequential, "__getitem__", wrong)

    def shows(self) -> bool:
        net = network(1, 2, 3)
        return net[-1] is net[0]


class IndexWrapsAround(InPyTorch):
    """An index behind the last entry begins again with the first one."""

    about = ("access.index-out-of-range",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__getitem__

        def wrong(self: nn.Sequential, index: Any) -> Any:
            return right(self, index % len(self) if isinstance(index, int) and self else index)

        patch.setattr(nn.Sequential, "__getitem__", wrong)

    def shows(self) -> bool:
        net = network(1, 2)
        return net[1] is net[0]


class FourthEntryIsTheThird(InPyTorch):
    """Index 3 of a container leads to the entry at 2."""

    about = (
        "access.two-parameters",
        "access.layer-by-index",
        "nested.index-path",
        "access.negative-index",
    )

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__getitem__

        def wrong(self: nn.Sequential, index: Any) -> Any:
            return right(self, 2 if index == 3 and len(self) > 3 else index)

        patch.setattr(nn.Sequential, "__getitem__", wrong)

    def shows(self) -> bool:
        net = network(1, 2, 3, 4, 5)
        return net[3] is net[2]


class ListingOmitsSingleNumbers(InPyTorch):
    """Parameters of one element are not listed."""

    about = ("access.two-parameters", "listing.count")

    def inject(self, patch: Patch) -> None:
        list_only(patch, lambda _, parameter: parameter.numel() != 1)

    def shows(self) -> bool:
        return len(list(nn.Linear(2, 1).parameters())) == 1


class NamesCollide(InPyTorch):
    """Names keep the last four of their parts only."""

    about = ("access.unique-names", "nested.names")

    def inject(self, patch: Patch) -> None:
        right = nn.Module.named_parameters

        def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
            for name, parameter in right(self, *arguments, **options):
                yield ".".join(name.split(".")[-4:]), parameter

        patch.setattr(nn.Module, "named_parameters", wrong)

    def shows(self) -> bool:
        inner = [nn.Sequential(nn.Sequential(network(1, 1))) for _ in range(2)]
        names = [name for name, _ in nn.Sequential(*inner).named_parameters()]
        return len(set(names)) < len(names)


class NamesCollideFarBehind(InPyTorch):
    """From the hundredth entry of a container on, names are those of the entries before."""

    about = ("access.unique-names",)

    def inject(self, patch: Patch) -> None:
        right = nn.Module.named_parameters

        def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
            for name, parameter in right(self, *arguments, **options):
                first, point, rest = name.partition(".")
                short = str(int(first) % 100) if first.isdigit() else first
                yield short + point + rest, parameter

        patch.setattr(nn.Module, "named_parameters", wrong)

    def shows(self) -> bool:
        names = [name for name, _ in network(*(1,) * 102).named_parameters()]
        return len(set(names)) < len(names)
