"""`paramlaws faults`: measures which injected faults the claims catch."""

from __future__ import annotations

import importlib
import logging
from pathlib import Path

import click

from paramlaws.faults.fault import registered
from paramlaws.faults.outcome import Outcome, Outcomes, summary
from paramlaws.faults.power import FaultError, outcomes
from paramlaws.runner import options
from paramlaws.runner.environments import Environments
from paramlaws.runner.refused import Refused
from paramlaws.specs.nearest import nearest
from paramlaws.suites import registry, targets
from paramlaws.suites.declared import AdapterError

#: The module of the faults of each suite, by the suite's name.
MODULES = {name: suite.faults for name, suite in targets.table().suites.items() if suite.faults}
FOLDER = Path("reports/power")


@click.command()
@click.argument("everywhere", type=click.Choice(["all"]), required=False, metavar="[all]")
@click.option("--suite", type=click.Choice(list(MODULES)), help="The suite that is installed here.")
@click.option("--name", help="Name of the file; default: the suite's.")
@click.option("--fault", metavar="NAME", help="Only this fault; writes no file.")
@options.folder("--folder", str(FOLDER), "For the files.")
@options.environments
@click.pass_context
def faults(
    context: click.Context,
    everywhere: str | None,
    suite: str | None,
    name: str | None,
    fault: str | None,
    folder: Path,
    environments: Path,
) -> None:
    """Inject faults into a framework, one at a time, and measure which claims catch them.

    With `all`, in every environment that tox has made. The exit status is 0 if every fault is
    caught, 1 if some slip through, and 2 if that cannot be measured.

    \b
    Examples:
      paramlaws faults --suite reference
      paramlaws faults --suite reference --fault wrong-bias
      paramlaws faults all
    """
    try:
        if everywhere:
            status = _all(folder, environments)
        elif suite is None:
            raise FaultError(f"--suite: one of {', '.join(MODULES)} is needed; or say `all`")
        else:
            status = _one(suite, name or suite, fault, folder)
    except (FaultError, registry.Unavailable, AdapterError) as error:
        raise Refused(str(error)) from error
    context.exit(status)


def _one(suite: str, name: str, chosen: str | None, folder: Path) -> int:
    # Frameworks' warnings have nothing to do with what is caught.
    logging.disable(logging.WARNING)
    loaded = registry.load(suite)
    importlib.import_module(MODULES[suite])
    names = [fault.name for fault in registered(suite)]
    if chosen not in (None, *names):
        raise FaultError(f"--fault {chosen}: unknown; {nearest(str(chosen), names)}")
    found: list[Outcome] = []
    for outcome in outcomes(suite, chosen):
        found.append(outcome)
        click.echo(f"{name}: {outcome}")
    # A suite's file is about all of its faults.
    if chosen is None:
        Outcomes.of(loaded, found).write(folder / f"{name}.json")
    click.echo(f"{name}: {summary(found)}")
    return 0 if all(outcome.by for outcome in found) else 1


def _all(folder: Path, environments: Path) -> int:
    there = Environments(environments)
    suites = {name: suite for name, suite in there.suites.items() if suite in MODULES}
    if not suites:
        raise FaultError(f"{environments} has no environment of a suite: run tox first")
    module = ["paramlaws.faults", "--folder", str(folder)]
    runs = {name: [*module, "--suite", suite, "--name", name] for name, suite in suites.items()}
    return max(there.run(runs))
