"""The results file: a journal of runs, one JSON object a line, written as each claim ends.

A run of one target is a header, then lines, then a footer. A file may hold several targets, and
several runs of one target; the later run counts. The lines are described in `record.schema.json`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
VERDICTS = ("holds", "departs", "violated", "stale", "errored", "unsupported", "not-run")
#: Those by which a run fails.
FAILING = ("violated", "stale", "errored")
#: Of several cases of a claim, the first one in this order stands for the claim.
WORST_FIRST = ("errored", "violated", "stale", "not-run", "departs", "holds", "unsupported")


class ResultsError(Exception):
    """Results that cannot be read or written; the message names the file and the way out."""


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
            broken = path.is_file() and path.read_bytes()[-1:] not in (b"", b"\n")
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise self._refusal(error) from error
        if broken:
            # A run died while it wrote its last line: end that line, so that ours are whole.
            self._file.write("\n")

    def write(self, record: Mapping[str, Any]) -> None:
        """Writes one line, at once; ResultsError where that fails, as on a full disk."""
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
