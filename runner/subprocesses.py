"""Trying something in a subprocess, which has seen nothing of what this process did."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable
from itertools import count
from typing import Any

from loky import get_reusable_executor

from paramlaws.runner import memory
from paramlaws.specs.suite import Suite

#: How long an idle subprocess is kept for the next call, in seconds.
_IDLE = 600
#: Numbers the calls in a subprocess.
_CALLS = count(1)


def prepare(suite: Suite) -> None:
    """Starts the subprocess and has it import the suite's framework, without waiting for it."""
    _process().submit(suite.versions)


def run(suite: Suite, function: Callable[..., Any], *arguments: Any) -> Any:
    """The function's result in the subprocess, or the exception that it raises there.

    suite: whose framework is used there, and is told now and then to free memory.
    function: of a module; arguments and result are plain data.

    The subprocess stays for further calls. If this process is interrupted, it is ended.
    """
    executor = _process()
    try:
        with warnings.catch_warnings():
            # A process that has grown large is replaced, which loky warns of.
            warnings.filterwarnings("ignore", "A worker .* while some jobs", UserWarning)
            return executor.submit(_call, suite, function, arguments).result()
    except Exception:
        raise
    except BaseException:
        executor.shutdown(kill_workers=True)
        raise


def _process() -> Any:
    # The framework is imported when what is sent there is unpickled, before any call: many objects
    # to search, and no garbage.
    return get_reusable_executor(max_workers=1, timeout=_IDLE, initializer=gc.disable)


def _call(suite: Suite, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    try:
        return function(*arguments)
    finally:
        memory.free(next(_CALLS), suite)
