"""A native network, with its parameters addressed through the architecture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from paramlaws.specs.architecture import Architecture, Block, Dense, Path, Use
from paramlaws.specs.conventions import Conventions
from paramlaws.specs.outcome import require
from paramlaws.specs.reference import Array
from paramlaws.specs.suite import Handle, Suite


class Network:
    """One native network of a suite.

    Paths and keys of parameters are those of the architecture. Values are float64 copies, weights
    as (units, fan_in), biases as (units,).

    suite: the adapter whose verbs are called; claims about native objects may call them directly.
    architecture: the network's description.
    conventions: how the target counts entries and orients weights.
    model: the native network, None before it is built.
    """

    suite: Suite
    architecture: Architecture
    conventions: Conventions
    model: Any

    # -- layers and blocks ----------------------------------------------------------------------
    def native(self, path: Path) -> Path:
        """The index path by which the target reaches the entry at this path."""
        return self.conventions.native(self.architecture, path)

    def slots(self, path: Path = ()) -> int:
        """How many entries the target's container at this path should have."""
        return self.conventions.slots(self.architecture, path)

    @property
    def dense_paths(self) -> list[Path]:
        """The paths of all dense layers."""
        return [path for path, entry in self.architecture.walk() if isinstance(entry, Dense)]

    @property
    def block_paths(self) -> list[Path]:
        """The paths of all blocks."""
        return [path for path, entry in self.architecture.walk() if isinstance(entry, Block)]

    # -- parameters -----------------------------------------------------------------------------
    def handle(self, use: Use, key: str) -> Handle:
        """The native parameter, reached by its role through this use of its layer.

        Raises Violation if the layer has no such parameter.
        """
        role = use.role(key)
        handle = self.suite.parameter(self.model, self.native(use.path), role)
        require(handle is not None, f"the layer at {use.path} has no {role}")
        return handle

    def each_parameter(self, keys: Iterable[str] | None = None) -> Iterator[tuple[str, Handle]]:
        """(key, native parameter) for these keys, or all, through the first use of each layer."""
        for key in self.architecture.shapes if keys is None else keys:
            yield key, self.handle(self.architecture.first_uses[key], key)

    def each_use(self) -> Iterator[tuple[Use, str, Handle]]:
        """(use, key, native parameter) for every parameter at every use of its layer."""
        for use in self.architecture.uses:
            for key in use.keys:
                yield use, key, self.handle(use, key)

    def listing(self) -> list[tuple[str, Handle]]:
        """The network-wide listing: (qualified name, native parameter)."""
        return list(self.suite.parameters(self.model))

    def own_listing(self, path: Path) -> list[tuple[str, Handle]]:
        """The listing of the layer or block at this path alone: (name, native parameter)."""
        return list(self.suite.layer_parameters(self.model, self.native(path)))

    # -- values ---------------------------------------------------------------------------------
    def oriented(self, value: Any, key: str) -> Array:
        """A float64 copy of a value of this parameter, its orientation converted.

        The same conversion leads from the target's orientation to (units, fan_in) and back.
        """
        return self.conventions.oriented(value, self.architecture.role(key))

    def native_shape(self, key: str) -> tuple[int, ...]:
        """The shape that this parameter should have in the target's orientation."""
        return self.shape_there(self.architecture.shapes[key], key)

    def shape_there(self, shape: tuple[int, ...], key: str) -> tuple[int, ...]:
        """A shape of this parameter, given as (units, fan_in), in the target's orientation.

        For messages, which give all shapes as the target does.
        """
        return self.oriented(np.empty(shape), key).shape

    def value(self, handle: Handle, key: str) -> Array:
        """The value of this native parameter, oriented as (units, fan_in).

        key: the parameter in the architecture that the handle belongs to.
        """
        return self.oriented(self.suite.read(self.model, handle), key)

    def raw(self, handle: Handle) -> Array:
        """The value of any native parameter, in the target's orientation."""
        return np.array(self.suite.read(self.model, handle), np.float64)

    def marks(self, listing: Iterable[tuple[str, Handle]]) -> list[float]:
        """The first element of each listed parameter, by which `values.stamps` identifies it."""
        return [float(self.raw(handle).flat[0]) for _, handle in listing]

    def read(self, use: Use, key: str) -> Array:
        """The value of a parameter, read through this use of its layer."""
        return self.value(self.handle(use, key), key)

    def read_all(self) -> dict[str, Array]:
        """The value of every distinct parameter, read through the first use of its layer."""
        return {key: self.value(handle, key) for key, handle in self.each_parameter()}

    def assign(self, use: Use, key: str, value: Array) -> None:
        """Assigns a value to a parameter, through this use of its layer."""
        self._assign(self.handle(use, key), key, value)

    def assign_all(self, parameters: Mapping[str, Array]) -> None:
        """Assigns these values by key, each through the first use of its layer."""
        for key, handle in self.each_parameter(parameters):
            self._assign(handle, key, parameters[key])

    def _assign(self, handle: Handle, key: str, value: Array) -> None:
        native = self.oriented(value, key).astype(np.float32)
        self.model = self.suite.assign(self.model, handle, native)
