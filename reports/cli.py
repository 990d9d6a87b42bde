"""`python -m paramlaws.reports`: from results files to a folder with the report.

`diff` and `show` in front of other arguments are commands of their own.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from paramlaws.reports import machine, power, terminal
from paramlaws.reports.document import document
from paramlaws.reports.merge import Comparison, merge
from paramlaws.reports.page import render
from paramlaws.reports.writing import write
from paramlaws.specs.record import ResultsError

RESULTS, POWER = Path("reports/results"), Path("reports/power")
#: Other commands, each a module that a report does not need.
_COMMANDS = ("diff", "show")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is read is wanted to the end: looking for garbage in it would take a sixth longer."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@_without_collecting()
def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the report.

    Returns 0 where it is written, 1 where it is written and some run was cut short or has no
    verdict, or there was no run, and 2 where the results were refused or the folder cannot be
    written; then nothing is changed.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in _COMMANDS:
        status: int = import_module(f"paramlaws.reports.{words[0]}").main(words[1:])
        return status
    options = _parser().parse_args(words)
    try:
        expected = dict(_expectation(text) for text in options.expect)
        comparison = merge(_files(options.files, needed=not expected), expected)
        made = _write(comparison, options.output, power.read(options.power or _power()))
    except ResultsError as error:
        print(f"paramlaws.reports: {terminal.printable(str(error))}", file=sys.stderr)
        return 2
    for line in terminal.lines(made):
        print(line)
    print(f"report: {options.output / 'index.html'}")
    for note in comparison.notes:
        print(f"paramlaws.reports: {terminal.printable(note)}", file=sys.stderr)
    ran = any(target.facts["run"] for target in comparison.targets)
    return 1 if not ran or any(target.cut_short for target in comparison.targets) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m paramlaws.reports",
        description="Merges results files into a report. Commands: `diff OLD NEW` says what "
        "changed between two reports, `show CLAIM` prints one claim.",
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
        metavar="DIR",
        help=f"what `paramlaws.faults` measured; default: {POWER}, or what comes with this version",
    )
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="SUITE=REASON",
        help="show this suite as not run, for this reason, if there are no results of it",
    )
    return parser


def _power() -> Path:
    return POWER if POWER.is_dir() else Path(str(files("paramlaws.reports"))) / "power"


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


def _json(report: dict[str, Any]) -> str:
    """The report with a line for each claim, target and verdict."""
    parts = []
    for name, value in report.items():
        text = json.dumps(value, allow_nan=False)
        if isinstance(value, list) and value:
            lines = ",\n  ".join(json.dumps(one, allow_nan=False) for one in value)
            text = f"[\n  {lines}\n ]"
        parts.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _write(comparison: Comparison, folder: Path, measured: power.Power) -> dict[str, Any]:
    made = document(comparison, datetime.now(UTC).isoformat(timespec="seconds"), measured)
    texts = {
        "report.json": _json(made),
        "index.html": render(made),
        "junit.xml": machine.junit(made),
        "summary.md": machine.markdown(made),
        **{f"badges/{name}": text for name, text in machine.badges(made).items()},
    }
    write(folder, texts)
    return made
