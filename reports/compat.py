"""Which release of which framework does what: `compat.json`, described by `compat.schema.json`.

It follows from results files alone. Its form is that of MDN's browser-compat-data: for each claim
and suite a list of statements, each with the releases since which and until which it is so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

import click
import jsonschema

from paramlaws.reports.history import markdown
from paramlaws.reports.reading import Record
from paramlaws.reports.refused import Refused, printable
from paramlaws.reports.releases import Measured, Release, measured
from paramlaws.reports.schemas import COMPAT, place
from paramlaws.reports.statements import Answer, answer, statements
from paramlaws.reports.writing import write
from paramlaws.specs.record import ResultsError

Data: TypeAlias = dict[str, Any]

SCHEMA_VERSION = 1
FOLDER = Path("reports/history")
NAME = "compat.json"
#: What is known without a table.
NOTHING: Data = {"schema_version": SCHEMA_VERSION, "suites": {}, "claims": {}}
#: Not among the releases, as it is no framework.
_REFERENCE = "reference"


def compat(found: Measured) -> Data:
    """The table of the measured releases, which is the same whenever the results are.

    Raises jsonschema.ValidationError if it does not fit its schema, which is a bug here.
    """
    suites = {name: found.suites[name] for name in sorted(found.suites) if name != _REFERENCE}
    made = {
        "schema_version": SCHEMA_VERSION,
        "suites": {name: _suite(name, own, found.holes) for name, own in suites.items()},
        "claims": {
            claim["id"]: {
                "kind": claim["kind"],
                "revision": claim["revision"],
                "topic": claim.get("topic", ""),
                "behaviours": claim["behaviours"],
                "support": _support(claim, suites),
            }
            for claim in found.claims.values()
        },
    }
    COMPAT.check(made)
    return made


def read(file: Path) -> Data:
    """The table in a file; raises ResultsError if the file holds none."""
    try:
        content: Data = json.loads(file.read_text(encoding="utf-8"))
        COMPAT.check(content)
    except OSError as error:
        raise ResultsError(
            f"{file}: cannot be read ({error.strerror}); `paramlaws compat` makes it"
        ) from error
    except ValueError as error:
        raise ResultsError(f"{file}: not a compat table ({error})") from error
    except jsonschema.ValidationError as error:
        where = place(error) or "the whole"
        raise ResultsError(
            f"{file}: {where}: {error.message[:200]}; make it again with `paramlaws compat`"
        ) from error
    return content


def _suite(name: str, releases: Iterable[Release], holes: Iterable[Data]) -> Data:
    releases = list(releases)
    newest = releases[-1].facts
    return {
        "framework": newest["framework"],
        "package": _package(newest),
        "releases": [
            {
                "version": release.version,
                "environment": release.environment,
                "packages": dict(sorted(release.facts["packages"].items())),
                "python": release.facts["python"],
                "platform": release.facts["platform"],
            }
            for release in releases
        ],
        "holes": [
            {key: hole[key] for key in ("environment", "pins", "reason")}
            for hole in holes
            if hole["suite"] == name
        ],
    }


def _package(facts: Record) -> str:
    """The package whose version is the framework's."""
    return str(next(iter(facts["packages"]), ""))


def _support(claim: Record, suites: Mapping[str, list[Release]]) -> Data:
    found: Data = {}
    shown = {}
    for name, releases in suites.items():
        cases = _cases(claim, releases)
        found[name] = {"mirror": None, "cases": [_case(claim, each, releases) for each in cases]}
        shown[name] = _by_version(claim, releases, cases)
    for name, other in combinations(suites, 2):
        if found[other]["mirror"] is None and _are_comparable(suites[name], suites[other]):
            both = shown[name].keys() & shown[other].keys()
            if both and all(shown[name][version] == shown[other][version] for version in both):
                found[other]["mirror"] = name
    return found


def _are_comparable(one: Sequence[Release], other: Sequence[Release]) -> bool:
    """Whether the versions of two suites belong to the same package."""
    return _package(one[-1].facts) == _package(other[-1].facts)


def _case(claim: Record, case: str | None, releases: Iterable[Release]) -> Data:
    # A release that knows the claim and not this case has no such thing.
    own = [r for r in releases if case in r.planned.get(claim["id"], [case])]
    rows = {release.version: _row(claim, case, release) for release in own}
    made = statements(claim, [*rows], rows)
    return {"case": case, "statements": [statement.data() for statement in made]}


def _row(claim: Record, case: str | None, release: Release) -> Record | None:
    """The verdict on the claim in its current revision, None if there is none."""
    row = release.rows.get((claim["id"], case))
    return row if row and row["revision"] == claim["revision"] else None


def _cases(claim: Record, releases: Iterable[Release]) -> list[str | None]:
    """The cases that some release knows, in the order of the newest such release."""
    found: dict[str | None, None] = {}
    for release in reversed(list(releases)):
        found |= dict.fromkeys(release.planned.get(claim["id"], ()))
    return [*found]


def _by_version(
    claim: Record, releases: Iterable[Release], cases: Sequence[str | None]
) -> dict[str, dict[str | None, Answer]]:
    """The answer of each release that has one, by its version."""
    found = {r.version: {case: answer(_row(claim, case, r)) for case in cases} for r in releases}
    return {
        version: own
        for version, own in found.items()
        if own and all(each.is_known for each in own.values())
    }


@click.command("compat")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=FOLDER,
    show_default=True,
    metavar="DIR",
    help="The results of releases, as `paramlaws history` makes them.",
)
@click.option(
    "--changes",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write there, as Markdown, what changed with each release.",
)
@click.pass_context
def command(context: click.Context, folder: Path, changes: Path | None) -> None:
    """Write compat.json: since which release each framework does what.

    Exits with 1 where some file could not be used, which is told, and with 2 where none could.

    \b
    Examples:
      paramlaws compat --changes docs/changes.md
      paramlaws since tie.gradients-add --suite NAME
    """
    try:
        found = measured(folder)
        table = compat(found)
        write(folder, {NAME: json.dumps(table, indent=1, ensure_ascii=False) + "\n"}, "--folder")
        if changes:
            write(changes.parent, {changes.name: markdown(table)}, "--changes")
    except ResultsError as error:
        raise Refused(str(error)) from error
    for note in found.notes:
        click.echo(f"Note: {printable(note)}", err=True)
    click.echo(f"compat table: {folder / NAME}")
    context.exit(1 if found.notes else 0)
