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
            if path.exists() and not append:
                os.replace(path, path.with_name(path.name + ".previous"))
            broken = path.exists() and path.stat().st_size and not path.read_bytes().endswith(b"\n")
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise ResultsError(
                f"{path}: results cannot be written there ({error.strerror}); "
                "choose another file with --results"
            ) from error
        if broken:
            # A run died while it wrote its last line: end that line, so that ours are whole.
            self._file.write("\n")

    def write(self, record: Mapping[str, Any]) -> None:
        """Writes one line, at once."""
        self._file.write(json.dumps(record, allow_nan=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
