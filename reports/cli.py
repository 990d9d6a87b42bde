"""`python -m paramlaws.reports`: from results files to a folder with the report."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from paramlaws.reports.document import document
from paramlaws.reports.merge import Comparison, merge
from paramlaws.reports.page import render
from paramlaws.reports.records import VERDICTS, ResultsError

RESULTS = Path("reports/results")


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the report.

    Returns 0 where it is written, 1 where it is written and some run was cut short, and 2 where the
    results were refused or the folder cannot be written; then nothing is changed.
    """
    options = _parser().parse_args(arguments)
    try:
        expected = dict(_expectation(text) for text in options.expect)
        comparison = merge(_files(options.files), expected)
        folder = _write(comparison, options.output)
    except ResultsError as error:
        print(f"paramlaws.reports: {error}", file=sys.stderr)
        return 2
    for target in comparison.targets:
        counts = target.counts(comparison.claims)
        words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
        print(f"{target.id}: of {len(comparison.claims)} claims, {words}")
    print(f"report: {folder / 'index.html'}")
    for note in comparison.notes:
        print(f"paramlaws.reports: {note}", file=sys.stderr)
    cut_short = any(t.facts["run"] and not t.complete for t in comparison.targets)
    return 1 if cut_short else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m paramlaws.reports",
        description="Merges results files into index.html and report.json.",
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help=f"default: all of {RESULTS}/*.jsonl"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("reports/html"), metavar="DIR", help="%(default)s"
    )
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="SUITE=REASON",
        help="show this suite as not run, for this reason, if there are no results of it",
    )
    return parser


def _expectation(text: str) -> tuple[str, str]:
    suite, equals, reason = text.partition("=")
    if not (suite and equals and reason):
        raise ResultsError(f"--expect {text}: it must read SUITE=REASON")
    return suite.strip(), reason.strip()


def _files(given: Sequence[Path]) -> list[Path]:
    files = list(given) or sorted(RESULTS.glob("*.jsonl"))
    if not files:
        raise ResultsError(f"{RESULTS} holds no results (*.jsonl): run pytest first, or name files")
    for file in files:
        if file.is_dir():
            raise ResultsError(f"{file}: a folder; name the results files in it")
    return files


def _write(comparison: Comparison, folder: Path) -> Path:
    made = document(comparison, datetime.now(UTC).isoformat(timespec="seconds"))
    texts = {"report.json": json.dumps(made, indent=1) + "\n", "index.html": render(made)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=folder, prefix=name, delete=False
            ) as file:
                file.write(text)
            os.chmod(file.name, 0o644)
            os.replace(file.name, folder / name)
    except OSError as error:
        raise ResultsError(
            f"{folder}: the report cannot be written there ({error.strerror}); choose another "
            "folder with --output"
        ) from error
    return folder
