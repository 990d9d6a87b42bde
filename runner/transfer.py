"""`paramlaws transfer`: carrying networks from one framework to another."""

from __future__ import annotations

import shutil
from pathlib import Path as File

import click

from paramlaws.runner import options
from paramlaws.runner.environments import Environments
from paramlaws.runner.exchange import export, run
from paramlaws.runner.refused import Refused
from paramlaws.runner.target import Target
from paramlaws.specs.record import ResultsError
from paramlaws.specs.smoke import SmokeFailure
from paramlaws.specs.transfer import TransferError
from paramlaws.suites import registry
from paramlaws.suites.declared import AdapterError
from paramlaws.suites.knowledge import KnowledgeError

FOLDER, RESULTS = File("reports/transfer"), File("reports/results")
#: The errors that wrong arguments or files raise; the message of each says what to do.
_WRONG = (
    registry.Unavailable,
    AdapterError,
    KnowledgeError,
    ResultsError,
    SmokeFailure,
    TransferError,
)


@click.group()
def transfer() -> None:
    """Carry parameters from one framework to another, through files alone.

    \b
    Examples:
      paramlaws transfer export --suite reference   # in an environment with one framework
      paramlaws transfer import --suite reference   # in an environment with another
      paramlaws transfer all                        # in all environments that tox has made
    """


_suite = click.option("--suite", type=click.Choice(sorted(registry.KNOWN)), required=True)
_folder = options.folder("--folder", str(FOLDER), "Folder of the networks.")
_results = options.folder("--results", str(RESULTS), "Where the records go.")


@transfer.command("export")
@_suite
@_folder
def export_command(suite: str, folder: File) -> None:
    """Write networks, with what this suite computes from them."""
    try:
        export(Target.of(registry.load(suite), 0, ("--suite", suite)), folder)
    except _WRONG as error:
        raise Refused(str(error)) from error


@transfer.command("import")
@_suite
@_folder
@_results
@click.pass_context
def import_command(context: click.Context, suite: str, folder: File, results: File) -> None:
    """Recompute the networks that other suites wrote, and record a verdict for each suite.

    Exits with status 1 if a verdict fails.
    """
    try:
        target = Target.of(registry.load(suite), 0, ("--suite", suite))
        failed = run(target, folder, results)
    except _WRONG as error:
        raise Refused(str(error)) from error
    context.exit(1 if failed else 0)


@transfer.command("all")
@options.environments
@_folder
@_results
@click.pass_context
def all_command(context: click.Context, environments: File, folder: File, results: File) -> None:
    """Do both in every environment that tox has made."""
    try:
        context.exit(_all(environments, folder, results))
    except TransferError as error:
        raise Refused(str(error)) from error


def _all(environments: File, folder: File, results: File) -> int:
    there = Environments(environments)
    if not there.suites:
        raise TransferError(f"{environments} has no environment of a suite: run tox first")
    shutil.rmtree(folder, ignore_errors=True)
    codes = []
    # All exports come before all imports; otherwise the order does not matter.
    for what in ("export", "import"):
        places = ["--folder", str(folder), *(["--results", str(results)] * (what == "import"))]
        module = ["paramlaws.runner.transfer", what, *places, "--suite"]
        codes += there.run({name: [*module, suite] for name, suite in there.suites.items()})
    return max(codes)


if __name__ == "__main__":
    transfer(prog_name="paramlaws transfer")
