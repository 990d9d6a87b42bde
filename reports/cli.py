"""`python -m paramlaws.reports`: from results files to a folder with the report."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from paramlaws.reports import power
from paramlaws.reports.document import document
from paramlaws.reports.merge import Comparison, merge
from paramlaws.reports.page import render
from paramlaws.reports.records import VERDICTS, ResultsError

RESULTS = Path("reports/results")


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the report.

    Returns 0 where it is written, 1 where it is written and some run was cut short or has no
    verdict, or there was no run, and 2 where the results were refused or the folder cannot be
    written; then nothing is changed.
    """
    options = _parser().parse_args(arguments)
    try:
        expected = dict(_expectation(text) for text in options.expect)
        comparison = merge(_files(options.files, needed=not expected), expected)
        folder = _write(comparison, options.output, power.read(options.power))
    except ResultsError as error:
        print(f"paramlaws.reports: {_printable(str(error))}", file=sys.stderr)
        return 2
    for target in comparison.targets:
        counts = target.counts(comparison.claims)
        words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
        print(f"{_printable(target.id)}: of {len(comparison.claims)} claims, {words}")
    print(f"report: {folder / 'index.html'}")
    for note in comparison.notes:
        print(f"paramlaws.reports: {_printable(note)}", file=sys.stderr)
    ran = any(target.facts["run"] for target in comparison.targets)
    return 1 if not ran or any(target.cut_short for target in comparison.targets) else 0


def _printable(text: str) -> str:
    """The text without what would steer a terminal; results may come from anywhere."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


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
        "--power",
        type=Path,
        default=Path(str(files("paramlaws.reports"))) / "power",
        metavar="DIR",
        help="what `paramlaws.faults` measured; default: what comes with this version",
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


def _files(given: Sequence[Path], *, needed: bool) -> list[Path]:
    files = list(given) or sorted(RESULTS.glob("*.jsonl"))
    if needed and not files:
        raise ResultsError(f"{RESULTS} holds no results (*.jsonl): run pytest first, or name files")
    for file in files:
        if file.is_dir():
            raise ResultsError(f"{file}: a folder; name the results files in it")
    return files


def _write(comparison: Comparison, folder: Path, measured: power.Power) -> Path:
    made = document(comparison, datetime.now(UTC).isoformat(timespec="seconds"), measured)
    texts = {
        folder / "report.json": json.dumps(made, indent=1, allow_nan=False) + "\n",
        folder / "index.html": render(made),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(texts)
    except OSError as error:
        raise ResultsError(
            f"{folder}: the report cannot be written there ({error.strerror}); choose another "
            "folder with --output"
        ) from error
    return folder


def _replace(texts: Mapping[Path, str]) -> None:
    """Puts new files in the place of old ones, none before all of them are written."""
    for path in texts:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{path.name} is a folder", str(path))
    with tempfile.TemporaryDirectory(prefix=".report-", dir=next(iter(texts)).parent) as folder:
        for path, text in texts.items():
            # Half a surrogate pair, as in the name of an undecodable file, has no form in UTF-8.
            Path(folder, path.name).write_text(text, encoding="utf-8", errors="replace")
        for path in texts:
            os.replace(Path(folder, path.name), path)
