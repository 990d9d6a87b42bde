"""Freeing memory in long runs: frameworks keep something of every network until told not to."""

from __future__ import annotations

import ctypes
import gc
import sys

from paramlaws.runner.target import Target

#: After so many examples.
EVERY = 2000


def free(examples: int, target: Target) -> None:
    """Clears the caches of the framework after each `EVERY` examples, and returns what is free.

    examples: how many there were so far in this process.
    """
    if examples % EVERY:
        return
    target.pool.clear()
    target.suite.forget()
    gc.collect()
    _release()


def _release() -> None:
    """What was freed stays with the process otherwise: where much is compiled, a gigabyte."""
    if sys.platform == "linux":
        # Of glibc only; Alpine's library, say, has no such function.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
