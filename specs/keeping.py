"""Copies of the network under test, its files, and the same example in a subprocess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paramlaws.specs.subject import Subject


def copied(net: Subject) -> Subject:
    """A copy of the network, by the way that is the case at hand."""
    copy = net.of(net.architecture)
    copy.model = net.suite.copied(net.model, net.way, net.x32)
    return copy


def unpickled(net: Subject, data: bytes) -> Subject:
    """The network that comes out of a pickle of this one."""
    copy = net.of(net.architecture)
    copy.model = net.suite.unpickled(data)
    return copy


def save(net: Subject, folder: str) -> None:
    """Saves the network, by the way that is the case at hand."""
    net.suite.save(net.model, folder, net.way)


def loaded(net: Subject, folder: str) -> Subject:
    """The network that was saved there, loaded by the same way, into another one or as one."""
    other = net.of(net.architecture)
    if net.way not in net.suite.whole:
        other.start()
    return loading(other, folder)


def loading(net: Subject, folder: str) -> Subject:
    """This network with what was saved there, or the new one that this way of loading makes."""
    model = net.suite.load(net.model, folder, net.way)
    if model is net.model:
        return net
    other = net.of(net.architecture)
    other.model = model
    return other


def also_in_subprocess(net: Subject) -> bool:
    """Whether a subprocess is to try it, too: for every fourth example, as it takes long."""
    return net.example.pick % 4 == 0


def in_subprocess(net: Subject, check: Callable[..., Any], *arguments: Any) -> Any:
    """What `check(subject, *arguments)` gives in a process that has not seen this network.

    The subject there is one of the same example, not yet built; `check` is a function of a
    module, and arguments and result are plain data. Raises what `check` raises.
    """
    given = (net.suite, net.example, net.conventions, net.case)
    return net.subprocess(_check_anew, check, given, arguments)


def _check_anew(
    check: Callable[..., Any], given: tuple[Any, ...], arguments: tuple[Any, ...]
) -> Any:
    suite, example, conventions, case = given
    return check(Subject(suite, example, conventions, case=case), *arguments)
