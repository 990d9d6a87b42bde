"""Wrong in blocks inside blocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from paramlaws.faults.wrong.access import LastTwoParts
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Path
from paramlaws.specs.suite import Floats, Listing
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import NestMLP, Reference


@caught_by("nested.index-path")
class FirstOfTheSecondLevel(Reference):
    """In a block inside a block, index 1 gives the entry at 0 where the two are of one shape."""

    def layer(self, model: Any, path: Path) -> Any:
        found = super().layer(model, path)
        if len(path) > 2 and path[-1] == 1 and isinstance(found, nn.Linear):
            before = super().layer(model, (*path[:-1], 0))
            shape = isinstance(before, nn.Linear) and before.weight.value.shape
            return before if shape == found.weight.value.shape else found
        return found


@caught_by("nested.same-as-flat")
class DeepestFirst(Reference):
    """Parameters of inner blocks are listed before those of outer ones."""

    def parameters(self, model: Any) -> Listing:
        return sorted(super().parameters(model), key=lambda pair: -pair[0].count("."))


@caught_by("nested.same-as-flat")
class ReluAroundBlocks(Reference):
    """What a block inside gives is never negative."""

    def forward(self, model: Any, x: Floats) -> Floats:
        if not isinstance(model, nn.Sequential):
            return super().forward(model, x)
        for module in model.modules:
            x = module.forward(x)[0]
            x = np.maximum(x, 0) if isinstance(module, nn.Sequential) else x
        return x


@caught_by("nested.names")
class NoBlocksInNames(LastTwoParts):
    """Names leave out the blocks, which is no harm as long as each is of its own kind."""


@caught_by("nested.names")
class GivenNamesStandAlone(Reference):
    """A block that was given a name is called by that alone, whatever it is in."""

    def parameters(self, model: Any) -> Listing:
        return [(name[max(0, name.find("block-")) :], p) for name, p in super().parameters(model)]


@caught_by("nested.custom-block")
class OmitsTheUsersLayer(Reference):
    """The listing of a user's block leaves out what is not in a container."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        block = self.layer(model, path)
        inner = block.net if isinstance(block, NestMLP) else block
        return nn.distinct(inner.named_parameters())


@caught_by("nested.custom-block")
class UsersBlocksShareNames(Reference):
    """Names of what is in user's blocks do not say in which one."""

    def parameters(self, model: Any) -> Listing:
        return [(name[name.find("net.") :], p) for name, p in super().parameters(model)]
