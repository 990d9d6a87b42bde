"""Wrong in nesting, assigning and training."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from paramlaws.faults.wrong.access import LastTwoParts
from paramlaws.faults.wrong.basics import ListsThirdUse
from paramlaws.faults.wrong.variants import caught_by, replace_uses
from paramlaws.specs.architecture import Path
from paramlaws.specs.suite import Floats, Listing
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import NestMLP, Reference


@caught_by("nested.index-path")
class FirstOfTheSecondLevel(Reference):
    """In a block inside a block, index 1 gives the entry at 0 where the two are of one shape."""

    def layer(self, model: Any, path: Path) -> Any:
        found = super().layer(model, path)
        if len(path) > 2 and path[-1] == 1 and isinstance(found, nn.Linear):
            before = super().layer(model, (*path[:-1], 0))
            shape = isinstance(before, nn.Linear) and before.weight.value.shape
            return before if shape == found.weight.value.shape else found
        return found


@caught_by("nested.same-as-flat")
class DeepestFirst(Reference):
    """Parameters of inner blocks are listed before those of outer ones."""

    def parameters(self, model: Any) -> Listing:
        return sorted(super().parameters(model), key=lambda pair: -pair[0].count("."))


@caught_by("nested.same-as-flat")
class ReluAroundBlocks(Reference):
    """What a block inside gives is never negative."""

    def forward(self, model: Any, x: Floats) -> Floats:
        for module in model.modules:
            x = module.forward(x)[0]
            x = np.maximum(x, 0) if isinstance(module, nn.Sequential) else x
        return x


@caught_by("nested.names")
class NoBlocksInNames(LastTwoParts):
    """Names leave out the blocks, which is no harm as long as each is of its own kind."""


@caught_by("nested.names")
class GivenNamesStandAlone(Reference):
    """A block that was given a name is called by that alone, whatever it is in."""

    def parameters(self, model: Any) -> Listing:
        return [(name[max(0, name.find("block-")) :], p) for name, p in super().parameters(model)]


@caught_by("nested.custom-block")
class OmitsTheUsersLayer(Reference):
    """The listing of a user's block leaves out what is not in a container."""

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        block = self.layer(model, path)
        inner = block.net if isinstance(block, NestMLP) else block
        return nn.distinct(inner.named_parameters())


@caught_by("nested.custom-block")
class UsersBlocksShareNames(Reference):
    """Names of what is in user's blocks do not say in which one."""

    def parameters(self, model: Any) -> Listing:
        return [(name[name.find("net.") :], p) for name, p in super().parameters(model)]


@caught_by("assign.everything")
class AddsToTheFirstRow(Reference):
    """What is added to a whole weight arrives in its first row only."""

    def added(self, model: Any, handle: Any, amount: float, way: str) -> Any:
        changed = handle.value.copy()
        changed[0] += amount
        return self.assign(model, handle, changed)


@caught_by("assign.everything")
class SetsTheElementBelowToo(Reference):
    """Setting an element of the last column sets the one before it."""

    def with_element(
        self, model: Any, handle: Any, index: tuple[int, ...], value: float, way: str
    ) -> Any:
        if len(index) == 2 and index[1] == handle.value.shape[1] - 1 > 0:
            model = super().with_element(model, handle, (index[0], index[1] - 1), value, way)
        return super().with_element(model, handle, index, value, way)


@caught_by("assign.inside-recording")
class OldGradients(Reference):
    """Gradients are those of the values before."""

    def backward_assigning(
        self, model: Any, x: Floats, cotangent: Floats, handle: Any, value: Floats, late: bool
    ) -> Any:
        self.backward(model, x, cotangent)
        return self.assign(model, handle, value)


@caught_by("assign.inside-recording")
class MixedGradients(Reference):
    """Between forward and backward, the backward pass takes new weights with old activations."""

    def backward_assigning(
        self, model: Any, x: Floats, cotangent: Floats, handle: Any, value: Floats, late: bool
    ) -> Any:
        _, context = model.forward(x)
        self.assign(model, handle, value)
        if not late:
            _, context = model.forward(x)
        model.backward(context, cotangent)


@caught_by("assign.mode")
class NewTreeForBiases(Reference):
    """Weights are changed in place; for a bias there is a new network."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        if value.ndim == 2:
            return super().assign(model, handle, value)
        position = [p is handle for _, p in model.named_parameters()].index(True)
        new = copy.deepcopy(model)
        [p for _, p in new.named_parameters()][position].assign(value)
        return new


@caught_by("assign.wrong-shape")
class Broadcasts(Reference):
    """A single row is spread over all rows."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.value = handle.value.copy()
        handle.value[...] = value
        return model


@caught_by("assign.wrong-shape")
class ChangesBeforeItRefuses(Reference):
    """A wrong shape is refused after the first element was written."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.value = handle.value.copy()
        handle.value.flat[0] = value.flat[0] + (value.shape != handle.value.shape)
        return super().assign(model, handle, value)


@caught_by("train.step")
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


@caught_by("tie.survives-training")
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
