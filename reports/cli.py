"""`paramlaws report`: makes a report from results files."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from paramlaws.reports import compat, machine, power, terminal
from paramlaws.reports.document import document
from paramlaws.reports.merge import Comparison, merge
from paramlaws.reports.page import render
from paramlaws.reports.reading import files_in
from paramlaws.reports.refused import Refused, printable
from paramlaws.reports.writing import write
from paramlaws.specs.record import ResultsError

RESULTS, POWER = Path("reports/results"), Path("reports/power")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Suspends garbage collection: all data are needed to the end, and it would cost a sixth."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@click.command()
@click.argument("results", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("reports/html"),
    show_default=True,
    metavar="DIR",
    help="Folder for the report.",
)
@click.option(
    "--power",
    "measured",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=f"What `paramlaws faults` measured; default: {POWER}, or what comes with this version.",
)
@click.option(
    "--compat",
    "releases",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Since when what is so, as `paramlaws compat` wrote it; default: "
    f"{compat.FOLDER / compat.NAME}, or what comes with this version.",
)
@click.option(
    "--expect",
    multiple=True,
    metavar="SUITE=REASON",
    help="Show this suite as not run, for this reason, if there are no results of it (repeatable).",
)
@click.pass_context
@_without_collecting()
def report(
    context: click.Context,
    results: tuple[Path, ...],
    output: Path,
    measured: Path | None,
    releases: Path | None,
    expect: tuple[str, ...],
) -> None:
    """Merge results files, of any number of runs and machines, into a report.

    Without FILE, all of reports/results/*.jsonl and *.jsonl.xz. Writes index.html, report.json,
    junit.xml, summary.md and badges. The exit status is 1 if a run was cut short or there was none;
    2, with nothing changed, if the results do not fit together or the report cannot be written;
    else 0.

    \b
    Examples:
      paramlaws report
      paramlaws report a.jsonl b.jsonl --output site
      paramlaws report --expect 'ONE=its wheels end at Python 3.11'
    """
    try:
        expected = dict(_expectation(text) for text in expect)
        comparison = merge(_files(results, needed=not expected), expected)
        made = _write(comparison, output, power.read(measured or _power()), _compat(releases))
    except ResultsError as error:
        raise Refused(str(error)) from error
    for line in terminal.lines(made):
        click.echo(line)
    click.echo(f"report: {output / 'index.html'}")
    for note in comparison.notes:
        click.echo(f"Note: {printable(note)}", err=True)
    ran = any(target.facts["run"] for target in comparison.targets)
    cut_short = any(target.cut_short for target in comparison.targets)
    context.exit(1 if not ran or cut_short else 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the report and returns the exit status, as `paramlaws report` with these arguments."""
    try:
        report.main(arguments, prog_name="python -m paramlaws.reports")
    except SystemExit as ended:
        return int(ended.code or 0)
    raise AssertionError("a command ends with its exit status")


def _power() -> Path:
    return POWER if POWER.is_dir() else Path(str(files("paramlaws.reports"))) / "power"


def _compat(given: Path | None) -> dict[str, Any] | None:
    """The table that is named, else that of this folder, else that of this version, if there is."""
    packaged = Path(str(files("paramlaws.reports"))) / "history" / compat.NAME
    places = [given] if given else [compat.FOLDER / compat.NAME, packaged]
    return next((compat.read(place) for place in places if given or place.exists()), None)


def _expectation(text: str) -> tuple[str, str]:
    suite, equals, reason = text.partition("=")
    if not (suite and equals and reason):
        raise ResultsError(f"--expect {text}: it must read SUITE=REASON")
    return suite.strip(), reason.strip()


def _files(given: Sequence[Path], *, needed: bool) -> list[Path]:
    files = list(given) or files_in(RESULTS)
    if needed and not files:
        raise ResultsError(
            f"{RESULTS} holds no results (*.jsonl): run `paramlaws run` first, or name files"
        )
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


def _write(
    comparison: Comparison, folder: Path, measured: power.Power, releases: dict[str, Any] | None
) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = document(comparison, now, measured, releases)
    texts = {
        "report.json": _json(made),
        "index.html": render(made),
        "junit.xml": machine.junit(made),
        "summary.md": machine.markdown(made),
        **{f"badges/{name}": text for name, text in machine.badges(made).items()},
    }
    write(folder, texts)
    return made
