"""`python -m paramlaws.faults --suite NAME` measures what the claims catch in a framework."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from paramlaws.faults.fault import registered
from paramlaws.faults.power import FaultError, Outcome, outcomes
from paramlaws.suites import registry

SUITES = ("pytorch", "tensorflow", "jax", "mxnet")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if every fault is caught, 1 if some slip through, 2 if that cannot be said."""
    options = _parser().parse_args(arguments)
    # What frameworks say meanwhile is not about what is caught.
    logging.disable(logging.WARNING)
    try:
        registry.load(options.suite)
    except registry.Unavailable as error:
        print(f"paramlaws.faults: {error}", file=sys.stderr)
        return 2
    importlib.import_module(f"paramlaws.faults.{options.suite}")
    names = [fault.name for fault in registered(options.suite)]
    if options.fault not in (None, *names):
        print(f"--fault {options.fault}: unknown; known are {', '.join(names)}", file=sys.stderr)
        return 2
    found: list[Outcome] = []
    try:
        for outcome in outcomes(options.suite, options.fault):
            found.append(outcome)
            print(_line(outcome), flush=True)
    except FaultError as error:
        print(f"paramlaws.faults: {error}", file=sys.stderr)
        return 2
    finally:
        if options.output and found:
            options.output.parent.mkdir(parents=True, exist_ok=True)
            records = [outcome.record() for outcome in found]
            options.output.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    print(_sum(found))
    return 0 if all(outcome.by for outcome in found) else 1


def _line(outcome: Outcome) -> str:
    claims = ", ".join(outcome.claims) or "none"
    if not outcome.by:
        return f"{outcome.fault}: SLIPPED THROUGH {', '.join(outcome.about)}; red: {claims}"
    after = f"caught by {', '.join(outcome.by)} at example {outcome.examples}"
    return f"{outcome.fault}: {after}; red: {claims}; blocked: {outcome.blocked}"


def _sum(found: Sequence[Outcome]) -> str:
    caught = [outcome for outcome in found if outcome.by]
    needed = [outcome.examples for outcome in caught if outcome.examples is not None]
    findings = [len(outcome.claims) for outcome in found]
    return (
        f"{len(caught)} of {len(found)} faults caught; "
        f"median examples {statistics.median(needed) if needed else '-'}, "
        f"median findings per fault {statistics.median(findings) if findings else '-'}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m paramlaws.faults", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--fault", metavar="NAME", help="only this one")
    parser.add_argument("--output", type=Path, metavar="FILE", help="also write them as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
