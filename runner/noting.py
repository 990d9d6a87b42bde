"""Noting which verbs of a suite a claim uses, and which of them wrongly return None."""

from __future__ import annotations

import copy
import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from paramlaws.specs.suite import ANSWERING, VERBS, Suite


class NoAnswer(Exception):
    """A verb of a suite returned None but must return something."""

    def __init__(self, suite: Suite, verb: str) -> None:
        wanted = (inspect.getdoc(getattr(Suite, verb)) or "").splitlines()[0]
        super().__init__(
            f"{type(suite).__name__}.{verb} returned None; what it must return: "
            f"{wanted.rstrip('.')} (is a `return` missing?)"
        )


class Noting:
    """A proxy of a suite that notes the verbs that are called.

    noted: receives the names of the verbs.
    silent: receives the names of verbs that returned None but must not.
    """

    def __init__(self, suite: Suite, noted: set[str], silent: list[str]) -> None:
        self._suite = suite
        self._noted = noted
        self._silent = silent

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._suite, name)
        if name not in VERBS:
            return found
        self._noted.add(name)
        return functools.partial(self._ask, name, found) if name in ANSWERING else found

    def _ask(self, verb: str, say: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        answer = say(*arguments, **named)
        if answer is None:
            self._silent.append(verb)
        return answer

    def __reduce__(self) -> Any:
        # Notes made in a subprocess would be lost, so the suite itself goes there.
        return _itself, (self._suite,)


def silence(suite: Suite, run: Callable[[Suite], object]) -> NoAnswer | None:
    """The error of the verb whose None made `run(suite)` fail, None if it has another cause.

    A None causes a failure later, mostly in another verb; so `run` is called again with a suite
    whose verbs raise as soon as they return None, even if another verb calls them.
    """
    try:
        run(_outspoken(suite))
    except NoAnswer as found:
        return found
    except Exception:
        return None  # It is known already, and has another cause.
    return None


def _outspoken(suite: Suite) -> Suite:
    """A copy of the suite whose verbs raise NoAnswer instead of returning None."""
    kind = type(suite)
    verbs: dict[str, Any] = {verb: _raising(suite, verb) for verb in ANSWERING}
    verbs["__reduce_ex__"] = lambda self, protocol: (_itself, (suite,))
    twin = copy.copy(suite)
    twin.__class__ = type(kind.__name__, (kind,), verbs)
    return twin


def _raising(suite: Suite, verb: str) -> Callable[..., Any]:
    say = getattr(type(suite), verb)

    @functools.wraps(say)
    def ask(*arguments: Any, **named: Any) -> Any:
        answer = say(*arguments, **named)
        if answer is None:
            raise NoAnswer(suite, verb)
        return answer

    return ask


def _itself(suite: Suite) -> Suite:
    return suite


def sources(suite: Suite) -> dict[str, str]:
    """The source of a suite's implementation of each verb, by verb, where it is available."""
    found = {}
    for name in sorted(VERBS):
        try:
            found[name] = textwrap.dedent(inspect.getsource(getattr(type(suite), name)))
        except (AttributeError, OSError, TypeError):
            continue
    return found
