"""Reading results files into runs, and refusing invalid files."""

from __future__ import annotations

import json
import lzma
import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema

from paramlaws.reports.schemas import RECORD, place
from paramlaws.specs.record import SCHEMA_VERSION, ResultsError

Record: TypeAlias = dict[str, Any]
Key: TypeAlias = "tuple[str, str | None]"

#: What results files are called, plain and compressed.
PATTERNS = ("*.jsonl", "*.jsonl.xz")


@dataclass
class Run:
    """One run of one target, as far as it got.

    complete: whether it has a footer.
    begun: the claims and cases that began.
    """

    file: Path
    header: Record
    verdicts: dict[Key, Record] = field(default_factory=dict)
    complete: bool = False
    begun: set[Key] = field(default_factory=set)

    @property
    def target(self) -> str:
        """The target's id."""
        return str(self.header["target"]["id"])

    @property
    def planned(self) -> list[Key]:
        """The planned claims and cases."""
        return [(entry["claim"], entry["case"]) for entry in self.header["planned"]]

    @property
    def under_way(self) -> list[Key]:
        """The claims and cases that began and have no verdict."""
        return [key for key in self.planned if key in self.begun and key not in self.verdicts]

    @cached_property
    def catalogue(self) -> list[str]:
        """The ids of all claims that the run's version knows, in their order."""
        return [claim["id"] for claim in self.header["claims"]]


def files_in(folder: Path) -> list[Path]:
    """The results files in a folder."""
    return sorted(file for pattern in PATTERNS for file in folder.glob(pattern))


def read(path: Path) -> list[Run]:
    """The runs in a results file, which may be compressed, in order.

    Raises ResultsError, naming file, line and value, for a file that is missing, empty, not JSON,
    of another schema version, or whose lines do not fit together.
    """
    runs: dict[str, Run] = {}
    order: list[Run] = []
    lines = _lines(path)
    for position, (number, line) in enumerate(lines):
        where = f"{path}, line {number}"
        record = _record(where, line)
        if isinstance(record, ResultsError):
            # If a run died while writing a line, the line is cut off and is the run's last.
            unended = any(not run.complete for run in runs.values())
            if unended and _ends_a_run(lines[position + 1 :]):
                continue
            raise record
        if record.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
            raise ResultsError(
                f"{where}: schema version {record['schema_version']}, and {SCHEMA_VERSION} can be "
                "read; make the results again with this version of paramlaws"
            )
        _validate(record, where)
        if record["record"] == "header":
            run = Run(path, record)
            for claim, _ in run.planned:
                _known(claim, run, where)
            runs[run.target] = run
            order.append(run)
            continue
        if record["target"] not in runs:
            raise ResultsError(
                f"{where}: target {record['target']!r} has no header before it; the file is not "
                "whole: make the results again"
            )
        _take(runs[record["target"]], record, where)
    return order


def _take(run: Run, record: Record, where: str) -> None:
    if record["record"] == "footer":
        run.complete = True
        return
    _known(record["claim"], run, where)
    key = (record["claim"], record["case"])
    if record["record"] == "started":
        run.begun.add(key)
    else:
        run.verdicts[key] = record


def _known(claim: str, run: Run, where: str) -> None:
    if claim not in run.catalogue:
        raise ResultsError(
            f"{where}: claim {claim!r} is not in the file's catalogue; the file has been altered: "
            "make the results again"
        )


def _lines(path: Path) -> list[tuple[int, bytes]]:
    """The lines that are not blank, by number; as bytes, since one may end inside a character."""
    try:
        content = path.read_bytes()
        if path.suffix == ".xz":
            content = lzma.decompress(content)
    except FileNotFoundError as error:
        raise ResultsError(f"{path}: there is no such file; run pytest to make results") from error
    except OSError as error:
        raise ResultsError(
            f"{path}: cannot be read ({error.strerror}); name a results file"
        ) from error
    except lzma.LZMAError as error:
        raise ResultsError(
            f"{path}: cannot be decompressed ({error}); the file is not whole: make it again"
        ) from error
    # Not `splitlines`, which would also split at a line separator inside a string.
    lines = [(n, line) for n, line in enumerate(content.split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise ResultsError(f"{path}: the file is empty; delete it, or run pytest again")
    return lines


def _record(where: str, line: bytes) -> Record | ResultsError:
    """The record of a line, or, if the line may have been cut off, the error to raise otherwise.

    Raises ResultsError for a line that cannot be the beginning of a record.
    """
    try:
        record = json.loads(
            line.decode("utf-8"), parse_constant=_no_number, parse_float=_finite_number
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        if isinstance(error, UnicodeDecodeError):
            return ResultsError(f"{where}: cannot be read as text ({error}); name a results file")
        return ResultsError(_not_json(where, error.msg, line))
    except (ValueError, RecursionError) as error:
        raise ResultsError(_not_json(where, str(error), line)) from error
    if not isinstance(record, dict):
        raise ResultsError(_not_json(where, "not an object", line))
    return record


def _not_json(where: str, reason: str, line: bytes) -> str:
    begins = line[:60].decode("utf-8", "replace")
    return (
        f"{where}: not JSON of a record ({reason}): {begins!r}; a results file has one JSON object "
        "a line: delete that line, or make the results again"
    )


def _ends_a_run(following: list[tuple[int, bytes]]) -> bool:
    """Whether the file ends here, or goes on with another run."""
    if not following:
        return True
    try:
        record = json.loads(following[0][1])
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and record.get("record") == "header"


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number in JSON")


def _finite_number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _validate(record: Record, where: str) -> None:
    try:
        RECORD.check(record)
    except jsonschema.ValidationError as error:
        raise ResultsError(
            f"{where}: {place(error) or 'the line'}: {error.message[:200]}; the file has been "
            "altered: make the results again"
        ) from error
