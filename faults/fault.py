"""What a fault is, and the faults there are."""

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

    suite: whose framework it is.
    also: other suites, into whose frameworks it can be put by the same lines.
    about: the claims that say so, first the one that must catch it.
    like: where something like it has happened, as a link, if that is known.
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
        """The fault in the framework of this one of its suites."""
        fault = cls()
        fault.suite = suite
        return fault

    @abstractmethod
    def inject(self, patch: Patch) -> None:
        """Puts the fault into the framework, until the patch is undone."""

    @abstractmethod
    def shows(self) -> bool:
        """Whether plain lines of the framework show the fault, as they must once it is there."""

    #: What its lines raised when they were run last, None if they ran to their end.
    refused: Exception | None = None

    def is_there(self) -> bool:
        """Whether it shows; where its lines are refused, as they may be without it, it does not."""
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
        """The fault is there inside, and nowhere else."""
        with pytest.MonkeyPatch.context() as patch:
            self.inject(patch)
            yield

    @property
    def kind(self) -> type:
        """The class that names and describes it."""
        return type(self)

    @property
    def name(self) -> str:
        """In small letters with hyphens."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", self.kind.__name__).lower()

    @property
    def statement(self) -> str:
        """What is wrong, in a sentence."""
        return " ".join((inspect.getdoc(self.kind) or "").split())


_FAULTS: dict[str, list[Callable[[], Fault]]] = {}


def register(suite: str, make: Callable[[], Fault]) -> None:
    """Adds what makes a fault to those of a suite's framework."""
    _FAULTS.setdefault(suite, []).append(make)


def registered(suite: str) -> list[Fault]:
    """The faults of a suite's framework, in the order in which they were written."""
    return [make() for make in _FAULTS.get(suite, [])]
