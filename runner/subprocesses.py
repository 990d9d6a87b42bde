"""Running functions in a fresh subprocess, which shares no state with this process."""

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
#: Counts the calls in a subprocess.
_CALLS = count(1)


def prepare(suite: Suite) -> None:
    """Starts the subprocess and has it import the suite's framework, without waiting for it."""
    _process().submit(suite.versions)


def run(suite: Suite, function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function in the subprocess and returns its result, or raises its exception.

    suite: whose framework is used there; its caches are cleared now and then.
    function: at module level; its arguments and result must pickle.

    The subprocess is kept for further calls, and ended if this process is interrupted.
    """
    executor = _process()
    try:
        with warnings.catch_warnings():
            # loky warns when it replaces a process that has grown too large.
            warnings.filterwarnings("ignore", "A worker .* while some jobs", UserWarning)
            return executor.submit(_call, suite, function, arguments).result()
    except Exception:
        raise
    except BaseException:
        executor.shutdown(kill_workers=True)
        raise


def _process() -> Any:
    # The framework is imported while the first arguments are unpickled, before any call: many
    # objects for the garbage collector to search, and no garbage.
    return get_reusable_executor(max_workers=1, timeout=_IDLE, initializer=gc.disable)


def _call(suite: Suite, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    try:
        return function(*arguments)
    finally:
        memory.free(next(_CALLS), suite)
