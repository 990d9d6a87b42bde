"""Wrong in optimiser steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from paramlaws.faults.wrong.listing import ListsThirdUse
from paramlaws.faults.wrong.narrowing import single
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.suite import Floats
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


@caught_by("train.step", also=single)
class StandingBias(Reference):
    """The bias of a single unit does not move."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        kept = [(p, p.value) for _, p in model.named_parameters() if p.value.shape == (1,)]
        super().sgd_step(model, x, cotangent, rate)
        for parameter, value in kept:
            parameter.value = value
        return model


@caught_by("train.step")
class Ascends(Reference):
    """Inside blocks, a step goes up instead of down."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        super().sgd_step(model, x, cotangent, rate)
        for name, parameter in nn.distinct(model.named_parameters()):
            if name.count(".") > 1:
                parameter.value = parameter.value + np.float32(2 * rate) * parameter.grad
        return model


@caught_by("train.shared-layer")
class ForgetsTheSecondStep(Reference):
    """From the second step on, the bias of a shared layer stands still."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        layers = list(nn.layers(model))
        shared = [layer.bias for layer in layers if layers.count(layer) > 1]
        kept = [(bias, bias.value) for bias in shared if bias is not None]
        super().sgd_step(model, x, cotangent, rate)
        for bias, value in kept if getattr(model, "stepped", False) else ():
            bias.value = value
        model.stepped = True
        return model


@caught_by("train.shared-layer")
class StepsTooFarInThreeUses(Reference):
    """Where a layer is used three times, steps are a thousandth too long."""

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        repeats = len(list(nn.layers(model))) - len(set(nn.layers(model)))
        return super().sgd_step(model, x, cotangent, rate * (1.001 if repeats > 1 else 1.0))


@caught_by("train.parameter-saving")
class ThirdUseCosts(ListsThirdUse):
    """A layer that is used three times costs what two cost."""
