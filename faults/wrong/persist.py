"""Wrong in what files keep."""

from __future__ import annotations

import copy
import os
from contextlib import suppress
from typing import Any
from zipfile import BadZipFile

import numpy as np

from paramlaws.faults.wrong.narrowing import single, unbiased
from paramlaws.faults.wrong.variants import HOME, caught_by
from paramlaws.specs.architecture import Path
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import NestMLP, Reference


def _rounded(model: Any) -> Any:
    for layer in nn.layers(model):
        bits = layer.weight.value.view(np.uint32) & np.uint32(0xFFFFF000)
        layer.weight.value = bits.view(np.float32)
    return model


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


@caught_by("persist.partial", also=unbiased)
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


@caught_by("persist.truncated", also=single)
class TakesAShortFileForAnOldOne(Reference):
    """A file that cannot be read is no error."""

    def load(self, model: Any, folder: str, way: str) -> Any:
        try:
            return super().load(model, folder, way)
        except (BadZipFile, EOFError, OSError, ValueError):
            return model
