"""Trying something in another process, which has seen nothing of what this one did."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable
from typing import Any

from loky import get_reusable_executor

from paramlaws.specs.suite import Suite

#: How long an idle process is kept for the next call, in seconds.
_IDLE = 600


def prepare(suite: Suite) -> None:
    """Starts the other process and has it import the suite's framework, without waiting for it."""
    _process().submit(suite.versions)


def run(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function's result in the other process, or the exception that it raises there.

    The process stays for further calls. If this one is interrupted, the other is ended.
    """
    executor = _process()
    try:
        with warnings.catch_warnings():
            # A process that has grown large is replaced, which loky warns of.
            warnings.filterwarnings("ignore", "A worker .* while some jobs", UserWarning)
            return executor.submit(_call, function, arguments).result()
    except Exception:
        raise
    except BaseException:
        executor.shutdown(kill_workers=True)
        raise


def _process() -> Any:
    # The framework is imported when what is sent there is unpickled, before any call: many objects
    # to search, and no garbage.
    return get_reusable_executor(max_workers=1, timeout=_IDLE, initializer=gc.disable)


def _call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    return function(*arguments)
