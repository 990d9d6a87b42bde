"""How checking a claim on one example may end, unless it holds: each outcome is an exception."""

from __future__ import annotations

from typing import Any


class Violation(AssertionError):
    """What was observed contradicts the claim.

    behaviour: a short name of how it does so, by which a departure can be declared.
    """

    def __init__(self, message: str, behaviour: str = "violated") -> None:
        super().__init__(message)
        self.behaviour = behaviour

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.behaviour)


class Inapplicable(Exception):
    """The claim does not apply to the example; another one is drawn."""


class NotTried(Exception):
    """The claim does not apply to the one example that was asked for, so there is no verdict."""


class Stale(Exception):
    """A declared departure was not observed where it should be."""


class Blocked(Exception):
    """A claim that this one builds on fails on the same example and is to blame.

    by: the id of that claim.
    """

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def require(condition: object, message: str, behaviour: str = "violated") -> None:
    """Raises Violation unless `condition` is true.

    message: what was observed.
    behaviour: the manner of the violation.
    """
    if not condition:
        raise Violation(message, behaviour)
