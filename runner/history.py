"""`paramlaws history`: runs the claims on every release of the table."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from paramlaws.runner import options as shared
from paramlaws.runner.profiles import EXAMPLES
from paramlaws.runner.refused import Refused
from paramlaws.runner.releases import NEW_HOLE, Holes, Outcome, Plan, Release
from paramlaws.specs.nearest import nearest
from paramlaws.specs.record import ResultsError
from paramlaws.suites import targets
from paramlaws.suites.targets import Environment

FOLDER = Path("reports/history")


@click.command()
@click.option("--suite", multiple=True, metavar="NAME", help="Only releases of it (repeatable).")
@click.option(
    "--environment", multiple=True, metavar="NAME", help="Only this release (repeatable)."
)
@click.option("--profile", type=click.Choice(list(EXAMPLES)), default="quick", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="as many as there are cores",
    help="How many share the claims of a release.",
)
@shared.folder("--folder", str(FOLDER), "Where the results go.")
@click.option("--tox", metavar="PATH", help="Default: beside this interpreter, or on the PATH.")
@shared.folder("--environments", ".tox", "Where tox makes them.")
@click.option("--keep", is_flag=True, help="Keep the environments that are made.")
@click.option("--retry", is_flag=True, help="Try again what could not be run, or errored.")
@click.option("--again", is_flag=True, help="Run everything again, whatever there is.")
@click.pass_context
def history(
    context: click.Context,
    suite: tuple[str, ...],
    environment: tuple[str, ...],
    profile: str,
    seed: int,
    processes: int,
    folder: Path,
    tox: str | None,
    environments: Path,
    keep: bool,
    retry: bool,
    again: bool,
) -> None:
    """Run the claims on every release in suites/targets.toml, one after the other.

    tox makes an environment for each, which is removed afterwards unless it was there before. A
    release of which all claims have a verdict, in their current revision, is not run again; of
    others only the claims that lack one. What could not be installed, imported or run is written to
    holes.json with the reason. It can be stopped at any time and goes on where it was.

    Exits with 0 where each release has results or was known not to run, with 1 where another one
    does not run, and with 2 for what cannot be meant.

    \b
    Examples:
      paramlaws history
      paramlaws history --environment NAME --keep
      paramlaws history --retry
    """
    if not Path("tox.ini").exists():
        # Without it no release can be installed, and each would be taken for one that cannot.
        raise Refused("there is no tox.ini here: run this in a clone of the project")
    try:
        rows = _rows(suite, environment)
        options = ["--hypothesis-profile", profile, "--hypothesis-seed", str(seed)]
        plan = Plan(
            _tox(tox), environments, folder, [*options, "-n", str(processes)], keep, retry, again
        )
        outcomes = _run(rows, plan, Holes(folder))
    except (ResultsError, targets.TableError) as error:
        raise Refused(str(error)) from error
    context.exit(1 if any(outcome.how == NEW_HOLE for outcome in outcomes) else 0)


def _rows(suites: Sequence[str], names: Sequence[str]) -> list[Environment]:
    table = targets.table()
    for option, given, known in (
        ("suite", suites, table.suites),
        ("environment", names, table.environments),
    ):
        for name in given:
            if name not in known:
                raise Refused(f"--{option} {name}: unknown; {nearest(name, known)}")
    rows = [
        row
        for row in table.environments.values()
        # What has no pins is no release of anything.
        if (row.name in names or (row.pins and not names)) and (not suites or row.suite in suites)
    ]
    if not rows:
        raise Refused("no release is of these suites and has one of these names")
    return rows


def _tox(given: str | None) -> list[str]:
    if given is not None:
        if found := shutil.which(given):
            return [found]
        raise Refused(f"--tox {given}: there is no such program")
    beside = shutil.which("tox", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("tox")
    if found is None:
        raise Refused("tox is neither beside this interpreter nor on the PATH: `pip install tox`")
    return [found]


def _run(rows: Iterable[Environment], plan: Plan, holes: Holes) -> list[Outcome]:
    rows = list(rows)
    console = Console(highlight=False, soft_wrap=True)
    outcomes = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=len(rows))
        for row in rows:
            progress.update(task, description=row.name)
            outcome = Release(row, plan).run(holes)
            outcomes.append(outcome)
            console.print(f"{row.name}: {escape(f'{outcome.how}: {outcome.text}')}")
            progress.advance(task)
    return outcomes
