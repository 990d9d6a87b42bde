"""Wrong in what ties outlive."""

from __future__ import annotations

import copy
import os
from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import unbiased
from paramlaws.faults.wrong.networks import (
    Skipped,
    is_nested,
    replace_uses,
)
from paramlaws.faults.wrong.variants import HOME, caught_by
from paramlaws.specs.suite import Floats
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


@caught_by("tie.survives-training", also=unbiased)
class StepsPerUse(Reference):
    """The optimiser steps a parameter once for each of its names."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        self.backward(self.reset_gradients(model), x, cotangent)
        for _, parameter in model.named_parameters():
            parameter.value = parameter.value - np.float32(rate) * parameter.grad
        return model


@caught_by("tie.survives-training")
class StepUnties(Reference):
    """After a step, the second use has a copy of its own."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        after = super().sgd_step(model, x, cotangent, rate)
        return replace_uses(after, 1, copy.deepcopy)


@caught_by("tie.survives-copy")
class CopyUntiesThirdUse(Reference):
    """In a copy, the third use of a layer is a copy of its own."""

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        return replace_uses(super().copied(model, way, x), 2, copy.deepcopy)


@caught_by("tie.survives-copy")
class CopyUntiesParameters(Reference):
    """In a copy, layers that share a parameter have one each; a layer used again is still one."""

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        new = super().copied(model, way, x)
        for layer in {id(layer): layer for layer in nn.layers(new)}.values():
            layer.weight = copy.deepcopy(layer.weight)
        return new


@caught_by("tie.survives-copy")
class CopySharesBlocks(Reference):
    """A copy holds the original's blocks, not copies of them."""

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        new = super().copied(model, way, x)
        for index, module in enumerate(model.modules):
            if isinstance(module, nn.Sequential):
                new.modules[index] = module
        return new


@caught_by("tie.survives-copy")
class CopyIsTheOriginal(Reference):
    """Copying gives the original."""

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        return model


@caught_by("tie.survives-pickle")
class UntiedByPickleInBlocks(Reference):
    """Where there are blocks, what comes out of a pickle has a copy of its own for each use."""

    def unpickled(self, data: bytes) -> Any:
        made = super().unpickled(data)
        return replace_uses(made, 1, copy.deepcopy) if is_nested(made) else made


@caught_by("tie.survives-pickle")
class UnpickledUntiedElsewhere(Reference):
    """In another process, what comes out of a pickle is not tied."""

    def unpickled(self, data: bytes) -> Any:
        made = super().unpickled(data)
        return made if str(os.getpid()) == HOME else replace_uses(made, 1, copy.deepcopy)


@caught_by("tie.survives-pickle")
class PickleIsTheOriginal(Reference):
    """What comes out shares its parameters with the original."""

    def pickled(self, model: Any) -> bytes:
        self.original = model
        return super().pickled(model)

    def unpickled(self, data: bytes) -> Any:
        return self.original


@caught_by("tie.survives-save-load")
class ThirdUseUntied(Reference):
    """A loaded network has a copy of its own for the third use of a layer."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        return replace_uses(super().load(model, folder, way), 2, copy.deepcopy)


@caught_by("tie.survives-save-load")
class UntiedElsewhere(Reference):
    """In another process than the one that saved it, a loaded network is not tied."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        loaded = super().load(model, folder, way)
        return loaded if str(os.getpid()) == HOME else replace_uses(loaded, 1, copy.deepcopy)


@caught_by("tie.survives-save-load")
class AppliedOnce(Reference):
    """A loaded network keeps all names and skips a layer's second use."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        return replace_uses(super().load(model, folder, way), 1, Skipped)


@caught_by("tie.survives-cast", also=unbiased)
class CastPerUse(Reference):
    """A cast makes a new parameter for each use."""

    def cast(self, model: Any, dtype: str) -> Any:
        return replace_uses(super().cast(model, dtype), 1, copy.deepcopy)


@caught_by("tie.survives-cast")
class KeepsDoubledBiases(Reference):
    """A cast leaves the biases of tied layers in the type that they had."""

    def cast(self, model: Any, dtype: str) -> Any:
        uses = [id(layer) for layer in nn.layers(model)]
        kept = [x for x in nn.layers(model) if x.bias and uses.count(id(x)) > 1]
        biases = [(layer.bias, layer.bias.value) for layer in kept if layer.bias]
        super().cast(model, dtype)
        for bias, value in biases:
            bias.value = value
        return model


@caught_by("tie.survives-reinitialise", also=unbiased)
class DrawsPerUse(Reference):
    """Initialising again makes a new parameter for each use, of equal value."""

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        return replace_uses(super().reinitialised(model, x, seed), 1, copy.deepcopy)
