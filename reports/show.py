"""`python -m paramlaws.reports show CLAIM`: one claim, or one of its cells, in the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from paramlaws.reports.names import name
from paramlaws.reports.source import load
from paramlaws.reports.words import command
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


def main(arguments: Sequence[str]) -> int:
    """Returns 0, or 2 where there is no such report, claim or target."""
    options = _parser().parse_args(arguments)
    try:
        report = load(options.report)
        claims = _claims(report, options.claim)
        targets = _targets(report, options.target)
    except ResultsError as error:
        print(f"paramlaws.reports show: {error}", file=sys.stderr)
        return 2
    console = Console(highlight=False)
    for claim in claims:
        console.print(f"[bold]{escape(claim['id'])}[/] {escape(claim['topic'])}")
        console.print(escape(claim["statement"]))
        rows = [(t, row) for t in targets for row in _rows(report, claim, t)]
        console.print(_table(rows))
        for target, row in rows:
            if options.target or row["message"]:
                _print_details(console, target, row)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m paramlaws.reports show", description=__doc__)
    parser.add_argument("claim", metavar="CLAIM", help="its id; `tie.*` for a group")
    parser.add_argument("--target", metavar="WORD", help="only targets with this in their ids")
    parser.add_argument(
        "--report",
        type=Path,
        default=Path("reports/html"),
        metavar="FILE",
        help="a report.json, results, or their folder; default: %(default)s",
    )
    return parser


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


def _table(rows: Sequence[tuple[Data, Data]]) -> Table:
    table = Table("target", "case", "verdict", "observed", "examples", box=None)
    for target, row in rows:
        table.add_row(
            escape(name(target)),
            escape(row["case"] or ""),
            f"[{_COLOURS[row['verdict']]}]{row['verdict']}[/]",
            escape(row["behaviour"] or ""),
            str(row["examples"] or ""),
        )
    return table


def _print_details(console: Console, target: Data, row: Data) -> None:
    """Why, and the command that shows it again."""
    reasons = [departure["reason"] for departure in row["departures"]]
    reasons += [row["unsupported"]["reason"]] if row["unsupported"] else []
    reasons += [text for text in (row["message"], row["counterexample"]) if text]
    again = row["reproduce"] or (command(row, target) if target["run"] else None)
    case = f"[{row['case']}]" if row["case"] else ""
    console.print(f"\n[bold]{escape(row['claim'] + case)}[/] on {escape(target['id'])}")
    for text in (*reasons, *([again] if again else [])):
        # A command must stay in one piece, so that it can be copied.
        console.print(f"  {escape(text)}", soft_wrap=text == again)
