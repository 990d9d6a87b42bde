"""Wrong in reading values."""

from __future__ import annotations

from typing import Any

import numpy as np

from paramlaws.faults.wrong.narrowing import single
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.suite import Floats
from paramlaws.suites.reference import Reference


@caught_by("value.parameter-class")
class BiasWithoutGradient(Reference):
    """Weights carry a gradient, biases have no notion of one."""

    def stored_gradient(self, model: Any, handle: Any) -> Floats | None:
        if handle.value.ndim == 1:
            return None
        return super().stored_gradient(model, handle)


@caught_by("value.explicit-read", also=single)
class ReadingWears(Reference):
    """Reading a bias changes it a little."""

    def read(self, model: Any, handle: Any) -> Floats:
        value = super().read(model, handle)
        if value.ndim == 1:
            handle.value = handle.value + np.float32(2**-10)
        return value


@caught_by("value.explicit-read")
class ReadsAreObjects(Reference):
    """What is read is an array of Python objects."""

    def read(self, model: Any, handle: Any) -> Any:
        return super().read(model, handle).astype(object)


@caught_by("value.read-aliasing", also=single)
class ViewOfWeights(Reference):
    """What is read is a view for weights and a copy for biases."""

    def read(self, model: Any, handle: Any) -> Floats:
        return handle.value if handle.value.ndim == 2 else handle.value.copy()
