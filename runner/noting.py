"""Which verbs of a suite a claim uses, how the suite says them, and which of them say nothing."""

from __future__ import annotations

import copy
import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from paramlaws.specs.suite import ANSWERING, VERBS, Suite


class NoAnswer(Exception):
    """A verb of a suite returned None where something has to be returned."""

    def __init__(self, suite: Suite, verb: str) -> None:
        wanted = (inspect.getdoc(getattr(Suite, verb)) or "").splitlines()[0]
        super().__init__(
            f"{type(suite).__name__}.{verb} returned None; what it must return: "
            f"{wanted.rstrip('.')} (is a `return` missing?)"
        )


class Noting:
    """A suite that notes the verbs that it is asked for.

    noted: where these are noted.
    silent: where those are noted that returned None and should not have.
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
        # In a subprocess there is nobody to tell.
        return _itself, (self._suite,)


def silence(suite: Suite, run: Callable[[Suite], object]) -> NoAnswer | None:
    """The verb that is to blame for what `run(suite)` has failed with, if one returned None.

    What becomes of a None fails elsewhere, mostly in another verb; so `run` is run again, with a
    suite whose verbs raise at once, also those that another verb calls.
    """
    try:
        run(_outspoken(suite))
    except NoAnswer as found:
        return found
    except Exception:
        return None  # It is known already, and has another cause.
    return None


def _outspoken(suite: Suite) -> Suite:
    """The suite with verbs that raise NoAnswer instead of returning None."""
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
    """The lines by which a suite says each verb; nothing for those whose source is not at hand."""
    found = {}
    for name in sorted(VERBS):
        try:
            found[name] = textwrap.dedent(inspect.getsource(getattr(type(suite), name)))
        except (AttributeError, OSError, TypeError):
            continue
    return found
