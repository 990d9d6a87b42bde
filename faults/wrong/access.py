"""Wrong in reaching layers and parameters."""

from __future__ import annotations

import copy
import itertools
import re
from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import single, thrice, unbiased
from paramlaws.faults.wrong.networks import (
    is_nested,
)
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Architecture, Path
from paramlaws.specs.suite import Floats, Listing
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


@caught_by("access.layer-by-index")
class SecondForThird(Reference):
    """Index 2 gives the layer at 1 where the two are of one shape."""

    def layer(self, model: Any, path: Path) -> Any:
        found = super().layer(model, path)
        if path and path[-1] == 2 and isinstance(found, nn.Linear):
            before = super().layer(model, (*path[:-1], 1))
            if (
                isinstance(before, nn.Linear)
                and before.weight.value.shape == found.weight.value.shape
            ):
                return before
        return found


@caught_by("access.layer-by-index")
class LosesEntryTen(Reference):
    """A container says that it has ten entries when it has more."""

    def length(self, model: Any, path: Path) -> int:
        return min(super().length(model, path), 10)


@caught_by("access.subscript", also=unbiased)
class SubscriptGivesACopy(Reference):
    """What a subscript gives is a copy of the layer."""

    def subscript(self, model: Any, path: Path) -> Listing:
        return super().subscript(copy.deepcopy(model), path)


@caught_by("access.subscript")
class SubscriptRefusedInBlocks(Reference):
    """The outermost container takes an index, and a block takes none."""

    refusals = {**Reference.refusals, "subscript": (TypeError,)}

    def subscript(self, model: Any, path: Path) -> Listing:
        if len(path) > 1:
            raise TypeError("a block takes no index")
        return super().subscript(model, path)


@caught_by("access.index-out-of-range")
class WrapsAround(Reference):
    """An index beyond the end counts on from the beginning."""

    def layer(self, model: Any, path: Path) -> Any:
        found = model
        for index in path:
            found = found[index % len(found)]
        return found


@caught_by("access.index-out-of-range")
class ClampsInBlocks(Reference):
    """Inside a block, the first index beyond the end gives the last entry."""

    def layer(self, model: Any, path: Path) -> Any:
        if len(path) > 1 and path[-1] == len(super().layer(model, path[:-1])):
            return super().layer(model, (*path[:-1], path[-1] - 1))
        return super().layer(model, path)


@caught_by("access.negative-index", also=unbiased)
class NegativeOnTopOnly(Reference):
    """Counts from the end on top, and refuses inside blocks."""

    refusals = {**Reference.refusals, "layer": (IndexError,)}

    def layer(self, model: Any, path: Path) -> Any:
        if len(path) > 1 and path[-1] < 0:
            raise IndexError(path[-1])
        return super().layer(model, path)


@caught_by("access.negative-index")
class MinusOneIsFirst(Reference):
    """A negative index counts from the beginning."""

    def layer(self, model: Any, path: Path) -> Any:
        if path and path[-1] < -1:
            return super().layer(model, (*path[:-1], -path[-1] - 1))
        return super().layer(model, path)


@caught_by("access.activation-slot", also=unbiased)
class FusesInLongNetworks(Reference):
    """Activations have an index of their own in networks of up to four entries."""

    def length(self, model: Any, path: Path) -> int:
        entries = self.layer(model, path).modules
        linear = [entry for entry in entries if not isinstance(entry, nn.ReLU)]
        return len(linear) if len(entries) > 4 else len(entries)


@caught_by("access.two-parameters")
class BiasAnyway(Reference):
    """A layer of one unit without bias lists one all the same."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        own = list(super().layer_parameters(model, path))
        layer = self.layer(model, path)
        if isinstance(layer, nn.Linear) and layer.bias is None and layer.units == 1:
            own.append(("bias", nn.Parameter(np.zeros(1, np.float32))))
        return own


@caught_by("access.parameter-names")
class KernelInBlocks(Reference):
    """A weight is called kernel inside blocks."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        own = super().layer_parameters(model, path)
        return [(n.replace("weight", "kernel"), p) for n, p in own] if len(path) > 1 else own


@caught_by("access.parameter-names")
class KernelOfOneInput(Reference):
    """The weight of a layer with a single input is called kernel."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        own = super().layer_parameters(model, path)
        return [
            ("kernel" if parameter.value.shape[1:] == (1,) else name, parameter)
            for name, parameter in own
        ]


@caught_by("access.weight-orientation")
class WideOnesTurned(Reference):
    """A weight with more than twice as many inputs as outputs is read transposed."""

    def read(self, model: Any, handle: Any) -> Floats:
        value = super().read(model, handle)
        return value.T if value.ndim == 2 and value.shape[1] > 2 * value.shape[0] else value


@caught_by("access.default-dtype", also=single)
class DoubleBias(Reference):
    """The bias of a single unit is float64."""

    def read(self, model: Any, handle: Any) -> Any:
        value = super().read(model, handle)
        return value.astype(np.float64) if value.shape == (1,) else value


@caught_by("access.unique-names")
class TwoDigits(Reference):
    """Names number the entries with two digits."""

    def parameters(self, model: Any) -> Listing:
        number = re.compile(r"\d+")
        return [
            (number.sub(lambda match: match[0][-2:], name), parameter)
            for name, parameter in super().parameters(model)
        ]


@caught_by("access.unique-names")
class LastTwoParts(Reference):
    """A name has the last index only, so that blocks collide."""

    def parameters(self, model: Any) -> Listing:
        return [(".".join(n.split(".")[-2:]), p) for n, p in super().parameters(model)]


@caught_by("access.unique-names")
class LastFourParts(Reference):
    """A name has the last four parts only, so that deep blocks collide."""

    def parameters(self, model: Any) -> Listing:
        return [(".".join(n.split(".")[-4:]), p) for n, p in super().parameters(model)]


@caught_by("access.name-stability", also=unbiased)
class CountsWhenNested(Reference):
    """Names keep counting in nested networks, and are stable in flat ones."""

    counter = itertools.count()

    def build(self, architecture: Architecture) -> nn.Sequential:
        model = super().build(architecture)
        model.number = next(self.counter) if is_nested(model) else 0
        return model

    def parameters(self, model: Any) -> Listing:
        number = getattr(model, "number", 0)
        return [(f"net{number}.{name}", p) for name, p in super().parameters(model)]

    def read_by_name(self, model: Any, name: str) -> Floats:
        return super().read_by_name(model, name.partition(".")[2])


@caught_by("access.by-qualified-name", also=single)
class StaleMapping(Reference):
    """The mapping keeps the value that a parameter had when it was first asked for."""

    def read_by_name(self, model: Any, name: str) -> Floats:
        kept = model.__dict__.setdefault("kept", {})
        return kept.setdefault(name, super().read_by_name(model, name))


@caught_by("access.by-qualified-name")
class TwoNamesForOne(Reference):
    """In the mapping, the last parameter of a shape is every parameter of that shape."""

    def read_by_name(self, model: Any, name: str) -> Floats:
        shape = super().read_by_name(model, name).shape
        return [p.value for _, p in model.named_parameters() if p.value.shape == shape][-1]


@caught_by("access.index-versus-listing", also=thrice)
class ListsTwoLevels(Reference):
    """The listing does not go into blocks inside blocks."""

    def parameters(self, model: Any) -> Listing:
        return [(n, p) for n, p in super().parameters(model) if n.count(".") < 3]
