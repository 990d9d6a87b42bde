"""Wrong in building networks and computing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import single, unbiased
from paramlaws.faults.wrong.networks import (
    is_nested,
    layers,
)
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Architecture, Block, Dense, Entry
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


@caught_by("construct.forward-value", also=single)
class ReadsHalves(Reference):
    """What is read is rounded to half precision, which shows on initial values only."""

    def read(self, model: Any, handle: Any) -> Floats:
        return super().read(model, handle).astype(np.float16).astype(np.float32)


def _inner(module: nn.Module) -> list[nn.Linear]:
    return layers(module) if isinstance(module, nn.Sequential) else []


@caught_by("construct.forward-value")
class ForgetsBiasInBlocks(Reference):
    """The bias of layers inside blocks is not added."""

    def forward(self, model: Any, x: Floats) -> Floats:
        if not isinstance(model, nn.Sequential):
            return super().forward(model, x)
        kept = [(layer, layer.bias) for inner in model.modules for layer in _inner(inner)]
        for layer, _ in kept:
            layer.bias = None
        y = super().forward(model, x)
        for layer, bias in kept:
            layer.bias = bias
        return y


def _without_bias(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        Block(_without_bias(entry.entries))
        if isinstance(entry, Block)
        else replace(entry, bias=False)
        if isinstance(entry, Dense)
        else entry
        for entry in entries
    )


@caught_by("construct.lazy-shapes", also=single)
class LazyWithoutBias(Reference):
    """Layers whose width is inferred get no bias."""

    def build(self, architecture: Architecture) -> nn.Sequential:
        if architecture.lazy:
            architecture = replace(architecture, entries=_without_bias(architecture.entries))
        return super().build(architecture)


@caught_by("construct.before-first-forward", also=unbiased)
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
