"""The verbs that a claim may use: what an adapter of a framework has to say.

A verb is the framework's documented idiom, one to six lines; it translates and never computes.
`Model`, `Handle` and `Gradients` are whatever the framework uses: a network object, a pair of
module and parameters, a parameter object, a path into a tree. A verb that changes a model returns
the model to use from then on, be it the same object or another.
"""

from __future__ import annotations

import inspect
import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path as File
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from paramlaws.specs.architecture import Architecture, Init, Path
from paramlaws.specs.naming import Naming
from paramlaws.specs.spelling import Spelling

Model: TypeAlias = Any
Handle: TypeAlias = Any
Gradients: TypeAlias = Any
Floats: TypeAlias = npt.NDArray[np.floating[Any]]
#: An input: rows of numbers, or integer tokens.
Inputs: TypeAlias = "Floats | npt.NDArray[np.integer[Any]]"
Listing: TypeAlias = Sequence[tuple[str, Handle]]
#: A user's initialiser: from a weight's shape, as the framework has it, to its values.
Initialiser: TypeAlias = Callable[[tuple[int, ...]], Floats]


#: The verbs that may be done in several documented ways, and are told which.
VERBS_WITH_WAYS = ("added", "copied", "save", "load", "carried")


class Suite(ABC):
    """One framework's way of saying each verb.

    name: the suite's name, as in `--suite NAME`.
    framework: the framework's name, as people write it.
    documentation: where the framework explains these idioms, as a link, or None.
    requires: the versions that this adapter is written for, by package, as in ">=3,<4".
    roles: the name that a dense layer gives its "weight" and its "bias".
    naming: how qualified names follow from places, for a framework with a mapping by name.
    refusals: by verb, or by verb and way as in "load[checkpoint]", the exceptions by which the
        framework documents that it refuses; any other one is an error.
    summary_total: the words behind which the summary prints the number of all scalars, each
        once; None where it prints none.
    stores_gradients: whether a backward pass leaves gradients in the parameters, for
        `stored_gradient` to give and `reset_gradients` to reset.
    sizes: how many different widths a run may use, for frameworks that compile for each shape;
        None for no limit.
    ways: by verb, of `VERBS_WITH_WAYS`, the documented ways in which the framework does it; each is
        a case of its own in the claims about that verb. The verb gets the way as an argument.
    whole: the ways in `ways["save"]` that keep the network with its parameters: loading makes a
        new one.
    knowledge: the TOML file of expected behaviours, departures and unsupported notions, or None.
    spelling: how it spells a network, so that counterexamples are shown as scripts too, or None.
    """

    name: ClassVar[str]
    framework: ClassVar[str]
    documentation: ClassVar[str | None] = None
    requires: ClassVar[Mapping[str, str]] = {}
    roles: ClassVar[Mapping[str, str]] = {"weight": "weight", "bias": "bias"}
    naming: ClassVar[Naming | None] = None
    refusals: ClassVar[Mapping[str, tuple[type[BaseException], ...]]] = {}
    summary_total: ClassVar[str | None] = None
    stores_gradients: ClassVar[bool] = True
    sizes: ClassVar[int | None] = None
    ways: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    whole: ClassVar[tuple[str, ...]] = ()
    knowledge: ClassVar[File | None] = None
    spelling: ClassVar[Spelling | None] = None

    @abstractmethod
    def versions(self) -> Mapping[str, str]:
        """The versions of the framework's packages, the one that names the target first."""

    # construct
    @abstractmethod
    def build(self, architecture: Architecture) -> Model:
        """The native network, before its first forward pass."""

    @abstractmethod
    def initialise(self, model: Model, x: Inputs) -> Model:
        """The network with every parameter in existence."""

    @abstractmethod
    def forward(self, model: Model, x: Inputs) -> Floats:
        """The output, (rows, outputs)."""

    def build_embedding(self, vocabulary: int, width: int) -> Model:
        """A network from integer tokens (rows,) to scores (rows, vocabulary).

        An embedding whose matrix also decodes, transposed; `initialise`, `forward`, `backward` and
        the verbs about parameters act on it.
        """
        raise NotImplementedError(self.missing("build_embedding"))

    # access
    @abstractmethod
    def length(self, model: Model, path: Path) -> int:
        """How many entries the container at this index path has."""

    @abstractmethod
    def layer(self, model: Model, path: Path) -> Any:
        """The native entry at this index path."""

    def subscript(self, model: Model, path: Path) -> Listing:
        """The own listing of what subscripting the containers gives: `net[i][j]` for (i, j)."""
        raise NotImplementedError(self.missing("subscript"))

    def parameter(self, model: Model, path: Path, role: str) -> Handle | None:
        """The parameter that is the weight or the bias of the layer at this index path.

        By default the layer's attribute of the name that `roles` gives it. None where the layer
        has no such parameter.
        """
        return getattr(self.layer(model, path), self.roles[role])

    @abstractmethod
    def layer_parameters(self, model: Model, path: Path) -> Listing:
        """The own listing of the layer or block at this index path: (name, parameter)."""

    @abstractmethod
    def parameters(self, model: Model) -> Listing:
        """The network-wide listing: (qualified name, parameter)."""

    def read_by_name(self, model: Model, name: str) -> Floats:
        """The value that the network-wide mapping has under a qualified name."""
        raise NotImplementedError(self.missing("read_by_name"))

    def shape(self, model: Model, handle: Handle) -> Sequence[int | None]:
        """The parameter's shape as the framework states it, before the first forward pass too."""
        raise NotImplementedError(self.missing("shape"))

    def summary(self, model: Model, x: Floats) -> str:
        """The printed summary of the network."""
        raise NotImplementedError(self.missing("summary"))

    # value
    @abstractmethod
    def read(self, model: Model, handle: Handle) -> Floats:
        """The value as a NumPy array, by the framework's usual way of reading it."""

    @abstractmethod
    def assign(self, model: Model, handle: Handle, value: Floats) -> Model:
        """The network with this value in this parameter."""

    def added(self, model: Model, handle: Handle, amount: float, way: str) -> Model:
        """The network with this much added to a whole parameter, a way in `ways["added"]`."""
        raise NotImplementedError(self.missing("added"))

    def with_element(
        self, model: Model, handle: Handle, index: tuple[int, ...], value: float, way: str
    ) -> Model:
        """The network with one element of a parameter set, by a way in `ways["added"]`."""
        raise NotImplementedError(self.missing("with_element"))

    @abstractmethod
    def native(self, model: Model, handle: Handle) -> Any:
        """The parameter as the framework's own object."""

    @abstractmethod
    def array_type(self) -> type:
        """The type of the arrays that the framework computes with."""

    # gradient
    @abstractmethod
    def backward(self, model: Model, x: Inputs, cotangent: Floats) -> Gradients | None:
        """Runs forward and backward for the loss sum(cotangent * output).

        Returns what `gradient` is to find the gradients in; None where the parameters hold them.
        """

    def backward_assigning(
        self, model: Model, x: Floats, cotangent: Floats, handle: Handle, value: Floats, late: bool
    ) -> Gradients | None:
        """The same, with a parameter given a value while the recording is on.

        It is given before the forward pass or, if `late`, between it and the backward pass.
        """
        raise NotImplementedError(self.missing("backward_assigning"))

    @abstractmethod
    def gradient(self, model: Model, gradients: Gradients, handle: Handle) -> Floats | None:
        """A parameter's gradient after `backward`, which returned `gradients`."""

    def stored_gradient(self, model: Model, handle: Handle) -> Floats | None:
        """The gradient that the parameter itself carries, where `stores_gradients`."""
        raise NotImplementedError(self.missing("stored_gradient"))

    def reset_gradients(self, model: Model) -> Model:
        """The documented reset of all gradients."""
        raise NotImplementedError(self.missing("reset_gradients"))

    def freeze(self, model: Model, path: Path) -> Model:
        """The network with the layer at this index path excluded from training."""
        raise NotImplementedError(self.missing("freeze"))

    def sgd_step(self, model: Model, x: Floats, cotangent: Floats, rate: float) -> Model:
        """One step of the framework's plain SGD on the loss sum(cotangent * output)."""
        raise NotImplementedError(self.missing("sgd_step"))

    # initialise
    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Model:
        """The network with every parameter as the framework draws it by default from this seed."""
        raise NotImplementedError(self.missing("seeded"))

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Model:
        """The network from this seed, some layers by an initialiser of their own.

        The initialisers are in `architecture`, for frameworks that want them when a layer is made,
        and in `layers` by index path, for those that initialise what is there already. Layers of
        equal `Init` get one native initialiser. `custom` is for the kind "custom".
        """
        raise NotImplementedError(self.missing("initialised"))

    def reinitialised(self, model: Model, x: Floats, seed: int) -> Model:
        """The network with every parameter drawn again."""
        raise NotImplementedError(self.missing("reinitialised"))

    # persist
    def copied(self, model: Model, way: str, x: Floats) -> Model:
        """A copy of the whole network, by one of the ways in `ways["copied"]`."""
        raise NotImplementedError(self.missing("copied"))

    def pickled(self, model: Model) -> bytes:
        """The network as a pickle."""
        return pickle.dumps(model)

    def unpickled(self, data: bytes) -> Model:
        """The network that comes out of a pickle."""
        return pickle.loads(data)

    def save(self, model: Model, folder: str, way: str) -> None:
        """Writes the network into an empty folder, by one of the ways in `ways["save"]`."""
        raise NotImplementedError(self.missing("save"))

    def load(self, model: Model, folder: str, way: str) -> Model:
        """The network with what was saved there.

        `model` is an initialised network to load into; the ways in `whole` make one of their own,
        and may be given None.
        """
        raise NotImplementedError(self.missing("load"))

    def carried(self, source: Model, target: Model, path: Path, way: str) -> Model:
        """The target with the parameters that the source has at this index path.

        way: one of those in `ways["carried"]`, for a suite that has several.
        """
        raise NotImplementedError(self.missing("carried"))

    def cast(self, model: Model, dtype: str) -> Model:
        """The network with parameters of this floating-point type, as NumPy names it."""
        raise NotImplementedError(self.missing("cast"))

    def exported(self, model: Model) -> Mapping[str, Floats]:
        """The saved or exported mapping from names to values."""
        raise NotImplementedError(self.missing("exported"))

    # harness
    def forget(self) -> None:
        """Drops what the framework accumulates over many networks; called between examples."""
        return

    def refused_by(self, verb: str, way: str | None = None) -> tuple[type[BaseException], ...]:
        """The exceptions by which the framework refuses what a verb asks, in this way of it."""
        return (*self.refusals.get(verb, ()), *self.refusals.get(f"{verb}[{way}]", ()))

    def missing(self, verb: str) -> str:
        """What to say where a verb is not implemented, or what it needs is not stated."""
        return (
            f"suite {self.name!r} does not implement {verb!r}: implement the verb, or declare the "
            "claims that need it unsupported, with a reason and a link"
        )


#: Everything that a suite may be asked to do for a claim.
VERBS = frozenset(
    name
    for name, member in vars(Suite).items()
    if inspect.isfunction(member)
    and not name.startswith("_")
    and name not in ("versions", "missing", "refused_by")
)
#: Those of them that must return something: all but the ones whose annotation allows None.
ANSWERING = frozenset(
    verb
    for verb in VERBS
    if not str(getattr(Suite, verb).__annotations__["return"]).endswith("None")
)
