"""Copying, saving and loading the network under test, and checks in a subprocess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paramlaws.specs.subject import Subject


def copied(net: Subject) -> Subject:
    """A copy of the network, made in the way of the case being tried."""
    copy = net.another(net.architecture)
    copy.model = net.suite.copied(net.model, net.way, net.x32)
    return copy


def unpickled(net: Subject, data: bytes) -> Subject:
    """The network in a pickle, as a subject like this one."""
    copy = net.another(net.architecture)
    copy.model = net.suite.unpickled(data)
    return copy


def save(net: Subject, folder: str) -> None:
    """Saves the network into a folder, in the way of the case being tried."""
    net.suite.save(net.model, folder, net.way)


def loaded(net: Subject, folder: str) -> Subject:
    """Another subject with the network that was saved in a folder.

    It is loaded in the way of the case being tried: into a newly initialised network, or as a new
    one where the suite saves whole networks (`Suite.whole`).
    """
    other = net.another(net.architecture)
    if net.way not in net.suite.whole:
        other.start()
    return loading(other, folder)


def loading(net: Subject, folder: str) -> Subject:
    """This subject after loading from a folder, or a new one where loading makes a new network."""
    model = net.suite.load(net.model, folder, net.way)
    if model is net.model:
        return net
    other = net.another(net.architecture)
    other.model = model
    return other


def also_in_subprocess(net: Subject) -> bool:
    """Whether to check this example in a subprocess, too: every fourth, since it is slow."""
    return net.example.pick % 4 == 0


def in_subprocess(net: Subject, check: Callable[..., Any], *arguments: Any) -> Any:
    """The result of `check(subject, *arguments)` in a fresh process.

    There, the subject has the same example and is not built yet. `check` must be a function at
    module level, and its arguments and result must pickle. Raises what `check` raises.
    """
    given = (net.suite, net.example, net.conventions, net.case)
    return net.subprocess(_check_anew, check, given, arguments)


def _check_anew(
    check: Callable[..., Any], given: tuple[Any, ...], arguments: tuple[Any, ...]
) -> Any:
    suite, example, conventions, case = given
    return check(Subject(suite, example, conventions, case=case), *arguments)
