"""Networks that a claim has used and the next one may use again, so that they are built once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain
from typing import Any

from paramlaws.specs.architecture import Architecture

#: What a claim does to a network that it hands on: it assigns values, or also differentiates.
VALUES, GRADIENTS = "values", "gradients"


class Shelf:
    """Networks by architecture, the ones that were used last.

    limit: of how many architectures they are kept.
    taken: how many were found so far.
    """

    def __init__(self, limit: int = 512) -> None:
        self.limit = limit
        self.taken = 0
        self._models: OrderedDict[Architecture, list[Any]] = OrderedDict()

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self._models.values())

    def __len__(self) -> int:
        return sum(map(len, self._models.values()))

    def take(self, architecture: Architecture) -> Any | None:
        """A network of this architecture, which is no longer on the shelf then; None without one.

        Its parameters have the values that were assigned last.
        """
        models = self._models.pop(architecture, [])
        if not models:
            return None
        self.taken += 1
        model = models.pop()
        if models:
            self._models[architecture] = models
        return model

    def put(self, architecture: Architecture, model: Any) -> None:
        """Keeps a network for the next one who takes it."""
        self._models.setdefault(architecture, []).append(model)
        self._models.move_to_end(architecture)
        if len(self._models) > self.limit:
            self._models.popitem(last=False)
