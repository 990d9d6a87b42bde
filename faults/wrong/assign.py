"""Wrong in giving parameters values."""

from __future__ import annotations

import copy
from typing import Any

from paramlaws.faults.wrong.narrowing import unbiased
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.suite import Floats
from paramlaws.suites.reference import Reference


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


@caught_by("assign.inside-recording", also=unbiased)
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


@caught_by("assign.wrong-shape", also=unbiased)
class Broadcasts(Reference):
    """A single row is broadcast to all rows."""

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
