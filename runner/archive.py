"""The compressed results of one release, into which later runs are merged.

After any number of runs, the file has one run of one target, with the newest catalogue and the
latest verdict on each check. So it grows with the claims only, and reads like any other file.
"""

from __future__ import annotations

import json
import lzma
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from paramlaws.runner.journal import footer
from paramlaws.specs.record import ResultsError

Line: TypeAlias = dict[str, Any]
Key: TypeAlias = "tuple[str, str | None]"

#: What the names of these files end with.
SUFFIX = ".jsonl.xz"


class Archive:
    """A compressed results file, which may not exist yet.

    Raises ResultsError if it exists and cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = _read(path)

    @property
    def header(self) -> Line | None:
        """The header of its run, None if the file does not exist."""
        return self._lines[0] if self._lines else None

    @property
    def verdicts(self) -> list[Line]:
        """The lines with a verdict."""
        return [line for line in self._lines if line["record"] == "verdict"]

    @property
    def without_verdict(self) -> list[Key]:
        """The checks that are planned and have no verdict."""
        return _without_verdict(self._lines)

    def missing(self, revisions: Mapping[str, int]) -> list[str]:
        """The claims of a catalogue with a verdict that is missing or about an older revision.

        revisions: those of the catalogue's claims, by id.
        """
        current = {_key(line) for line in self.verdicts if line["revision"] == _of(line, revisions)}
        planned: dict[str, list[Key]] = {}
        for entry in self.header["planned"] if self.header else ():
            planned.setdefault(entry["claim"], []).append(_key(entry))
        return [
            claim
            for claim in revisions
            if claim not in planned or not current.issuperset(planned[claim])
        ]

    def add(self, lines: Sequence[Line], *, afresh: bool = False) -> None:
        """Merges the lines of another run, whose verdicts replace earlier ones, into the file.

        afresh: whether to discard the earlier verdicts, which are about something else.

        Raises ResultsError if the file cannot be written; then it is unchanged.
        """
        if not any(line["record"] == "header" for line in lines):
            return
        before = [] if afresh else self._lines
        self._lines = _united([*before, *lines])
        text = "".join(json.dumps(line, allow_nan=False) + "\n" for line in self._lines)
        _replace(self.path, lzma.compress(text.encode()))


def _read(path: Path) -> list[Line]:
    try:
        return [json.loads(line) for line in lzma.decompress(path.read_bytes()).splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, lzma.LZMAError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read ({error}); delete it and run again") from error


def _united(lines: Sequence[Line]) -> list[Line]:
    """The runs of the last target in the lines, merged into one."""
    headers = [line for line in lines if line["record"] == "header"]
    target = headers[-1]["target"]["id"]
    own = [line for line in headers if line["target"]["id"] == target]
    whole = [line for line in own if line["whole"]] or own
    planned: dict[str, list[Line]] = {}
    for header in own:
        planned |= _by_claim(header["planned"])
    header = {
        **own[-1],
        "run": {**whole[-1]["run"], "started": own[-1]["run"]["started"]},
        "whole": any(line["whole"] for line in own),
        "planned": [entry for entries in planned.values() for entry in entries],
    }
    wanted = {_key(entry) for entry in header["planned"]}
    latest: dict[tuple[Key, str], Line] = {}
    for line in lines:
        if line.get("target") == target and line["record"] != "footer" and _key(line) in wanted:
            latest[_key(line), line["record"]] = line
    made = [header, *latest.values()]
    if not _without_verdict(made):
        ended = [line["ended"] for line in lines if line["record"] == "footer"]
        made.append(footer(target, len(wanted), max(ended, default=header["run"]["started"])))
    return made


def _without_verdict(lines: Iterable[Line]) -> list[Key]:
    planned: list[Key] = []
    for line in lines:
        if line["record"] == "header":
            planned = [_key(entry) for entry in line["planned"]]
    judged = {_key(line) for line in lines if line["record"] == "verdict"}
    return [key for key in planned if key not in judged]


def _by_claim(entries: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for entry in entries:
        found.setdefault(entry["claim"], []).append(entry)
    return found


def _key(line: Mapping[str, Any]) -> Key:
    return line["claim"], line["case"]


def _of(line: Mapping[str, Any], revisions: Mapping[str, int]) -> int | None:
    return revisions.get(line["claim"])


def _replace(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as aside:
            aside.write(content)
        # Only their owner can read temporary files; others should be able to read this one.
        os.chmod(aside.name, 0o644)
        os.replace(aside.name, path)
    except OSError as error:
        raise ResultsError(
            f"{path}: results cannot be written there ({error.strerror}); choose another folder "
            "with --folder"
        ) from error
