"""Wrong in constructing, reading and listing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from paramlaws.faults.wrong.variants import caught_by, is_nested, layers
from paramlaws.specs.architecture import Architecture, Block, Dense, Entry, Path
from paramlaws.specs.suite import Floats, Listing
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


@caught_by("construct.output-shape")
class Squeezes(Reference):
    """An output of width 1 loses its axis."""

    def forward(self, model: Any, x: Floats) -> Floats:
        y = super().forward(model, x)
        return y[:, 0] if y.shape[1] == 1 else y


@caught_by("construct.output-shape")
class KeepsTwoRows(Reference):
    """The third row of a batch is lost."""

    def forward(self, model: Any, x: Floats) -> Floats:
        return super().forward(model, x)[:2]


@caught_by("construct.forward-value")
class ReadsHalves(Reference):
    """What is read is rounded to half precision, which shows on initial values only."""

    def read(self, model: Any, handle: Any) -> Floats:
        return super().read(model, handle).astype(np.float16).astype(np.float32)


@caught_by("construct.forward-value")
class ForgetsBiasInBlocks(Reference):
    """The bias of layers inside blocks is not added."""

    def forward(self, model: Any, x: Floats) -> Floats:
        kept = [(layer, layer.bias) for inner in model.modules[:] for layer in _inner(inner)]
        for layer, _ in kept:
            layer.bias = None
        y = super().forward(model, x)
        for layer, bias in kept:
            layer.bias = bias
        return y


def _inner(module: nn.Module) -> list[nn.Linear]:
    return layers(module) if isinstance(module, nn.Sequential) else []


@caught_by("construct.lazy-shapes")
class LazyWithoutBias(Reference):
    """Layers whose width is inferred get no bias."""

    def build(self, architecture: Architecture) -> nn.Sequential:
        if architecture.lazy:
            architecture = replace(architecture, entries=_without_bias(architecture.entries))
        return super().build(architecture)


def _without_bias(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        Block(_without_bias(entry.entries))
        if isinstance(entry, Block)
        else replace(entry, bias=False)
        if isinstance(entry, Dense)
        else entry
        for entry in entries
    )


@caught_by("construct.before-first-forward")
class AbsentWhenNested(Reference):
    """Unshaped in flat networks, absent in nested ones."""

    def parameters(self, model: Any) -> Listing:
        unshaped = any(layer.weight.value is None for layer in layers(model))
        return [] if unshaped and is_nested(model) else super().parameters(model)


@caught_by("construct.before-first-forward")
class GuessesShapes(Reference):
    """Claims to know all shapes before it has seen any input."""

    def shape(self, model: Any, handle: Any) -> tuple[int, ...]:
        return (1, 1) if handle.value is None else super().shape(model, handle)


@caught_by("value.parameter-class")
class BiasWithoutGradient(Reference):
    """Weights carry a gradient, biases have no notion of one."""

    refusals = {**Reference.refusals, "stored_gradient": (AttributeError,)}

    def stored_gradient(self, model: Any, handle: Any) -> Floats | None:
        if handle.value.ndim == 1:
            raise AttributeError("grad")
        return super().stored_gradient(model, handle)


@caught_by("value.explicit-read")
class ReadingWears(Reference):
    """Reading a bias changes it a little."""

    def read(self, model: Any, handle: Any) -> Floats:
        value = super().read(model, handle)
        if value.ndim == 1:
            handle.value = handle.value + np.float32(2**-10)
        return value


@caught_by("value.explicit-read")
class ReadsAreObjects(Reference):
    """What is read is an array of Python objects."""

    def read(self, model: Any, handle: Any) -> Any:
        return super().read(model, handle).astype(object)


@caught_by("value.read-aliasing")
class ViewOfWeights(Reference):
    """What is read is a view for weights and a copy for biases."""

    def read(self, model: Any, handle: Any) -> Floats:
        return handle.value if handle.value.ndim == 2 else handle.value.copy()


@caught_by("listing.count")
class ListsThirdUse(Reference):
    """A layer that is used three times is listed twice."""

    def parameters(self, model: Any) -> Listing:
        everything = list(model.named_parameters())
        third = [p for i, p in enumerate(everything) if _times_before(everything, i) == 2]
        return [*super().parameters(model), *third]


def _times_before(everything: Listing, index: int) -> int:
    return sum(parameter is everything[index][1] for _, parameter in everything[:index])


@caught_by("listing.element-count")
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


@caught_by("listing.one-layer")
class BlocksListChildrenOnly(Reference):
    """The listing of a block has its own layers, but not those of the blocks inside."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        layer = self.layer(model, path)
        if not isinstance(layer, nn.Sequential):
            return super().layer_parameters(model, path)
        own = [m for m in layer.modules if isinstance(m, nn.Linear)]
        return nn.distinct(pair for module in own for pair in module.named_parameters())


@caught_by("listing.summary")
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
