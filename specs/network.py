"""A native network, and its parameters as they are reached through the architecture."""

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

    Paths and the keys of parameters are those of the architecture. Values are float64 copies,
    weights as (units, fan_in), biases as (units,).

    suite: whose verbs are acted through; they stay reachable for claims about native objects.
    architecture: what the network is built from.
    conventions: how the target counts and orients.
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
        """Where dense layers are."""
        return [path for path, entry in self.architecture.walk() if isinstance(entry, Dense)]

    @property
    def block_paths(self) -> list[Path]:
        """Where blocks are."""
        return [path for path, entry in self.architecture.walk() if isinstance(entry, Block)]

    # -- parameters -----------------------------------------------------------------------------
    def handle(self, use: Use, key: str) -> Handle:
        """The native parameter, reached by its role through this use of its layer."""
        role = use.role(key)
        handle = self.suite.parameter(self.model, self.native(use.path), role)
        require(handle is not None, f"the layer at {use.path} has no {role}")
        return handle

    def each_parameter(self, keys: Iterable[str] | None = None) -> Iterator[tuple[str, Handle]]:
        """Each of these parameters once, or each of all, through the first use of its layer."""
        for key in self.architecture.shapes if keys is None else keys:
            yield key, self.handle(self.architecture.first_uses[key], key)

    def each_use(self) -> Iterator[tuple[Use, str, Handle]]:
        """Every parameter at every use of its layer."""
        for use in self.architecture.uses:
            for key in use.keys:
                yield use, key, self.handle(use, key)

    def listing(self) -> list[tuple[str, Handle]]:
        """The network-wide listing: (qualified name, native parameter)."""
        return list(self.suite.parameters(self.model))

    def own_listing(self, path: Path) -> list[tuple[str, Handle]]:
        """The own listing of the layer or block at this path: (name, native parameter)."""
        return list(self.suite.layer_parameters(self.model, self.native(path)))

    # -- values ---------------------------------------------------------------------------------
    def oriented(self, value: Any, key: str) -> Array:
        """A float64 copy of this parameter's value, its orientation changed.

        From the target's to (units, fan_in) or back, which for two axes is the same.
        """
        return self.conventions.oriented(value, self.architecture.role(key))

    def native_shape(self, key: str) -> tuple[int, ...]:
        """The shape that this parameter should have in the target's orientation."""
        return self.shape_there(self.architecture.shapes[key], key)

    def shape_there(self, shape: tuple[int, ...], key: str) -> tuple[int, ...]:
        """This parameter's shape, given as (units, fan_in), in the target's orientation.

        Messages tell shapes as the target does, and never in two orientations.
        """
        return self.oriented(np.empty(shape), key).shape

    def value(self, handle: Handle, key: str) -> Array:
        """The value of the native parameter that is known to be this one."""
        return self.oriented(self.suite.read(self.model, handle), key)

    def raw(self, handle: Handle) -> Array:
        """The value of a native parameter, whichever it is, as the target orients it."""
        return np.array(self.suite.read(self.model, handle), np.float64)

    def marks(self, listing: Iterable[tuple[str, Handle]]) -> list[float]:
        """By the first element of each, which parameters are listed; see `values.stamps`."""
        return [float(self.raw(handle).flat[0]) for _, handle in listing]

    def read(self, use: Use, key: str) -> Array:
        """A parameter's value, read through this use of its layer."""
        return self.value(self.handle(use, key), key)

    def read_all(self) -> dict[str, Array]:
        """The value of every distinct parameter, read through the first use of its layer."""
        return {key: self.value(handle, key) for key, handle in self.each_parameter()}

    def assign(self, use: Use, key: str, value: Array) -> None:
        """Gives a parameter this value, through this use of its layer."""
        self._assign(self.handle(use, key), key, value)

    def assign_all(self, parameters: Mapping[str, Array]) -> None:
        """Gives each of these parameters its value, through the first use of its layer."""
        for key, handle in self.each_parameter(parameters):
            self._assign(handle, key, parameters[key])

    def _assign(self, handle: Handle, key: str, value: Array) -> None:
        native = self.oriented(value, key).astype(np.float32)
        self.model = self.suite.assign(self.model, handle, native)
