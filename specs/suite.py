"""The interface of an adapter: the verbs that claims use, and what a framework declares.

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
#: A user's initialiser: takes a weight's shape in the framework's orientation, returns its values.
Initialiser: TypeAlias = Callable[[tuple[int, ...]], Floats]


#: The verbs that a framework may document several ways of; each is passed the way.
VERBS_WITH_WAYS = ("added", "copied", "save", "load", "carried")


class Suite(ABC):
    """The adapter of one framework: its implementation of each verb, and what it declares.

    name: the suite's name, as in `--suite NAME`.
    framework: the framework's name, as people write it.
    documentation: a link to the framework's explanation of these idioms, or None.
    requires: the versions that this adapter is written for, by package, as in ">=3,<4".
    roles: the names that a dense layer gives its "weight" and its "bias".
    naming: the documented scheme of qualified names, for a framework with a mapping by name.
    refusals: by verb, or by verb and way as in "load[checkpoint]", the exceptions with which the
        framework documents that it refuses; any other exception is an error.
    summary_total: the words that precede the number of all scalars, each counted once, in the
        summary; None if it prints no such number.
    stores_gradients: whether a backward pass leaves gradients in the parameters, for
        `stored_gradient` to return and `reset_gradients` to reset.
    sizes: how many different widths a run may use, for frameworks that compile for each shape;
        None for no limit.
    slow_to_build: whether building takes so long that networks are reused for several claims.
    ways: the framework's documented ways of each verb in `VERBS_WITH_WAYS`; each is a case of its
        own in the claims about that verb. The verb gets the way as an argument.
    whole: the ways in `ways["save"]` that save the network along with its parameters, so that
        loading makes a new one.
    knowledge: the TOML file of expected behaviours, departures and unsupported notions, or None.
    spelling: how networks are written in the framework's code, for scripts of counterexamples, or
        None.
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
    slow_to_build: ClassVar[bool] = False
    ways: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    whole: ClassVar[tuple[str, ...]] = ()
    knowledge: ClassVar[File | None] = None
    spelling: ClassVar[Spelling | None] = None

    @abstractmethod
    def versions(self) -> Mapping[str, str]:
        """The versions of the framework's packages; the first is that in the target's id."""

    # construct
    @abstractmethod
    def build(self, architecture: Architecture) -> Model:
        """The native network, before its first forward pass."""

    @abstractmethod
    def initialise(self, model: Model, x: Inputs) -> Model:
        """The network once every parameter exists, for which lazy layers need the input."""

    @abstractmethod
    def forward(self, model: Model, x: Inputs) -> Floats:
        """The output, (rows, outputs)."""

    def build_embedding(self, vocabulary: int, width: int) -> Model:
        """A network from integer tokens (rows,) to scores (rows, vocabulary).

        It is an embedding whose matrix, transposed, also decodes; `initialise`, `forward`,
        `backward` and the verbs about parameters must accept it.
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
        """The parameters of what subscripting the containers gives, `net[i][j]` for (i, j)."""
        raise NotImplementedError(self.missing("subscript"))

    def parameter(self, model: Model, path: Path, role: str) -> Handle | None:
        """The weight or the bias of the layer at this index path, None if it has no such parameter.

        By default, the layer's attribute named in `roles`.
        """
        return getattr(self.layer(model, path), self.roles[role])

    @abstractmethod
    def layer_parameters(self, model: Model, path: Path) -> Listing:
        """The listing of the layer or block at this index path alone: (name, parameter)."""

    @abstractmethod
    def parameters(self, model: Model) -> Listing:
        """The network-wide listing: (qualified name, parameter)."""

    def read_by_name(self, model: Model, name: str) -> Floats:
        """The value under this qualified name in the network-wide mapping."""
        raise NotImplementedError(self.missing("read_by_name"))

    def shape(self, model: Model, handle: Handle) -> Sequence[int | None]:
        """The parameter's shape as the framework gives it, even before the first forward pass."""
        raise NotImplementedError(self.missing("shape"))

    def summary(self, model: Model, x: Floats) -> str:
        """The printed summary of the network."""
        raise NotImplementedError(self.missing("summary"))

    # value
    @abstractmethod
    def read(self, model: Model, handle: Handle) -> Floats:
        """The value as a NumPy array, read in the framework's usual way."""

    @abstractmethod
    def assign(self, model: Model, handle: Handle, value: Floats) -> Model:
        """The network after assigning this value to a parameter."""

    def added(self, model: Model, handle: Handle, amount: float, way: str) -> Model:
        """The network after adding `amount` to all elements of a parameter.

        way: one of `ways["added"]`.
        """
        raise NotImplementedError(self.missing("added"))

    def with_element(
        self, model: Model, handle: Handle, index: tuple[int, ...], value: float, way: str
    ) -> Model:
        """The network after setting one element of a parameter.

        way: one of `ways["added"]`.
        """
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
        """Runs the forward and the backward pass for the loss sum(cotangent * output).

        Returns an object in which `gradient` finds the gradients; None if the parameters hold them.
        """

    def backward_assigning(
        self, model: Model, x: Floats, cotangent: Floats, handle: Handle, value: Floats, late: bool
    ) -> Gradients | None:
        """As `backward`, but assigns a value to a parameter while gradients are being recorded.

        late: whether it is assigned after the forward pass rather than before it.
        """
        raise NotImplementedError(self.missing("backward_assigning"))

    @abstractmethod
    def gradient(self, model: Model, gradients: Gradients, handle: Handle) -> Floats | None:
        """A parameter's gradient after a `backward` that returned `gradients`, None without one."""

    def stored_gradient(self, model: Model, handle: Handle) -> Floats | None:
        """The gradient stored in the parameter itself, None without one; if `stores_gradients`."""
        raise NotImplementedError(self.missing("stored_gradient"))

    def reset_gradients(self, model: Model) -> Model:
        """The network after the documented reset of all gradients; if `stores_gradients`."""
        raise NotImplementedError(self.missing("reset_gradients"))

    def freeze(self, model: Model, path: Path) -> Model:
        """The network with the layer at this index path excluded from training."""
        raise NotImplementedError(self.missing("freeze"))

    def sgd_step(self, model: Model, x: Floats, cotangent: Floats, rate: float) -> Model:
        """The network after one step of plain SGD on the loss sum(cotangent * output)."""
        raise NotImplementedError(self.missing("sgd_step"))

    # initialise
    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Model:
        """A network whose parameters the framework initialised by default from this seed."""
        raise NotImplementedError(self.missing("seeded"))

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Model:
        """A network initialised from this seed, some layers by initialisers of their own.

        The initialisers are in `architecture`, for frameworks that need them when a layer is made,
        and in `layers` by index path, for those that initialise existing layers. Layers with equal
        `Init` get one native initialiser object.

        custom: the user's initialiser, for the kind "custom".
        """
        raise NotImplementedError(self.missing("initialised"))

    def reinitialised(self, model: Model, x: Floats, seed: int) -> Model:
        """The network with every parameter drawn again from this seed."""
        raise NotImplementedError(self.missing("reinitialised"))

    # persist
    def copied(self, model: Model, way: str, x: Floats) -> Model:
        """A copy of the whole network, made in one of the ways in `ways["copied"]`."""
        raise NotImplementedError(self.missing("copied"))

    def pickled(self, model: Model) -> bytes:
        """The network as a pickle."""
        return pickle.dumps(model)

    def unpickled(self, data: bytes) -> Model:
        """The network in a pickle."""
        return pickle.loads(data)

    def save(self, model: Model, folder: str, way: str) -> None:
        """Saves the network into an empty folder, in one of the ways in `ways["save"]`."""
        raise NotImplementedError(self.missing("save"))

    def load(self, model: Model, folder: str, way: str) -> Model:
        """The network loaded from the folder that `save` wrote in the same way.

        model: an initialised network to load into; the ways in `whole` make a network of their
            own, and may be passed None.
        """
        raise NotImplementedError(self.missing("load"))

    def carried(self, source: Model, target: Model, path: Path, way: str) -> Model:
        """The target network with the source's parameters of the layer at this index path.

        way: one of `ways["carried"]`, for a suite that has several.
        """
        raise NotImplementedError(self.missing("carried"))

    def cast(self, model: Model, dtype: str) -> Model:
        """The network with its parameters converted to a floating-point type, named as in NumPy."""
        raise NotImplementedError(self.missing("cast"))

    def exported(self, model: Model) -> Mapping[str, Floats]:
        """The mapping from names to values that is saved or exported by default."""
        raise NotImplementedError(self.missing("exported"))

    # harness
    def forget(self) -> None:
        """Clears what the framework accumulates over many networks; called between examples."""
        return

    def refused_by(self, verb: str, way: str | None = None) -> tuple[type[BaseException], ...]:
        """The exceptions with which the framework documents that it refuses a verb, in this way."""
        return (*self.refusals.get(verb, ()), *self.refusals.get(f"{verb}[{way}]", ()))

    def missing(self, verb: str) -> str:
        """The message for a verb that is not implemented, or lacks an attribute that it needs."""
        return (
            f"suite {self.name!r} does not implement {verb!r}: implement the verb, or declare the "
            "claims that need it unsupported, with a reason and a link"
        )


#: All verbs that claims may use.
VERBS = frozenset(
    name
    for name, member in vars(Suite).items()
    if inspect.isfunction(member)
    and not name.startswith("_")
    and name not in ("versions", "missing", "refused_by")
)
#: The verbs that must return something: those whose annotation does not allow None.
ANSWERING = frozenset(
    verb
    for verb in VERBS
    if not str(getattr(Suite, verb).__annotations__["return"]).endswith("None")
)
