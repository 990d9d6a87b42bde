"""Reading results files into runs, and refusing what is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema

from paramlaws.reports.records import SCHEMA_VERSION, ResultsError

Record: TypeAlias = dict[str, Any]
Key: TypeAlias = "tuple[str, str | None]"


@dataclass
class Run:
    """One run of one target, as far as it got.

    complete: whether its footer is there.
    last: the claim and case that began last.
    """

    file: Path
    header: Record
    verdicts: dict[Key, Record] = field(default_factory=dict)
    complete: bool = False
    last: Key | None = None

    @property
    def target(self) -> str:
        """The target's id."""
        return str(self.header["target"]["id"])

    @property
    def planned(self) -> list[Key]:
        """What was to be run: claims and cases."""
        return [(entry["claim"], entry["case"]) for entry in self.header["planned"]]


@cache
def validator() -> jsonschema.Draft202012Validator:
    """The schema of a line, ready for use."""
    text = files("paramlaws.reports").joinpath("record.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def read(path: Path) -> list[Run]:
    """The runs in a results file, in order.

    Raises ResultsError, naming file, line and value, for a file that is missing, empty, not JSON,
    of another schema version, or whose lines do not fit together.
    """
    runs: dict[str, Run] = {}
    order: list[Run] = []
    for number, record in _lines(path):
        where = f"{path}, line {number}"
        if record.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
            raise ResultsError(
                f"{where}: schema version {record['schema_version']}, and {SCHEMA_VERSION} can be "
                "read; make the results again with this version of paramlaws"
            )
        _validate(record, where)
        if record["record"] == "header":
            run = Run(path, record)
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
    key = (record["claim"], record["case"])
    if key[0] not in {claim["id"] for claim in run.header["claims"]}:
        raise ResultsError(f"{where}: claim {key[0]!r} is not in the file's catalogue")
    run.last = key
    if record["record"] == "verdict":
        run.verdicts[key] = record


def _lines(path: Path) -> Iterator[tuple[int, Record]]:
    """The JSON objects of a file by line number, without the broken last line of a dead run."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ResultsError(f"{path}: there is no such file; run pytest to make results") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ResultsError(f"{path}: cannot be read as text ({error})") from error
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise ResultsError(f"{path}: the file is empty; delete it, or run pytest again")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            if number > 1 and _ends_a_run(lines, number):
                continue
            raise ResultsError(
                f"{path}, line {number}: not JSON ({error.msg}): {line[:60]!r}; a results file has "
                "one JSON object a line"
            ) from error
        if not isinstance(record, dict):
            raise ResultsError(f"{path}, line {number}: not a JSON object: {line[:60]!r}")
        yield number, record


def _ends_a_run(lines: list[str], number: int) -> bool:
    """Whether a broken line is where a run died: the end of the file, or before another header."""
    following = next((line for line in lines[number:] if line.strip()), None)
    return following is None or following.startswith('{"record": "header"')


def _validate(record: Record, where: str) -> None:
    error = jsonschema.exceptions.best_match(validator().iter_errors(record))
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "the line"
        raise ResultsError(f"{where}: {place}: {error.message[:200]}; the file has been altered")
