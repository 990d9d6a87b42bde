"""Networks that a claim has used and the next one may use again, so that they are built once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from paramlaws.specs.architecture import Architecture

#: What a claim does to a network that it hands on: it assigns values, or also differentiates.
VALUES, GRADIENTS = "values", "gradients"


class Shelf:
    """Networks by architecture, the ones that were used last.

    limit: how many are kept.
    taken: how many were found so far.
    """

    def __init__(self, limit: int = 512) -> None:
        self.limit = limit
        self.taken = 0
        self._models: OrderedDict[Architecture, Any] = OrderedDict()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._models.values())

    def __len__(self) -> int:
        return len(self._models)

    def take(self, architecture: Architecture) -> Any | None:
        """A network of this architecture, which is no longer on the shelf then; None without one.

        Its parameters have the values that were assigned last.
        """
        model = self._models.pop(architecture, None)
        self.taken += model is not None
        return model

    def put(self, architecture: Architecture, model: Any) -> None:
        """Keeps a network for the next one who takes it."""
        self._models[architecture] = model
        if len(self._models) > self.limit:
            self._models.popitem(last=False)
