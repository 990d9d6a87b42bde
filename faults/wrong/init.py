"""Wrong in how initial values come about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import single, unbiased
from paramlaws.faults.wrong.networks import (
    has_bias_everywhere,
    is_nested,
)
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Architecture, Init, Path
from paramlaws.specs.suite import Floats, Initialiser
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


def _rescaled(model: Any, factor: float) -> Any:
    for layer in nn.layers(model):
        layer.weight.value = layer.weight.value * np.float32(factor)
    return model


@caught_by("init.default-weight")
class TooWideByAQuarter(Reference):
    """Default weights are a quarter too wide."""

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        return _rescaled(super().seeded(architecture, x, seed), 1.25)


@caught_by("init.default-weight")
class FanOutWhereExplicit(Reference):
    """The range comes from the output width where the input width is written out."""

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        model = super().seeded(architecture, x, seed)
        for layer in nn.layers(model) if not architecture.lazy else ():
            units, fan_in = layer.weight.value.shape
            layer.weight.value = layer.weight.value * np.float32((fan_in / units) ** 0.5)
        return model


@caught_by("init.default-weight")
class NormalInPlaceOfUniform(Reference):
    """A normal distribution of the right variance."""

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        model = super().seeded(architecture, x, seed)
        for layer in nn.layers(model):
            layer.initialise(nn.normal((3 * layer.weight.value.shape[1]) ** -0.5))
        return model


@caught_by("init.default-bias")
class BiasOfAThousandth(Reference):
    """The bias of a lazily shaped layer starts at 0.001."""

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        model = super().seeded(architecture, x, seed)
        for layer in nn.layers(model) if architecture.lazy else ():
            if layer.bias is not None:
                layer.bias.value = layer.bias.value + np.float32(0.001)
        return model


class _Initialises(Reference):
    """Changes what an initialiser is asked for."""

    def change(self, init: Init) -> Init:
        return init

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        changed = {path: self.change(init) for path, init in layers.items()}
        return super().initialised(architecture, x, seed, changed, custom)


@caught_by("init.normal")
class VarianceForDeviation(_Initialises):
    """The deviation is taken for a variance."""

    def change(self, init: Init) -> Init:
        return replace(init, value=init.value**0.5) if init.kind == "normal" else init


@caught_by("init.normal")
class CutOffAtTwoDeviations(Reference):
    """Values beyond two deviations are moved to the bound."""

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        model = super().initialised(architecture, x, seed, layers, custom)
        for path, init in layers.items():
            if init.kind == "normal":
                weight = self.layer(model, path).weight
                weight.value = np.clip(weight.value, -2 * init.value, 2 * init.value)
        return model


@caught_by("init.constant")
class ConstantBiasToo(Reference):
    """Inside blocks, the bias gets the constant as well."""

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        model = super().initialised(architecture, x, seed, layers, custom)
        for path, init in layers.items():
            layer = self.layer(model, path)
            if len(path) > 1 and layer.bias is not None:
                layer.bias.value = np.full_like(layer.bias.value, init.value)
        return model


@caught_by("init.per-block")
class TouchesTheNeighbour(Reference):
    """An initialiser acts on the next layer of its container, too, if that asked for nothing."""

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        neighbours = {(*path[:-1], path[-1] + 1): init for path, init in layers.items()}
        model = super().initialised(architecture, x, seed, layers, custom)
        for path, init in neighbours.items():
            container = self.layer(model, path[:-1])
            if path not in layers and path[-1] < len(container):
                layer = container[path[-1]]
                if isinstance(layer, nn.Linear) and init.kind == "constant":
                    layer.initialise(nn.constant(init.value))
        return model


@caught_by("init.per-block")
class XavierOfOneWidth(_Initialises):
    """Xavier's range comes from the input width only."""

    def change(self, init: Init) -> Init:
        return Init("normal", 0.1) if init.kind == "xavier" else init


@caught_by("init.custom")
class AsksTwice(Reference):
    """A user's initialiser is asked twice for each weight, and the second answer is kept."""

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        super().initialised(architecture, x, seed, layers, custom)
        return super().initialised(architecture, x, seed, layers, custom)


@caught_by("init.custom")
class HalvesWideLayers(Reference):
    """What a user's initialiser returns for a layer of several units is scaled."""

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        model = super().initialised(architecture, x, seed, layers, custom)
        for path, init in layers.items():
            layer = self.layer(model, path)
            if init.kind in ("custom", "strange") and layer.units > 1:
                layer.weight.value = layer.weight.value * np.float32(0.9)
        return model


@caught_by("init.one-object", also=unbiased)
class RepeatsInBlocks(Reference):
    """One initialiser object that draws gives the same values to all layers inside blocks."""

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        model = super().initialised(architecture, x, seed, layers, custom)
        first: dict[tuple[Init, tuple[int, ...]], Floats] = {}
        for path, init in layers.items():
            if len(path) > 1 and init.kind == "normal":
                weight = self.layer(model, path).weight
                kept = first.setdefault((init, weight.value.shape), weight.value)
                weight.value = kept.copy()
        return model


@caught_by("init.reinitialise", also=single)
class ReinitialisingSkipsBiases(Reference):
    """Only weights are drawn again."""

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        kept = [(layer.bias, layer.bias.value) for layer in nn.layers(model) if layer.bias]
        model = super().reinitialised(model, x, seed)
        for bias, value in kept:
            bias.value = value
        return model


@caught_by("init.reinitialise")
class WithoutForce(Reference):
    """What is in a block already is left as it is."""

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        return model if is_nested(model) else super().reinitialised(model, x, seed)


@caught_by("init.reproducible", also=single)
class UnseededBiases(Reference):
    """Where every layer has a bias, weights come from a source that is not seeded."""

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        model = super().seeded(architecture, x, seed)
        if has_bias_everywhere(model):
            rng = np.random.default_rng()
            for layer in nn.layers(model):
                layer.initialise(rng.random)
        return model


@caught_by("init.reproducible")
class SeedOfTheHundreds(Reference):
    """Of a seed, the last two digits are not used."""

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        return super().seeded(architecture, x, seed // 100)
