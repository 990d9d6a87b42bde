"""`paramlaws show CLAIM`: what a report says about claims, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeAlias

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from paramlaws.reports.names import name
from paramlaws.reports.refused import Refused
from paramlaws.reports.source import load
from paramlaws.reports.words import behaviour, command
from paramlaws.specs.record import ResultsError

Data: TypeAlias = dict[str, Any]

_COLOURS = {
    "holds": "green",
    "departs": "yellow",
    "violated": "red",
    "stale": "magenta",
    "errored": "red",
    "unsupported": "bright_black",
    "not-run": "bright_black",
}


@click.command()
@click.argument("claim")
@click.option("--target", metavar="WORD", help="Only targets with this in their ids.")
@click.option(
    "--report",
    "place",
    type=click.Path(path_type=Path),
    default=Path("reports/html"),
    show_default=True,
    metavar="PATH",
    help="A report.json, a results file, or a folder with one of them.",
)
def show(claim: str, target: str | None, place: Path) -> None:
    """Print what a report says about one claim; 'tie.*' for a group.

    \b
    Examples:
      paramlaws show gradient.before-backward
      paramlaws show 'tie.*' --target reference
    """
    try:
        report = load(place)
        claims = _claims(report, claim)
        targets = _targets(report, target)
    except ResultsError as error:
        raise Refused(str(error)) from error
    console = Console(highlight=False)
    for one in claims:
        console.print(f"[bold]{escape(one['id'])}[/] {escape(one['topic'])}")
        console.print(escape(one["statement"]))
        rows = [(t, row) for t in targets for row in _rows(report, one, t)]
        console.print(_table(one, rows))
        for where, row in rows:
            if target or row["message"]:
                _print_details(console, where, row)


def _claims(report: Data, pattern: str) -> list[Data]:
    found = [claim for claim in report["claims"] if fnmatchcase(claim["id"], pattern)]
    if not found:
        known = "\n  ".join(claim["id"] for claim in report["claims"])
        raise ResultsError(f"{pattern}: there is no such claim; there are\n  {known}")
    return found


def _targets(report: Data, word: str | None) -> list[Data]:
    found = [t for t in report["targets"] if word is None or word.lower() in t["id"].lower()]
    if not found:
        known = ", ".join(target["id"] for target in report["targets"])
        raise ResultsError(f"--target {word}: there is no such target; there are {known}")
    return found


def _rows(report: Data, claim: Data, target: Data) -> list[Data]:
    key = (claim["id"], target["id"])
    return [row for row in report["verdicts"] if (row["claim"], row["target"]) == key]


def _table(claim: Data, rows: Sequence[tuple[Data, Data]]) -> Table:
    table = Table("target", "case", "verdict", "observed", "examples", box=None)
    for target, row in rows:
        table.add_row(
            escape(name(target)),
            escape(row["case"] or ""),
            f"[{_COLOURS[row['verdict']]}]{row['verdict']}[/]",
            escape(behaviour(claim, row) or ""),
            str(row["examples"] or ""),
        )
    return table


def _print_details(console: Console, target: Data, row: Data) -> None:
    """Prints the reason, and the command that reproduces the result."""
    reasons = [departure["reason"] for departure in row["departures"]]
    reasons += [row["unsupported"]["reason"]] if row["unsupported"] else []
    reasons += [text for text in (row["message"], row["counterexample"]) if text]
    again = row["reproduce"] or (command(row, target) if target["run"] else None)
    case = f"[{row['case']}]" if row["case"] else ""
    console.print(f"\n[bold]{escape(row['claim'] + case)}[/] on {escape(target['id'])}")
    for text in (*reasons, *([again] if again else [])):
        # A command must stay in one piece, so that it can be copied.
        console.print(f"  {escape(text)}", soft_wrap=text == again)
