"""`paramlaws diff OLD NEW`: what changed between two reports, and whether anything got worse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from paramlaws.reports.change import Change, Difference, difference
from paramlaws.reports.page import render_change
from paramlaws.reports.refused import Refused
from paramlaws.reports.source import load
from paramlaws.reports.words import number
from paramlaws.reports.writing import write
from paramlaws.specs.record import ResultsError


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write change.html and change.json there.",
)
@click.pass_context
def diff(context: click.Context, old: Path, new: Path, output: Path | None) -> None:
    """Compare two reports: each a report.json, a results file, or a folder with one of them.

    The exit status is 0 if nothing got worse, 1 if something did, and 2 if a report cannot be read.

    \b
    Examples:
      paramlaws diff before/report.json reports/html
      paramlaws diff before after --output change
    """
    try:
        reports = load(old), load(new)
        found = difference(*reports)
        if output:
            data = json.dumps(found.data(), indent=1) + "\n"
            page = render_change(found.data(), *reports)
            write(output, {"change.html": page, "change.json": data})
    except ResultsError as error:
        raise Refused(str(error)) from error
    _print(found)
    context.exit(1 if found.worse else 0)


def _print(found: Difference) -> None:
    console = Console(highlight=False)
    if found.changes:
        table = Table("", "target", "claim", "before", "after", box=None, header_style="bold")
        for change in found.changes:
            table.add_row(
                "worse" if change.is_worse else "",
                escape(change.target),
                escape(change.claim + (f"[{change.case}]" if change.case else "")),
                escape(_words(change.before)),
                escape(_words(change.after)),
                style="red" if change.is_worse else None,
            )
        console.print(table)
    for words, names in (("new", found.came), ("gone", found.gone)):
        for name in names:
            console.print(f"{words}: {escape(name)}")
    console.print(_sum(found.changes, len(found.worse), found.compared))


def _words(seen: tuple[str, str | None] | None) -> str:
    return "-" if seen is None else " ".join(filter(None, seen))


def _sum(changes: Sequence[Change], worse: int, compared: int) -> str:
    found = f"{number(len(changes), 'change')} on {number(compared, 'target')}"
    return f"{found}, of which {worse} for the worse"
