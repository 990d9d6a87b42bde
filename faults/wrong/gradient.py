"""Wrong in gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import single, unbiased
from paramlaws.faults.wrong.networks import (
    has_bias_everywhere,
    is_nested,
    layers,
)
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Path
from paramlaws.specs.suite import Floats
from paramlaws.suites.reference import Reference


@caught_by("gradient.before-backward")
class ZerosAtWidthOne(Reference):
    """None, but zeros for a parameter of one element."""

    def stored_gradient(self, model: Any, handle: Any) -> Floats | None:
        found = super().stored_gradient(model, handle)
        return np.zeros_like(handle.value) if found is None and handle.value.size == 1 else found


@caught_by("gradient.before-backward")
class BornWithGradient(Reference):
    """A gradient of ones before any backward pass."""

    def stored_gradient(self, model: Any, handle: Any) -> Floats | None:
        return np.ones_like(handle.value) if handle.grad is None else handle.grad


@caught_by("gradient.shape", also=single)
class RowOfBias(Reference):
    """The gradient of a bias is a row."""

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        found = super().gradient(model, gradients, handle)
        return found[None] if found is not None and found.ndim == 1 else found


@caught_by("gradient.shape")
class NoneInBlocks(Reference):
    """Parameters inside blocks are left out of the backward pass."""

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        inside = [p for n, p in model.named_parameters() if n.count(".") > 1]
        return None if any(handle is p for p in inside) else handle.grad


@caught_by("gradient.value")
class TwoRowsOnly(Reference):
    """The third row of a batch contributes nothing."""

    def backward(self, model: Any, x: Floats, cotangent: Floats) -> Any:
        return super().backward(model, x[:2], cotangent[:2])


@caught_by("gradient.value")
class MeanOverRows(Reference):
    """The loss is averaged over the rows instead of summed."""

    def backward(self, model: Any, x: Floats, cotangent: Floats) -> Any:
        return super().backward(model, x, cotangent / np.float32(len(x)))


@caught_by("gradient.value")
class SquareTurned(Reference):
    """The gradient of a square weight is transposed."""

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        found = super().gradient(model, gradients, handle)
        square = found is not None and found.ndim == 2 and found.shape[0] == found.shape[1]
        return found.T if found is not None and square else found


@caught_by("gradient.second-backward")
class OverwritesWithoutBias(Reference):
    """Adds, but overwrites where some layer has no bias."""

    def backward(self, model: Any, x: Floats, cotangent: Floats) -> Any:
        if not has_bias_everywhere(model):
            self.reset_gradients(model)
        return super().backward(model, x, cotangent)


@caught_by("gradient.second-backward")
class Halves(Reference):
    """The second gradient is added to half of the first."""

    def backward(self, model: Any, x: Floats, cotangent: Floats) -> Any:
        for _, parameter in model.named_parameters():
            parameter.grad = None if parameter.grad is None else parameter.grad / 2
        return super().backward(model, x, cotangent)


@caught_by("gradient.reset")
class ZerosWhenNested(Reference):
    """Leaves none, but zeros in nested networks."""

    def reset_gradients(self, model: Any) -> Any:
        if not is_nested(model):
            return super().reset_gradients(model)
        for _, parameter in model.named_parameters():
            parameter.grad = np.zeros_like(parameter.value)
        return model


@caught_by("gradient.reset", also=single)
class ForgetsTheLast(Reference):
    """The last layer's gradients are not reset."""

    def reset_gradients(self, model: Any) -> Any:
        kept = layers(model)[-1].weight
        grad = kept.grad
        super().reset_gradients(model)
        kept.grad = grad
        return model


@caught_by("gradient.reset")
class ResetKeepsBiases(Reference):
    """The gradients of biases are not reset."""

    def reset_gradients(self, model: Any) -> Any:
        for _, parameter in model.named_parameters():
            if parameter.value.ndim > 1:
                parameter.grad = None
        return model


@caught_by("gradient.frozen", also=unbiased)
class FreezesWeightOnly(Reference):
    """Freezing a layer leaves its bias trainable."""

    def freeze(self, model: Any, path: Path) -> Any:
        self.layer(model, path).weight.trainable = False
        return model


@caught_by("gradient.frozen")
class DecaysFrozen(Reference):
    """The optimiser shrinks every parameter a little, frozen ones too."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        super().sgd_step(model, x, cotangent, rate)
        for layer in layers(model):
            if not layer.weight.trainable:
                layer.weight.value = layer.weight.value * np.float32(0.875)
        return model


@caught_by("gradient.frozen")
class FreezesTooMuch(Reference):
    """Freezing one layer inside a block freezes the network."""

    def freeze(self, model: Any, path: Path) -> Any:
        return super().freeze(model, () if len(path) > 1 else path)
