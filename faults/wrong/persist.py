"""Wrong in what copies, pickles, files and casts keep."""

from __future__ import annotations

import copy
import os
from contextlib import suppress
from typing import Any
from zipfile import BadZipFile

import numpy as np

from paramlaws.faults.wrong.variants import caught_by, is_nested, replace_uses
from paramlaws.specs.architecture import Path
from paramlaws.specs.suite import Floats
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import NestMLP, Reference

#: The process in which these variants were imported first, inherited by its children.
HOME = os.environ.setdefault("PARAMLAWS_TESTS_HOME", str(os.getpid()))


def _rounded(model: Any) -> Any:
    for layer in nn.layers(model):
        bits = layer.weight.value.view(np.uint32) & np.uint32(0xFFFFF000)
        layer.weight.value = bits.view(np.float32)
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
        return replace_uses(super().load(model, folder, way), 1, _Skipped)


class _Skipped(nn.Linear):
    def __init__(self, layer: nn.Linear) -> None:
        super().__init__(layer.units)
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        return x, x


@caught_by("tie.survives-cast")
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


@caught_by("tie.survives-reinitialise")
class DrawsPerUse(Reference):
    """Initialising again makes a new parameter for each use, of equal value."""

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        return replace_uses(super().reinitialised(model, x, seed), 1, copy.deepcopy)


@caught_by("persist.roundtrip")
class SavesHalfPrecision(Reference):
    """Weights are rounded as they are saved."""

    def save(self, model: Any, folder: str, way: str) -> None:
        super().save(_rounded(copy.deepcopy(model)), folder, way)


@caught_by("persist.roundtrip")
class LosesTheSignOfZero(Reference):
    """A negative zero comes back as a positive one."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        model = super().load(model, folder, way)
        for _, parameter in model.named_parameters():
            parameter.value = parameter.value + np.float32(0)
        return model


@caught_by("persist.roundtrip")
class SkipsTheUsersLayer(Reference):
    """The layer of a user's block is not loaded."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        users = [m for _, m in model.children() if isinstance(m, NestMLP)]
        kept = [(user.linear.weight, user.linear.weight.value) for user in users]
        model = super().load(model, folder, way)
        for weight, value in kept:
            weight.value = value
        return model


@caught_by("persist.roundtrip")
class FailsElsewhere(Reference):
    """Another process gets the initial values."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        return super().load(model, folder, way) if str(os.getpid()) == HOME else model


@caught_by("persist.partial")
class CarriesWeightsOnly(Reference):
    """Biases stay behind."""

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Any:
        kept = [(x.bias, x.bias.value) for x in nn.layers(self.layer(target, path)) if x.bias]
        super().carried(source, target, path, way)
        for bias, value in kept:
            bias.value = value
        return target


@caught_by("persist.partial")
class ChangesTheHead(Reference):
    """Carrying a layer over doubles the weight of the last one."""

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Any:
        super().carried(source, target, path, way)
        last = target.modules[-1]
        last.weight.value = last.weight.value * 2
        return target


@caught_by("persist.mismatch")
class LoadsWhatFits(Reference):
    """What does not fit is left out, without an error."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        try:
            return super().load(model, folder, way)
        except ValueError:
            with np.load(f"{folder}/model.npz") as file:
                for name, parameter in model.named_parameters():
                    if name in file and file[name].shape == parameter.value.shape:
                        parameter.assign(file[name])
            return model


@caught_by("persist.mismatch")
class TrimsWhatIsTooLarge(Reference):
    """A parameter of another shape is filled with zeros before the error."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        try:
            return super().load(model, folder, way)
        except ValueError:
            for _, parameter in model.named_parameters():
                parameter.value = np.zeros_like(parameter.value)
            raise


@caught_by("persist.mismatch")
class RepeatsWhatIsTooNarrow(Reference):
    """A parameter of another shape is repeated where that gives the right one."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        with np.load(f"{folder}/model.npz") as file:
            saved = dict(file)
        for name, parameter in model.named_parameters():
            if name in saved and saved[name].shape != parameter.value.shape:
                with suppress(ValueError):
                    saved[name] = np.broadcast_to(saved[name], parameter.value.shape)
        nn.load(model, saved)
        return model


@caught_by("persist.truncated")
class TakesAShortFileForAnOldOne(Reference):
    """A file that cannot be read is no error."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        try:
            return super().load(model, folder, way)
        except (BadZipFile, EOFError, OSError, ValueError):
            return model
