"""Which verbs of a suite a claim uses, and how the suite says them."""

from __future__ import annotations

import inspect
import textwrap
from typing import Any

from paramlaws.specs.suite import VERBS, Suite


class Noting:
    """A suite that notes the verbs that it is asked for."""

    def __init__(self, suite: Suite, noted: set[str]) -> None:
        self._suite = suite
        self._noted = noted

    def __getattr__(self, name: str) -> Any:
        if name in VERBS:
            self._noted.add(name)
        return getattr(self._suite, name)

    def __reduce__(self) -> Any:
        # In a subprocess there is nobody to tell.
        return _itself, (self._suite,)


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
