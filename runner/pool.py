"""A pool of networks to reuse, for frameworks that build slowly.

A claim that begins by writing all parameters, or whose answer does not depend on their values, may
be given a network that other claims have used. Two rules keep this from ever causing a finding: a
claim that fails, departs or does not apply on a reused network is tried again on a new one, which
decides; and a network is reused only if all that was done with it is computing, reading and
writing.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from paramlaws.specs.architecture import Architecture

#: Verbs that change nothing about a network but the values of its parameters and gradients.
HARMLESS = frozenset(
    (
        "array_type",
        "assign",
        "backward",
        "build",
        "forward",
        "gradient",
        "initialise",
        "layer",
        "layer_parameters",
        "length",
        "native",
        "parameter",
        "parameters",
        "read",
        "reset_gradients",
        "shape",
        "stored_gradient",
        "subscript",
        "summary",
    )
)
#: The most networks that are kept; the least recently used go first.
MOST = 500


class Pool:
    """Reusable networks by architecture, at most one of each."""

    def __init__(self) -> None:
        self._models: OrderedDict[Architecture, Any] = OrderedDict()
        self.taken = 0

    def take(self, architecture: Architecture) -> Any:
        """Removes and returns a network of this architecture, None if there is none."""
        model = self._models.pop(architecture, None)
        self.taken += model is not None
        return model

    def put(self, architecture: Architecture, model: Any) -> None:
        """Keeps a network for later."""
        self._models[architecture] = model
        self._models.move_to_end(architecture)
        if len(self._models) > MOST:
            self._models.popitem(last=False)

    def clear(self) -> None:
        """Drops all networks."""
        self._models.clear()
