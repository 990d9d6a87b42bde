"""The network under test, as a claim sees it: a suite's verbs on one example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from paramlaws.specs import reference, values
from paramlaws.specs.architecture import Architecture, Use
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.conventions import Conventions
from paramlaws.specs.example import Example
from paramlaws.specs.network import Network
from paramlaws.specs.outcome import Inapplicable
from paramlaws.specs.reference import Array
from paramlaws.specs.suite import Floats, Gradients, Handle, Suite
from paramlaws.specs.transfer import Carried

T = TypeVar("T")


def no_subprocess(*arguments: Any) -> Any:
    """The default of `Subject.subprocess`: raises RuntimeError."""
    raise RuntimeError("this subject was made without a way to run something in a subprocess")


def no_used_network(architecture: Architecture) -> Any:
    """The default of `Subject.used`: returns None, as there are no networks to reuse."""
    return None


@dataclass
class Subject(Network):
    """The network of one example, and what a claim can do with it.

    Copies and files are in `specs.keeping`, initial values in `specs.starting`.

    suite: the adapter whose verbs are called; claims about native objects may call them directly.
    example: the architecture, and the seed of inputs and values.
    conventions: how the target counts entries and orients weights.
    occurred: counts of the occurrences without which a verdict would be vacuous (see `event`).
    case: the case being tried.
    model: the native network, None before it is built.
    carried: a network that another target wrote, None unless the claim is about transfer.
    expected: the behaviour that a convention should show.
    shown: data for the report's pictures.
    subprocess: calls its first argument with the others in a subprocess.
    used: returns an initialised network of an architecture for reuse, None if there is none.
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
    used: Callable[[Architecture], Any] = no_used_network

    def __post_init__(self) -> None:
        self.architecture = self.example.architecture
        self.x = values.inputs(self.architecture, self.example.rows, self.example.seed)
        self.cotangent = values.cotangent(self.architecture, self.example.rows, self.example.seed)
        if self.carried is not None:
            self.x, self.cotangent = self.carried.x, self.carried.cotangent

    @property
    def x32(self) -> Floats:
        """The example's input as float32, (rows, inputs)."""
        return self.x.astype(np.float32)

    # -- making ---------------------------------------------------------------------------------
    def build(self) -> Any:
        """A new native network at each call, before its first forward pass."""
        return self.suite.build(self.architecture)

    def start(self) -> Subject:
        """Builds a new network and lets it initialise its parameters."""
        self.model = self.suite.initialise(self.build(), self.x32)
        return self

    def ready(self) -> Subject:
        """As `start`, for what does not depend on values: the network may be a reused one."""
        self.model = self.used(self.architecture)
        return self.start() if self.model is None else self

    def another(self, architecture: Architecture) -> Subject:
        """Another network of the same target, not yet built, with the same input."""
        example = replace(self.example, architecture=architecture)
        return Subject(self.suite, example, self.conventions, self.occurred, self.case)

    def flattened(self) -> Subject:
        """The network with every block dissolved, not yet built."""
        return self.another(self.architecture.flattened())

    def fill(self, parameters: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Builds and initialises the network, then assigns these parameters and returns them.

        parameters: by key; the example's small integers by default.
        """
        self.ready()
        chosen = dict(parameters or self.integers)
        self.assign_all(chosen)
        return chosen

    @cached_property
    def integers(self) -> dict[str, Array]:
        """The example's small-integer parameters, by key."""
        return values.parameters(self.architecture, self.example.seed)

    # -- computing ------------------------------------------------------------------------------
    def forward(self) -> Array:
        """The target's output for the example's input, (rows, outputs)."""
        return np.array(self.suite.forward(self.model, self.x32), np.float64)

    def expected_forward(self, parameters: Mapping[str, Array]) -> Array:
        """The reference's output for the example's input with these parameters, (rows, outputs)."""
        return reference.forward(self.architecture, parameters, self.x)

    def backward(self, times: float = 1.0) -> Gradients:
        """Runs the target's backward pass with `times` the example's cotangent."""
        cotangent = (times * self.cotangent).astype(np.float32)
        return self.suite.backward(self.model, self.x32, cotangent)

    def gradient(self, gradients: Gradients, use: Use, key: str) -> Array | None:
        """A float64 copy of a parameter's gradient after `backward`, None where it has none.

        The parameter is reached through this use of its layer.
        """
        return self.gradient_of(gradients, self.handle(use, key), key)

    def gradient_of(self, gradients: Gradients, handle: Handle, key: str) -> Array | None:
        """A float64 copy of the gradient of this native parameter, None where it has none.

        key: the parameter in the architecture that the handle belongs to.
        """
        found = self.suite.gradient(self.model, gradients, handle)
        return None if found is None else self.oriented(found, key)

    def expected_gradients(self, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The reference's gradient of sum(cotangent * output) with respect to each parameter."""
        return reference.gradients(self.architecture, parameters, self.x, self.cotangent)

    def sgd_step(self, rate: float) -> None:
        """One step of the target's plain SGD on sum(cotangent * output)."""
        cotangent = self.cotangent.astype(np.float32)
        self.model = self.suite.sgd_step(self.model, self.x32, cotangent, rate)

    # -- choosing and reporting -----------------------------------------------------------------
    @property
    def way(self) -> str:
        """The way of the case being tried."""
        assert self.case.way is not None, "a claim about ways must name their verb"
        return self.case.way

    def picked(self, candidates: Sequence[T]) -> T:
        """The candidate that the example picks; raises Inapplicable if there are none."""
        if not candidates:
            raise Inapplicable
        return candidates[self.example.pick % len(candidates)]

    def refuses(self, verb: str, *arguments: Any) -> bool:
        """Whether the target refuses this, by an exception that the suite names for the verb."""
        try:
            getattr(self.suite, verb)(*arguments)
        except self.suite.refused_by(verb, self.case.way):
            return True
        return False

    def event(self, occurrence: str, condition: object = True) -> None:
        """Counts an occurrence that the claim needs, where `condition` is true.

        Named after Hypothesis's `event`; the counts are `occurred`.
        """
        if condition:
            self.occurred[occurrence] += 1
