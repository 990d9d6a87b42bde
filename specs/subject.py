"""The network under test, as a claim sees it: a suite's verbs, said of one example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from paramlaws.specs import reference, values
from paramlaws.specs.architecture import Architecture, Block, Dense, Path, Use
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.conventions import Conventions
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Inapplicable, require
from paramlaws.specs.reference import Array
from paramlaws.specs.suite import Gradients, Handle, Suite, Written
from paramlaws.specs.transfer import Carried


def no_subprocess(*arguments: Any) -> Any:
    """Stands where nobody has said how to run something in a subprocess; raises RuntimeError."""
    raise RuntimeError("this subject was made without a way to run something in a subprocess")


@dataclass
class Subject:
    """One native network, built from an example, and what a claim can do with it.

    Values are float64 copies, weights oriented (units, fan_in).

    suite: whose verbs are acted through; they stay reachable for claims about native objects.
    case: what is told apart at hand.
    model: the native network, None before it is built.
    carried: what comes from another target.
    expected: the behaviour that a convention should show.
    occurred: how often something happened without which a verdict would be vacuous.
    shown: what a report may draw.
    subprocess: calls its first argument with the others in a subprocess.
    """

    suite: Suite
    example: Example
    conventions: Conventions
    occurred: Counter[str] = field(default_factory=Counter)
    case: Case = ONLY
    model: Any = None
    carried: Carried | None = None
    expected: str | None = None
    shown: dict[str, Any] = field(default_factory=dict)
    subprocess: Callable[..., Any] = no_subprocess

    def __post_init__(self) -> None:
        self.architecture = self.example.architecture
        self.x = values.inputs(self.architecture, self.example.rows, self.example.seed)
        self.cotangent = values.cotangent(self.architecture, self.example.rows, self.example.seed)
        if self.carried is not None:
            self.x, self.cotangent = self.carried.x, self.carried.cotangent

    # -- making ---------------------------------------------------------------------------------
    def build(self) -> Any:
        """The native network before its first forward pass; a new one at each call."""
        return self.suite.build(self.architecture)

    def start(self) -> Subject:
        """Builds a new network and lets it initialise its parameters."""
        self.model = self.suite.initialise(self.build(), self.x.astype(np.float32))
        return self

    def of(self, architecture: Architecture) -> Subject:
        """Another network of the same target, not yet built, with the same input."""
        example = replace(self.example, architecture=architecture)
        return Subject(self.suite, example, self.conventions, self.occurred, self.case)

    def copied(self) -> Subject:
        """A copy of this network, by the way that is the case at hand."""
        copy = self.of(self.architecture)
        x = self.x.astype(np.float32)
        copy.model = self.suite.copied(self.model, self.way, x)
        return copy

    def seeded(self, seed: int) -> Subject:
        """The network with its default initial values, drawn from this seed."""
        x = self.x.astype(np.float32)
        self.model = self.suite.seeded(self.architecture, x, seed)
        return self

    def initialised(self, written: Written | None = None) -> Subject:
        """The network with the initial values that its layers ask for."""
        layers = {self.native(u.path): u.dense.init for u in self.architecture.uses if u.dense.init}
        x = self.x.astype(np.float32)
        draw = written or (lambda shape: np.zeros(shape, np.float32))
        self.model = self.suite.initialised(
            self.architecture, x, self.example.randomness, layers, draw
        )
        return self

    def reinitialised(self, seed: int) -> None:
        """Draws every parameter of the network again."""
        self.model = self.suite.reinitialised(self.model, self.x.astype(np.float32), seed)

    def unpickled(self, data: bytes) -> Subject:
        """The network that comes out of a pickle of this one."""
        copy = self.of(self.architecture)
        copy.model = self.suite.unpickled(data)
        return copy

    def save(self, folder: str) -> None:
        """Saves the network, by the way that is the case at hand."""
        self.suite.save(self.model, folder, self.way)

    def loaded(self, folder: str) -> Subject:
        """The network that was saved there, loaded by the same way, into another one or as one."""
        other = self.of(self.architecture)
        if self.way not in self.suite.whole:
            other.start()
        return other.loading(folder)

    def loading(self, folder: str) -> Subject:
        """This network with what was saved there, or the new one that this way of loading makes."""
        model = self.suite.load(self.model, folder, self.way)
        if model is self.model:
            return self
        other = self.of(self.architecture)
        other.model = model
        return other

    @property
    def way(self) -> str:
        """The way that is the case at hand."""
        assert self.case.way is not None, "a claim about ways must name their verb"
        return self.case.way

    @property
    def also_in_subprocess(self) -> bool:
        """Whether a subprocess is to try it, too: for every fourth example, as it takes long."""
        return self.example.pick % 4 == 0

    def in_subprocess(self, check: Callable[..., Any], *arguments: Any) -> Any:
        """What `check(subject, *arguments)` gives in a process that has not seen this network.

        The subject there is one of the same example, not yet built; `check` is a function of a
        module, and arguments and result are plain data. Raises what `check` raises.
        """
        given = (self.suite, self.example, self.conventions, self.case)
        return self.subprocess(check_anew, check, given, arguments)

    def flattened(self) -> Subject:
        """The network with every block dissolved."""
        return self.of(self.architecture.flattened())

    def fill(self, parameters: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Starts the network and gives each parameter its small-integer value, or these."""
        self.start()
        chosen = dict(parameters or self.integers)
        self.assign_all(chosen)
        return chosen

    @cached_property
    def integers(self) -> dict[str, Array]:
        """The example's small-integer parameters."""
        return values.parameters(self.architecture, self.example.seed)

    # -- navigating -----------------------------------------------------------------------------
    def native(self, path: Path) -> Path:
        """The index path by which the target reaches the entry at `path` of the architecture."""
        return self.conventions.native(self.architecture, path)

    def slots(self, path: Path = ()) -> int:
        """How many entries the target's container at `path` of the architecture should have."""
        return self.conventions.slots(self.architecture, path)

    def handles(self, path: Path) -> list[tuple[str, Handle]]:
        """The own listing of the layer or block at `path` of the architecture."""
        return list(self.suite.layer_parameters(self.model, self.native(path)))

    def handle(self, use: Use, key: str) -> Handle:
        """The native parameter `key`, reached through this use of its layer."""
        return self._handles(use, (key,))[0]

    def _handles(self, use: Use, keys: Sequence[str]) -> list[Handle]:
        """The native parameters `keys`, from one look at this use of their layer."""
        listed = [(len(self.suite.shape(self.model, h)), h) for _, h in self.handles(use.path)]
        chosen = []
        for key in keys:
            dimensions = len(self.architecture.shapes[key])
            found = [handle for count, handle in listed if count == dimensions]
            role = "weight" if dimensions == 2 else "bias"
            what = f"the layer at {use.path} lists {len(found)} parameters as {role}"
            require(len(found) == 1, what)
            chosen += found
        return chosen

    def each_parameter(self, keys: Iterable[str] | None = None) -> Iterator[tuple[str, Handle]]:
        """Each of these parameters once, or of all, through the first use of its layer."""
        firsts = self.architecture.first_uses
        for use, own in groupby(keys or self.architecture.shapes, firsts.__getitem__):
            listed = list(own)
            yield from zip(listed, self._handles(use, listed), strict=True)

    def each_use(self) -> Iterator[tuple[Use, str, Handle]]:
        """Every parameter at every use of its layer."""
        for use in self.architecture.uses:
            for key, handle in zip(use.keys, self._handles(use, use.keys), strict=True):
                yield use, key, handle

    def picked(self, candidates: list[Any] | tuple[Any, ...]) -> Any:
        """The one of the candidates that the example picks; Inapplicable where there are none."""
        if not candidates:
            raise Inapplicable
        return candidates[self.example.pick % len(candidates)]

    # -- reading and writing --------------------------------------------------------------------
    def value(self, handle: Handle) -> Array:
        """A copy of a parameter's value."""
        return self.oriented(self.suite.read(self.model, handle))

    def read(self, use: Use, key: str) -> Array:
        """A copy of a parameter's value, read through this use of its layer."""
        return self.value(self.handle(use, key))

    def read_all(self) -> dict[str, Array]:
        """Every distinct parameter, read through the first use of its layer."""
        return {key: self.value(handle) for key, handle in self.each_parameter()}

    def assign(self, use: Use, key: str, value: Array) -> None:
        """Gives a parameter this value, through this use of its layer."""
        self._assign(self.handle(use, key), value)

    def assign_all(self, parameters: Mapping[str, Array]) -> None:
        """Gives each of these parameters its value, through the first use of its layer."""
        for key, handle in self.each_parameter(parameters):
            self._assign(handle, parameters[key])

    def _assign(self, handle: Handle, value: Array) -> None:
        native = self.oriented(value).astype(np.float32)
        self.model = self.suite.assign(self.model, handle, native)

    def oriented(self, value: Any) -> Array:
        """A float64 copy between the target's orientation of weights and (units, fan_in)."""
        return self.conventions.oriented(value)

    def listing(self) -> list[tuple[str, Handle]]:
        """The network-wide listing."""
        return list(self.suite.parameters(self.model))

    # -- computing ------------------------------------------------------------------------------
    def forward(self) -> Array:
        """The target's output for the example's input."""
        return np.array(self.suite.forward(self.model, self.x.astype(np.float32)), np.float64)

    def expected_forward(self, parameters: Mapping[str, Array]) -> Array:
        """The reference's output for the example's input with these parameters, (rows, outputs)."""
        return reference.forward(self.architecture, parameters, self.x)

    def backward(self, times: float = 1.0) -> Gradients:
        """The target's backward pass, with the cotangent `times` the example's."""
        x, cotangent = self.x.astype(np.float32), (times * self.cotangent).astype(np.float32)
        return self.suite.backward(self.model, x, cotangent)

    def backward_assigning(self, handle: Handle, value: Any, late: bool) -> Gradients:
        """The same, with a native value assigned meanwhile."""
        x, cotangent = self.x.astype(np.float32), self.cotangent.astype(np.float32)
        return self.suite.backward_assigning(self.model, x, cotangent, handle, value, late)

    def gradient(self, gradients: Gradients, use: Use, key: str) -> Array | None:
        """A copy of a parameter's gradient after `backward`, or None where there is none."""
        return self.gradient_of(gradients, self.handle(use, key))

    def gradient_of(self, gradients: Gradients, handle: Handle) -> Array | None:
        """The same of a native parameter."""
        found = self.suite.gradient(self.model, gradients, handle)
        return None if found is None else self.oriented(found)

    def expected_gradients(self, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The reference's gradient of each parameter, of sum(cotangent * output)."""
        return reference.gradients(self.architecture, parameters, self.x, self.cotangent)

    def sgd_step(self, rate: float) -> None:
        """One step of the target's plain SGD."""
        self.model = self.suite.sgd_step(
            self.model, self.x.astype(np.float32), self.cotangent.astype(np.float32), rate
        )

    def reset_stored_gradients(self) -> None:
        """Resets the gradients that parameters carry, where they carry any."""
        first = self.architecture.uses[0]
        carried = not self.refuses("stored_gradient", self.model, self.handle(first, first.weight))
        if carried:
            self.model = self.suite.reset_gradients(self.model)

    # -- refusing and reporting -----------------------------------------------------------------
    def refuses(self, verb: str, *arguments: Any) -> bool:
        """Whether the target refuses this, by an exception that the suite names for the verb."""
        try:
            getattr(self.suite, verb)(*arguments)
        except self.suite.refusals.get(verb, ()):
            return True
        return False

    def met(self, occurrence: str, condition: object = True) -> None:
        """Counts that something worth testing was met."""
        if condition:
            self.occurred[occurrence] += 1

    @property
    def containers(self) -> list[Path]:
        """Where containers are, the outermost at the empty path."""
        return list(self.architecture.containers)

    @property
    def dense_paths(self) -> list[Path]:
        """Where dense layers are."""
        return [path for path, entry in self.architecture.walk() if isinstance(entry, Dense)]

    @property
    def block_paths(self) -> list[Path]:
        """Where blocks are."""
        return [path for path, entry in self.architecture.walk() if isinstance(entry, Block)]


def check_anew(
    check: Callable[..., Any], given: tuple[Any, ...], arguments: tuple[Any, ...]
) -> Any:
    """What `check` gives of a subject made from suite, example, conventions and case."""
    suite, example, conventions, case = given
    return check(Subject(suite, example, conventions, case=case), *arguments)
