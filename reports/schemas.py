"""JSON Schemas: applied fast, and in good words where something does not fit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import jsonschema
import jsonschema_rs


@dataclass(frozen=True)
class Schema:
    """A schema that comes with this package.

    file: its name here.
    """

    file: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """The schema itself."""
        text = files("paramlaws.reports").joinpath(self.file).read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def check(self, value: object) -> None:
        """Raises jsonschema.ValidationError, the one that says most, for what does not fit."""
        # Forty times as fast, but its messages are poor.
        if self._fast.is_valid(value):
            return
        if error := jsonschema.exceptions.best_match(self._exact.iter_errors(value)):
            raise error

    @cached_property
    def _fast(self) -> Any:
        return jsonschema_rs.validator_for(self.content)

    @cached_property
    def _exact(self) -> jsonschema.Draft202012Validator:
        return jsonschema.Draft202012Validator(self.content)


def place(error: jsonschema.ValidationError) -> str:
    """Where in a value the error is, or "" for the whole of it."""
    return "/".join(map(str, error.absolute_path))


#: A line of a results file, a report, what `paramlaws.faults` writes, and what releases do.
RECORD, REPORT, POWER, COMPAT = map(
    Schema, ("record.schema.json", "report.schema.json", "power.schema.json", "compat.schema.json")
)
