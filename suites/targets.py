"""The table of suites and releases, read from `targets.toml`.

`toxfile.py` imports this module in tox's own environment, which lacks this project's dependencies,
so that at module level only the standard library may be imported.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

FILE = Path(__file__).with_name("targets.toml")
MATRICES = DEFAULT, HISTORY, DEVELOPMENT = "default", "history", "development"


class TableError(Exception):
    """The table is invalid; the message names the row and the key."""


@dataclass(frozen=True)
class SuiteEntry:
    """A suite of this project.

    adapter: its class, as MODULE:CLASS.
    faults: the module of the faults that can be injected into its framework, if there are any.
    variables: environment variables of its environments, in addition to those of all.
    packages: the registry's name of its framework, and the packages released along with it; empty
        if no further releases are wanted.
    """

    name: str
    adapter: str
    faults: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The name of the adapter's module in `suites`."""
        return self.adapter.partition(":")[0].rpartition(".")[2]


@dataclass(frozen=True)
class Environment:
    """A release, in an environment of its own.

    name: tox's name of the environment.
    suite: the name of the suite that runs in it.
    matrix: one of `MATRICES`.
    pins: the requirements that its framework needs to import.
    python: the interpreter that it needs, as in "3.11"; None if any will do.
    note: why it is in the table, or why it is pinned as it is.
    """

    name: str
    suite: str
    matrix: str
    pins: tuple[str, ...]
    python: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        # pip would install a package for each letter of a string.
        if not isinstance(self.pins, tuple):
            raise TypeError(f"'pins' must be a list, not {self.pins!r}")

    @property
    def description(self) -> str:
        """What running the environment does, in a line."""
        pins = f" with {' '.join(self.pins)}" if self.pins else ""
        return f"run the claims on {self.suite}{pins}"

    @property
    def absence(self) -> str:
        """Why a report may have no results from it."""
        if self.python is None:
            return "no results: its environment did not run"
        return (
            f"no results: it needs Python {self.python}, for which `pip install tox-uv` lets tox "
            "fetch an interpreter"
        )


@dataclass(frozen=True)
class Table:
    """The whole table: suites and environments by name, in its order."""

    suites: Mapping[str, SuiteEntry]
    environments: Mapping[str, Environment]

    def of(self, matrix: str) -> Iterator[Environment]:
        """The environments of a matrix."""
        return (row for row in self.environments.values() if row.matrix == matrix)

    @property
    def default(self) -> tuple[str, ...]:
        """The names of the environments that make up the default matrix."""
        return tuple(row.name for row in self.of(DEFAULT))

    @property
    def expected(self) -> dict[str, str]:
        """The suites that a report of the default matrix should have, with reasons for absence."""
        return {row.suite: row.absence for row in self.of(DEFAULT)}


@cache
def table() -> Table:
    """The table that comes with this package; raises TableError if it is invalid."""
    return read(FILE)


def read(file: Path) -> Table:
    """The table in a file; raises TableError if it is invalid."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{file}: cannot be read: {error}") from error
    _check(file, content)
    return Table(
        {row.name: row for row in _rows(file, content, "suites", SuiteEntry)},
        {row.name: row for row in _rows(file, content, "environments", Environment)},
    )


_Row = TypeVar("_Row", SuiteEntry, Environment)


def _rows(file: Path, content: Any, part: str, kind: type[_Row]) -> Iterator[_Row]:
    for name, row in content.get(part, {}).items():
        tuples = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
        try:
            yield kind(name, **{**row, **tuples})
        except TypeError as error:
            # Only if the table could not be checked.
            raise TableError(f"{file}: {part}/{name}: {error}") from error


_TEXT = {"type": "string", "minLength": 1}
_NAME = "^[a-z0-9][a-z0-9.-]*$"


def _schema(suites: list[str]) -> dict[str, Any]:
    """The schema of a table that has these suites."""
    module = "[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*"
    return {
        "type": "object",
        "properties": {
            "suites": _part(
                {
                    "adapter": {"type": "string", "pattern": f"^{module}:[A-Za-z_][A-Za-z0-9_]*$"},
                    "faults": {"type": "string", "pattern": f"^{module}$"},
                    "variables": {"type": "object", "additionalProperties": {"type": "string"}},
                    "packages": {"type": "array", "items": _TEXT},
                },
                ["adapter"],
            ),
            "environments": _part(
                {
                    "suite": {"enum": suites},
                    "matrix": {"enum": list(MATRICES)},
                    "pins": {"type": "array", "items": {"type": "string", "format": "requirement"}},
                    "python": {"type": "string", "pattern": "^3\\.[0-9]+$"},
                    "note": _TEXT,
                },
                ["suite", "matrix", "pins"],
            ),
        },
        "additionalProperties": False,
        "required": ["suites", "environments"],
    }


def _part(keys: dict[str, Any], required: list[str]) -> dict[str, Any]:
    # An unknown key is reported before a missing one: it is likely to be that one, mistyped.
    row = {
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
        "required": required,
    }
    names = {"pattern": _NAME}
    return {"type": "object", "propertyNames": names, "additionalProperties": row}


def _check(file: Path, content: dict[str, Any]) -> None:
    try:
        import jsonschema_rs
    except ModuleNotFoundError:
        return  # In tox's own environment; the suites that it runs check the table.
    schema, formats = _schema(list(content.get("suites", ()))), {"requirement": _is_requirement}
    fast = jsonschema_rs.validator_for(schema, validate_formats=True, formats=formats)
    if fast.is_valid(content):
        return
    # Its messages are better, and it takes a tenth of a second to import.
    import jsonschema

    checker = jsonschema.FormatChecker(())
    checker.checks("requirement")(_is_requirement)
    errors = jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(content)
    if error := jsonschema.exceptions.best_match(errors):
        place = "/".join(map(str, error.absolute_path)) or "the whole"
        raise TableError(f"{file}: {place}: {_said(error)}") from error


def _is_requirement(text: object) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        Requirement(str(text))
    except InvalidRequirement:
        return False
    return True


def _said(error: Any) -> str:
    """What is wrong, with the word most similar to a mistyped one."""
    from paramlaws.specs.nearest import nearest

    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        unknown = next(key for key in error.instance if key not in known)
        return f"there is no key {unknown!r}; {nearest(unknown, known)}"
    if error.validator == "enum":
        wanted = error.validator_value
        return f"{error.instance!r} is unknown; {nearest(str(error.instance), wanted)}"
    return str(error.message)
