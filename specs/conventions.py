"""How a target counts entries and orients weights, applied to architectures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from paramlaws.specs.architecture import WEIGHT, Architecture, Entry, Path
from paramlaws.specs.reference import Array

FUSED, OWN_SLOT = "fused", "own-slot"
PER_USE, ONCE = "per-use", "once"
OUT_IN, IN_OUT = "out-in", "in-out"


@dataclass(frozen=True)
class Conventions:
    """How a target counts and orients, measured once on fixed networks (`specs.smoke`).

    activation_slot: OWN_SLOT if a layer's own activation takes an index of its own, else FUSED.
    layer_listing: PER_USE if a container lists a layer as often as it was added, else ONCE.
    orientation: OUT_IN for weights of (units, fan_in), IN_OUT for (fan_in, units).
    """

    activation_slot: str
    layer_listing: str
    orientation: str

    def native(self, architecture: Architecture, path: Path) -> Path:
        """The index path by which the target reaches the entry at `path` of the architecture."""
        return tuple(
            self._index(architecture.containers[path[:depth]], index)
            for depth, index in enumerate(path)
        )

    def slots(self, architecture: Architecture, path: Path) -> int:
        """How many entries the target's container at `path` of the architecture should have."""
        entries = architecture.containers[path]
        return self._index(entries, len(entries))

    def oriented(self, value: Any, role: str) -> Array:
        """A float64 copy, converted between the target's orientation and (units, fan_in).

        The conversion is its own inverse; biases are only copied.
        """
        copy = np.array(value, dtype=np.float64)
        flip = role == WEIGHT and self.orientation == IN_OUT
        return copy.T.copy() if flip else copy

    def _index(self, entries: tuple[Entry, ...], index: int) -> int:
        if index < len(entries) and self._is_repeat(entries, index):
            label = entries[index].shared
            index = next(i for i, e in enumerate(entries) if e.shared == label)
        return sum(
            self._slots(entry)
            for position, entry in enumerate(entries[:index])
            if not self._is_repeat(entries, position)
        )

    def _is_repeat(self, entries: tuple[Entry, ...], index: int) -> bool:
        if self.layer_listing != ONCE:
            return False
        label = entries[index].shared
        return label is not None and label in {e.shared for e in entries[:index]}

    def _slots(self, entry: Entry) -> int:
        own = self.activation_slot == OWN_SLOT
        return 2 if own and entry.activation else 1
