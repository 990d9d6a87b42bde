"""A naive test suite for comparison: `python -m benchmarks.naive SUITE EXAMPLES OUT`.

In it, Hypothesis draws any widths. Both run the claims' own checks, so that they differ only in how
examples are drawn. OUT becomes a JSON object of the seconds per example, "naive" and "ours".
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import hypothesis

from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import strategies
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Inapplicable
from paramlaws.specs.subject import Subject
from paramlaws.suites import registry

CLAIMS = ("construct.forward-value", "access.two-parameters", "listing.count", "gradient.value")
WIDTHS = range(1, 65)


def main(name: str, examples: str, out: str) -> None:
    """Measures both in one process, ours first, so that it finds nothing compiled yet."""
    warnings.simplefilter("ignore")
    hypothesis.settings.register_profile(
        "naive", max_examples=int(examples), database=None, deadline=None
    )
    hypothesis.settings.load_profile("naive")
    target = Target.of(registry.load(name), 1)
    # What a framework does once in a process belongs to neither.
    for claim in CLAIMS:
        Trial(target, CATALOGUE[claim]).examine(Example(Architecture(1, (Dense(1),))))
    ours = _ours(target)
    spent = {"naive": _naive(target), "ours": ours}
    Path(out).write_text(json.dumps(spent), encoding="utf-8")


def _naive(target: Target) -> float:
    counted: list[Example] = []
    start = time.perf_counter()
    for claim in CLAIMS:
        _naive_test(target, claim, counted)()
    return (time.perf_counter() - start) / len(counted)


def _naive_test(target: Target, claim: str, counted: list[Example]) -> Callable[[], None]:
    @hypothesis.seed(1)
    @hypothesis.given(strategies.examples(WIDTHS))
    def holds(example: Example) -> None:
        subject = Subject(target.suite, example, target.conventions)
        try:
            CATALOGUE[claim].check(subject)
        except Inapplicable:
            hypothesis.reject()
        counted.append(example)

    return holds


def _ours(target: Target) -> float:
    start = time.perf_counter()
    records = [Trial(target, CATALOGUE[claim]).run() for claim in CLAIMS]
    return (time.perf_counter() - start) / sum(record.examples for record in records)


if __name__ == "__main__":
    main(*sys.argv[1:])
