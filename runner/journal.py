"""Writing results files: one JSON object per line, flushed as each claim ends.

A run of one target is a header, then lines, then a footer. A file may hold several targets, and
several runs of one target, of which the later counts. `reports/record.schema.json` describes the
lines.

If several processes share a run, each writes a part of its own next to the file, and their
controller merges the parts. Parts that a killed run left behind are merged into the file before the
next run writes there, so that nothing recorded is lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from paramlaws.specs.record import ResultsError

#: Between the name of a results file and the number of the worker that writes a part of it.
_PART = ".part-"


class Journal:
    """A results file being written.

    path: the file; its folder is made.
    append: whether to go on with an existing file. Otherwise that one is kept as `<name>.previous`.

    Raises ResultsError where the file cannot be written.
    """

    def __init__(self, path: Path, *, append: bool = False) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # A folder must be refused, and a device or pipe written to: neither may be moved away.
            if path.is_file() and not append:
                os.replace(path, path.with_name(path.name + ".previous"))
            if path.is_file() and not _may_be_results(path):
                raise ResultsError(
                    f"{path}: not a results file, so no results are added to it; choose another "
                    "file with --results"
                )
            broken = path.is_file() and path.read_bytes()[-1:] not in (b"", b"\n")
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise self._refusal(error) from error
        if broken:
            # A run died while writing its last line: end that line, so that ours are intact.
            self._file.write("\n")

    def write(self, record: Mapping[str, Any]) -> None:
        """Writes one line and flushes it; raises ResultsError if that fails, as on a full disk."""
        try:
            self._file.write(json.dumps(record, allow_nan=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise self._refusal(error) from error

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _refusal(self, error: OSError) -> ResultsError:
        return ResultsError(
            f"{self.path}: results cannot be written there ({error.strerror}); "
            "choose another file with --results"
        )


def _may_be_results(path: Path) -> bool:
    """Whether a file is empty or begins like a results file, even if it is cut off."""
    begin = b'{"record": "header"'
    with path.open("rb") as file:
        return begin.startswith(file.read(len(begin)))


def part(file: Path, worker: str) -> Path:
    """The file in which this worker writes its part of a results file."""
    return file.with_name(f"{file.name}{_PART}{worker}")


def parts_of(file: Path) -> list[Path]:
    """The existing parts of a results file."""
    return sorted(file.parent.glob(f"{file.name}{_PART}*"))


def files_in_parts(folder: Path) -> list[Path]:
    """The results files in a folder that have parts, whether they exist themselves or not."""
    found = {path.with_name(path.name.split(_PART)[0]) for path in folder.glob(f"*{_PART}*")}
    return sorted(found)


def unite(file: Path) -> list[dict[str, Any]]:
    """Appends the parts of a results file to it, as one run of each target, and removes them.

    The run gets a footer if every planned check has a verdict. A line that was being written when
    its process died is left out. Returns the verdicts.
    """
    parts = parts_of(file)
    if not parts:
        return []
    lines = [line for path in parts for line in whole_lines(path)]
    headers: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        if line["record"] == "header":
            headers.setdefault(line["target"]["id"], line)
    whole = all(header["whole"] for header in headers.values())
    journal = Journal(file, append=file.exists() and not (headers and whole))
    for target, header in headers.items():
        journal.write(header)
        own = [line for line in lines if line.get("target") == target]
        for line in own:
            if line["record"] != "footer":
                journal.write(line)
        judged = {(line["claim"], line["case"]) for line in own if line["record"] == "verdict"}
        ended = [line["ended"] for line in own if line["record"] == "footer"]
        if ended and len(judged) == len(header["planned"]):
            journal.write(footer(target, len(judged), max(ended)))
    journal.close()
    for path in parts:
        path.unlink()
    return [line for line in lines if line["record"] == "verdict"]


def footer(target: str, verdicts: int, ended: str) -> dict[str, Any]:
    """The last line of a run of a target.

    verdicts: how many the run recorded.
    ended: the time of its end.
    """
    return {"record": "footer", "target": target, "verdicts": verdicts, "ended": ended}


def whole_lines(path: Path) -> Iterable[dict[str, Any]]:
    """The lines of a file, but for the last one where the process died that was writing it."""
    for line in path.read_bytes().split(b"\n")[:-1]:
        yield json.loads(line)
