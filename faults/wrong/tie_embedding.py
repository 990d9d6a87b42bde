"""Wrong in an embedding that also decodes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.suite import Floats
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


class _Hidden(nn.Linear):
    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, nn.Parameter]]:
        yield from ()


@caught_by("tie.embedding")
class DecoderOfItsOwn(Reference):
    """The decoder starts with an equal matrix of its own, which is not listed."""

    def build_embedding(self, vocabulary: int, width: int) -> Any:
        model = super().build_embedding(vocabulary, width)
        model.decoder = _Hidden(vocabulary, bias=False)
        model.decoder.weight = copy.deepcopy(model.encoder.weight)
        return model


class _LastTokenOnly(nn.Embedding):
    def backward(self, context: Any, slope: Floats) -> Floats:
        gradient = np.zeros_like(self.weight.value)
        gradient[context] = slope
        self.weight.accumulate(gradient)
        return slope


@caught_by("tie.embedding")
class LastTokenOnly(Reference):
    """Of a token that comes twice, the gradient counts one."""

    def build_embedding(self, vocabulary: int, width: int) -> Any:
        model = super().build_embedding(vocabulary, width)
        model.encoder.__class__ = _LastTokenOnly
        return model
