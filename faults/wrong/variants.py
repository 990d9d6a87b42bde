"""Stating a wrong variant: a subclass of the reference suite and the claim that catches it."""

from __future__ import annotations

import os
from collections.abc import Callable

from paramlaws.faults.fault import Fault, Patch
from paramlaws.faults.wrong.narrowing import Where, narrowed
from paramlaws.suites import registry
from paramlaws.suites.reference import Reference

WRONG: list[tuple[str, type[Reference]]] = []
#: The process in which variants were imported first, inherited by its children.
HOME = os.environ.setdefault("PARAMLAWS_TESTS_HOME", str(os.getpid()))


def caught_by(
    claim: str, *, also: Where | None = None
) -> Callable[[type[Reference]], type[Reference]]:
    """The decorated suite is wrong in the way of its docstring, and this claim must say so.

    also: so is a further variant, which is wrong in such networks only.
    """

    def state(variant: type[Reference]) -> type[Reference]:
        variant.__abstractmethods__ = frozenset()
        WRONG.append((claim, variant))
        if also is not None:
            WRONG.append((claim, narrowed(variant, also)))
        return variant

    return state


class Variant(Fault):
    """The fault that the reference suite is a wrong variant of itself.

    claim: the one that must catch it.
    """

    suite = "reference"

    def __init__(self, claim: str, variant: type[Reference]) -> None:
        self.about = (claim,)
        self.variant = variant

    def inject(self, patch: Patch) -> None:
        place = f"{self.variant.__module__}:{self.variant.__name__}"
        patch.setitem(registry.KNOWN, self.suite, place)

    def shows(self) -> bool:
        return isinstance(registry.load(self.suite), self.variant)

    @property
    def kind(self) -> type:
        return self.variant
