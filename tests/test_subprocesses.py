"""What is tried in a subprocess."""

from __future__ import annotations

import gc
import os
import pickle
from typing import Any

import pytest
from loky.process_executor import TerminatedWorkerError

from paramlaws.runner import subprocesses
from paramlaws.specs.outcome import Violation
from paramlaws.suites.reference import Reference


def _fail() -> None:
    raise Violation("a message", "a manner")


def _die() -> None:
    os._exit(3)


class _Arriving:
    """Whether garbage is collected while this is unpickled, as what imports a framework is."""

    def __reduce__(self) -> Any:
        return gc.isenabled, ()


def _collected(on_arrival: bool) -> tuple[bool, bool]:
    return on_arrival, gc.isenabled()


def test_it_is_another_process() -> None:
    """And the same one each time."""
    first = subprocesses.run(Reference(), os.getpid)
    assert first != os.getpid()
    assert subprocesses.run(Reference(), os.getpid) == first


def test_a_violation_there_is_one_here() -> None:
    """With its message and its manner."""
    with pytest.raises(Violation, match="a message") as caught:
        subprocesses.run(Reference(), _fail)
    assert caught.value.behaviour == "a manner"
    assert pickle.loads(pickle.dumps(caught.value)).behaviour == "a manner"


def test_a_process_that_dies_is_an_error_and_the_next_call_works() -> None:
    """Nothing hangs."""
    with pytest.raises(TerminatedWorkerError):
        subprocesses.run(Reference(), _die)
    assert subprocesses.run(Reference(), os.getpid) != os.getpid()


def test_garbage_is_collected_there_once_the_first_call_has_arrived() -> None:
    """Not while what it needs is imported."""
    with pytest.raises(TerminatedWorkerError):
        subprocesses.run(Reference(), _die)
    assert subprocesses.run(Reference(), _collected, _Arriving()) == (False, True)
    assert subprocesses.run(Reference(), _collected, _Arriving()) == (True, True)
