"""Freeing memory in long runs: frameworks keep something of every network until it is cleared."""

from __future__ import annotations

import ctypes
import gc
import sys

from paramlaws.specs.suite import Suite

#: The number of examples between two times of freeing memory.
EVERY = 2000


def free(examples: int, suite: Suite) -> bool:
    """Clears the framework's caches and returns free memory to the system, every `EVERY` examples.

    examples: how many examples this process has tried so far.
    Returns whether it did.
    """
    if examples % EVERY:
        return False
    suite.forget()
    gc.collect()
    _release()
    return True


def _release() -> None:
    """Returns freed memory to the system; with a framework that compiles, it can be a gigabyte."""
    if sys.platform == "linux":
        # glibc has this function; other C libraries, such as musl, need not.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
