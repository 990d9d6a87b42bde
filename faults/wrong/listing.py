"""Wrong in listing all parameters at once."""

from __future__ import annotations

import re
from typing import Any

from paramlaws.faults.wrong.narrowing import thrice, unbiased
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Path
from paramlaws.specs.suite import Floats, Listing
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


def _times_before(everything: Listing, index: int) -> int:
    return sum(parameter is everything[index][1] for _, parameter in everything[:index])


@caught_by("listing.count")
class ListsThirdUse(Reference):
    """A layer that is used three times is listed twice."""

    def parameters(self, model: Any) -> Listing:
        everything = list(model.named_parameters())
        third = [p for i, p in enumerate(everything) if _times_before(everything, i) == 2]
        return [*super().parameters(model), *third]


@caught_by("listing.element-count", also=unbiased)
class ListsOneInPlaceOfAnother(Reference):
    """The number of entries is right, but the first one stands in place of the last."""

    def parameters(self, model: Any) -> Listing:
        right = list(super().parameters(model))
        return [*right[:-1], right[0]]


@caught_by("listing.order")
class BiasFirstInBlocks(Reference):
    """Inside blocks the bias is listed before the weight."""

    def parameters(self, model: Any) -> Listing:
        right = list(super().parameters(model))
        for index, (name, _) in enumerate(right):
            if name.count(".") > 1 and name.endswith("bias"):
                right[index - 1], right[index] = right[index], right[index - 1]
        return right


@caught_by("listing.order")
class SortedPastTen(Reference):
    """Entry 10 is listed before entry 2, as text would be sorted."""

    def parameters(self, model: Any) -> Listing:
        number = re.compile(r"^\d+")
        return sorted(super().parameters(model), key=lambda pair: number.findall(pair[0])[0])


@caught_by("listing.one-layer", also=thrice)
class BlocksListChildrenOnly(Reference):
    """The listing of a block has its own layers, but not those of the blocks inside."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        layer = self.layer(model, path)
        if not isinstance(layer, nn.Sequential):
            return super().layer_parameters(model, path)
        own = [m for m in layer.modules if isinstance(m, nn.Linear)]
        return nn.distinct(pair for module in own for pair in module.named_parameters())


@caught_by("listing.summary", also=unbiased)
class CountsTiesTwice(Reference):
    """The printed total counts a shared layer at each use."""

    def summary(self, model: Any, x: Floats) -> str:
        total = sum(parameter.value.size for _, parameter in model.named_parameters())
        return re.sub(r"\d+$", str(total), super().summary(model, x))


@caught_by("listing.summary")
class SummaryIsFlat(Reference):
    """Layers inside blocks are not shown."""

    def summary(self, model: Any, x: Floats) -> str:
        direct = [f"Linear({m.units})" for m in model.modules if isinstance(m, nn.Linear)]
        return "\n".join(direct)
