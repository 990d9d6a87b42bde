"""The class of faults, and the registry of all faults."""

from __future__ import annotations

import inspect
import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import ClassVar, Self

import pytest

Patch = pytest.MonkeyPatch


class Fault(ABC):
    """A way in which a framework could be wrong; the docstring says which.

    Derived classes that name claims are registered.

    suite: the suite into whose framework it is injected.
    also: other suites into whose frameworks the same code can inject it.
    about: the claims that it violates, first the one that must catch it.
    like: a link to something similar that has happened, if known.
    """

    suite: str
    also: ClassVar[tuple[str, ...]] = ()
    about: Sequence[str] = ()
    like: str | None = None

    def __init_subclass__(cls) -> None:
        for suite in (cls.suite, *cls.also) if cls.about else ():
            register(suite, partial(cls.put_into, suite))

    @classmethod
    def put_into(cls, suite: str) -> Self:
        """The fault for the framework of one of its suites."""
        fault = cls()
        fault.suite = suite
        return fault

    @abstractmethod
    def inject(self, patch: Patch) -> None:
        """Injects the fault into the framework, until the patch is undone."""

    @abstractmethod
    def shows(self) -> bool:
        """Whether native code shows the fault, as it must once the fault is injected."""

    #: The exception that `shows` raised in its last call, None if it returned.
    refused: Exception | None = None

    def is_there(self) -> bool:
        """Whether the fault shows; if its native code raises, as it may without it, it does not."""
        self.refused = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return self.shows()
            except Exception as error:
                self.refused = error
                return False

    @contextmanager
    def injected(self) -> Iterator[None]:
        """A context in which the fault is present."""
        with pytest.MonkeyPatch.context() as patch:
            self.inject(patch)
            yield

    @property
    def kind(self) -> type:
        """The class whose name and docstring describe the fault."""
        return type(self)

    @property
    def name(self) -> str:
        """The fault's name, in lower case with hyphens."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", self.kind.__name__).lower()

    @property
    def statement(self) -> str:
        """What is wrong, in a sentence."""
        return " ".join((inspect.getdoc(self.kind) or "").split())


_FAULTS: dict[str, list[Callable[[], Fault]]] = {}


def register(suite: str, make: Callable[[], Fault]) -> None:
    """Registers a function that makes a fault of a suite's framework."""
    _FAULTS.setdefault(suite, []).append(make)


def registered(suite: str) -> list[Fault]:
    """The faults of a suite's framework, in the order in which they were written."""
    return [make() for make in _FAULTS.get(suite, [])]
