"""Networks that were used and can be used again, for frameworks that build slowly.

A claim may be given a network that others have used where it begins by writing all parameters, so
that nothing of them is left. Two things keep that from ever making a finding: what fails, departs
or is inapplicable on a used network is tried again on a new one, which decides; and only networks
with which nothing else was done than computing, reading and writing are used again.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from paramlaws.specs.architecture import Architecture

#: Verbs that leave a network as it was, but for the values of its parameters and gradients.
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
        "parameter",
        "parameters",
        "read",
        "reset_gradients",
        "shape",
    )
)
#: How many networks are kept; those used longest ago go first.
MOST = 500


class Pool:
    """Networks by architecture, at most one of each."""

    def __init__(self) -> None:
        self._models: OrderedDict[Architecture, Any] = OrderedDict()
        self.taken = 0

    def take(self, architecture: Architecture) -> Any:
        """A used network of this architecture, no longer in the pool; None without one."""
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
        """Lets go of all networks."""
        self._models.clear()
