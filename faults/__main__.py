"""Measures what the claims catch of the faults that are put into frameworks.

`python -m paramlaws.faults --suite NAME` does so in an environment of that suite, and
`python -m paramlaws.faults all` in every one that tox has made.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from paramlaws.faults.fault import registered
from paramlaws.faults.outcome import Journal, Outcome, summary
from paramlaws.faults.power import FaultError, outcomes
from paramlaws.runner.environments import Environments
from paramlaws.suites import registry, targets

#: Where the faults of each suite are.
MODULES = {name: suite.faults for name, suite in targets.table().suites.items() if suite.faults}
FOLDER = Path("reports/power")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if every fault is caught, 1 if some slip through, 2 if that cannot be said."""
    options = _parser().parse_args(arguments)
    try:
        return _all(options) if options.what == "all" else _one(options)
    except (FaultError, registry.Unavailable) as error:
        print(f"paramlaws.faults: {error}", file=sys.stderr)
        return 2


def _one(options: argparse.Namespace) -> int:
    if options.suite is None:
        raise FaultError(f"--suite: one of {', '.join(MODULES)} is needed; or say `all`")
    # What frameworks say meanwhile is not about what is caught.
    logging.disable(logging.WARNING)
    suite = registry.load(options.suite)
    importlib.import_module(MODULES[options.suite])
    names = [fault.name for fault in registered(options.suite)]
    if options.fault not in (None, *names):
        raise FaultError(f"--fault {options.fault}: unknown; known are {', '.join(names)}")
    found: list[Outcome] = []
    name = options.name or options.suite
    # One fault alone is not what a suite's file is about.
    file = None if options.fault else options.folder / f"{name}.json"
    for outcome in outcomes(options.suite, options.fault):
        found.append(outcome)
        print(f"{name}: {outcome}", flush=True)
    if file is not None:
        Journal.of(suite, found).write(file)
    print(f"{name}: {summary(found)}")
    return 0 if all(outcome.by for outcome in found) else 1


def _all(options: argparse.Namespace) -> int:
    there = Environments(options.environments)
    suites = {name: suite for name, suite in there.suites.items() if suite in MODULES}
    if not suites:
        raise FaultError(f"{options.environments} has no environment of a suite: run tox first")
    module = ["paramlaws.faults", "--folder", str(options.folder)]
    runs = {name: [*module, "--suite", suite, "--name", name] for name, suite in suites.items()}
    return max(there.run(runs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m paramlaws.faults", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all",), help="in every environment of tox")
    parser.add_argument("--suite", choices=MODULES)
    parser.add_argument("--name", help="what the file is called; default: as the suite")
    parser.add_argument("--fault", metavar="NAME", help="only this one, which is not written down")
    parser.add_argument("--folder", type=Path, default=FOLDER, metavar="DIR", help="for the files")
    parser.add_argument("--environments", type=Path, default=Path(".tox"), metavar="DIR")
    return parser


if __name__ == "__main__":
    sys.exit(main())
