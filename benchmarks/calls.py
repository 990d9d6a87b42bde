"""Recording the calls of a framework in a run, and replaying them without it.

An argument is recorded as it is, or as a reference to an earlier call's result or a part of it. The
result of a call is held only until its example ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle  # loky brings it


@dataclass(frozen=True)
class Result:
    """A reference to a part of the result of the call with this number."""

    call: int
    path: tuple[int, ...]


@dataclass(frozen=True)
class Folder:
    """A placeholder for a temporary folder."""

    name: str


@dataclass(frozen=True)
class Call:
    """A call: its verb, its arguments or references in their place, and its number.

    refused: whether it raised an exception.
    """

    number: int
    verb: str
    arguments: tuple[Any, ...]
    refused: bool = False


@dataclass(frozen=True)
class End:
    """The end of an example; `keep` has the numbers of the calls whose results are still needed."""

    keep: frozenset[int]


class Tape:
    """A recording of calls."""

    def __init__(self) -> None:
        self.events: list[Call | End] = []
        self._count = 0
        self._known: dict[int, tuple[Any, Result]] = {}

    def call(self, verb: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Makes and records a call, and returns its result."""
        self._count += 1
        number = self._count
        kept = tuple(self._encoded(argument) for argument in arguments)
        try:
            result = function(*arguments)
        except Exception:
            self.events.append(Call(number, verb, kept, refused=True))
            raise
        self.events.append(Call(number, verb, kept))
        for part, path in _parts(result):
            self._known[id(part)] = (part, Result(number, path))
        return result

    def end(self, still_used: Iterable[Any]) -> None:
        """Ends an example, after which only these objects can occur as arguments again."""
        identities = {id(thing) for thing in still_used}
        self._known = {key: known for key, known in self._known.items() if key in identities}
        self.events.append(End(frozenset(result.call for _, result in self._known.values())))

    def write(self, file: Path) -> None:
        """Writes the recording to a file."""
        file.write_bytes(cloudpickle.dumps(self.events))

    def _encoded(self, argument: Any) -> Any:
        if id(argument) in self._known:
            return self._known[id(argument)][1]
        if isinstance(argument, str) and argument.startswith(tempfile.gettempdir()):
            return Folder(argument)
        if type(argument) is tuple:
            return tuple(self._encoded(part) for part in argument)
        return argument


def replay(events: Sequence[Call | End], verbs: Callable[[str], Callable[..., Any]]) -> None:
    """Replays recorded calls; only those that raised in the recording may raise.

    verbs: maps a verb to the function to call.
    """
    results: dict[int, Any] = {}
    with tempfile.TemporaryDirectory() as root:
        for event in events:
            if isinstance(event, End):
                results = {number: results[number] for number in event.keep}
                continue
            arguments = [_decoded(argument, results, root) for argument in event.arguments]
            try:
                results[event.number] = verbs(event.verb)(*arguments)
            except Exception:
                if not event.refused:
                    raise
                results[event.number] = None


def _decoded(argument: Any, results: dict[int, Any], root: str) -> Any:
    if isinstance(argument, Result):
        found = results[argument.call]
        for index in argument.path:
            found = found[index]
        return found
    if isinstance(argument, Folder):
        folder = Path(root, Path(argument.name).name)
        folder.mkdir(exist_ok=True)
        return str(folder)
    if type(argument) is tuple:
        return tuple(_decoded(part, results, root) for part in argument)
    return argument


def _parts(result: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[Any, tuple[int, ...]]]:
    """The result and the elements of its lists and tuples, with the path to each."""
    if result is None or isinstance(result, (str, bytes, int, float)):
        return
    yield result, path
    if isinstance(result, (list, tuple)) and len(path) < 3:
        for index, part in enumerate(result):
            yield from _parts(part, (*path, index))
