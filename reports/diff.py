"""`python -m paramlaws.reports diff OLD NEW`: what changed, and whether anything got worse."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from paramlaws.reports.change import Change, Difference, difference
from paramlaws.reports.page import render_change
from paramlaws.reports.source import load
from paramlaws.reports.writing import write
from paramlaws.specs.record import ResultsError


def main(arguments: Sequence[str]) -> int:
    """Returns 0 where nothing got worse, 1 where something did, 2 for what cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        old, new = load(options.old), load(options.new)
        found = difference(old, new)
        if options.output:
            data = json.dumps(found.data(), indent=1) + "\n"
            page = render_change(found.data(), old, new)
            write(options.output, {"change.html": page, "change.json": data})
    except ResultsError as error:
        print(f"paramlaws.reports diff: {error}", file=sys.stderr)
        return 2
    _print(found)
    return 1 if found.worse else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m paramlaws.reports diff", description=__doc__)
    for name in ("old", "new"):
        parser.add_argument(
            name, type=Path, metavar=name.upper(), help="a report.json, results, or their folder"
        )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="also write change.html and change.json there"
    )
    return parser


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
    targets = "target" if compared == 1 else "targets"
    return f"{len(changes)} changes on {compared} {targets}, of which {worse} for the worse"
