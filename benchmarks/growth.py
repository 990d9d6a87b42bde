"""How cost grows: `python -m benchmarks.growth SUITE OUT` measures it in a suite's environment.

OUT becomes a JSON object: for each quantity that is varied, pairs of its value and the seconds.
For depth and width these are the seconds of one example, the median of `REPEATS`; for examples, of
all examples of a few claims; for claims, of that many first claims of the catalogue.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import hypothesis

from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.suites import registry

CLAIMS = ("construct.forward-value", "access.two-parameters", "listing.count", "gradient.value")
REPEATS = 7
DEPTHS, WIDTHS = (1, 2, 4, 8, 16, 32, 64), (1, 2, 4, 8, 16, 32, 64, 128, 256)
EXAMPLES, FEW = (10, 20, 50, 100, 200, 400), 15

Pairs = list[tuple[float, float]]


def main(name: str, out: str) -> None:
    """Measures, and writes the result to `out`."""
    warnings.simplefilter("ignore")
    suite = registry.load(name)
    target = Target.of(suite, 1)
    _ = target.conventions
    _each(target, Example(Architecture(4, (Dense(4),))))
    found = {
        "depth": _varied(target, DEPTHS, lambda n: Architecture(4, (Dense(4),) * n)),
        "width": _varied(target, WIDTHS, lambda n: Architecture(n, (Dense(n), Dense(n)))),
        "examples": [(n, _run(suite.__class__().name, n, CLAIMS)) for n in EXAMPLES],
        "claims": _claims(name),
    }
    Path(out).write_text(json.dumps(found), encoding="utf-8")


def _varied(
    target: Target, amounts: Sequence[int], network: Callable[[int], Architecture]
) -> Pairs:
    return [
        (n, statistics.median(_each(target, Example(network(n), 2, s)) for s in range(REPEATS)))
        for n in amounts
    ]


def _each(target: Target, example: Example) -> float:
    """Seconds per example, averaged over a few claims, on new networks."""
    start = time.perf_counter()
    for claim in CLAIMS:
        Trial(target, CATALOGUE[claim]).examine(example)
    return (time.perf_counter() - start) / len(CLAIMS)


def _run(name: str, examples: int, claims: Sequence[str]) -> float:
    """Seconds of this many examples of some claims, on a new target."""
    hypothesis.settings.register_profile(
        "growth", max_examples=examples, database=None, deadline=None
    )
    hypothesis.settings.load_profile("growth")
    target = Target.of(registry.load(name), 1)
    _ = target.conventions
    start = time.perf_counter()
    for claim in claims:
        for case in CATALOGUE[claim].cases_on(target.suite):
            Trial(target, CATALOGUE[claim], case).run()
    return time.perf_counter() - start


def _claims(name: str) -> Pairs:
    ids = [claim.id for claim in CATALOGUE]
    return [(n, _run(name, FEW, ids[:n])) for n in (10, 20, 30, 40, 50, 60, len(ids))]


if __name__ == "__main__":
    main(*sys.argv[1:])
