"""Training: steps that are far too long are not asked of float32."""

from __future__ import annotations

import pytest

from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import example
from paramlaws.specs.case import ONLY
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.reference import Reference

#: At a rate of a quarter the loss falls on both: all units of the last layer are dead then, and
#: what comes before them is beyond float32's largest number.
LONG_STEPS = (
    "Example(Architecture(6, (Dense(6, bias=False), Block((Dense(11, activation='relu'), "
    "Dense(11, bias=False, shared='a'), Dense(11, bias=False, shared='a'), Dense(11), "
    "Dense(11, bias=False, shared='a'), Dense(2, activation='relu')))), lazy=True), "
    "rows=2, seed=2, pick=28)",
    "Example(Architecture(11, (Block((Dense(10, bias=False, activation='relu'), "
    "Dense(5, activation='relu'))), Dense(5, bias=False, activation='relu', shared='a'), "
    "Block((Dense(5, bias=False), Dense(5, bias=False, activation='relu', shared='a'), "
    "Dense(5, bias=False), Block((Dense(5, bias=False, activation='relu', shared='a'),)), "
    "Dense(10, activation='relu')))), lazy=True), rows=2, seed=12, pick=19)",
)


@pytest.mark.parametrize("text", LONG_STEPS)
def test_a_step_stays_within_float32(text: str) -> None:
    """And the example says something: several steps are taken on it."""
    target = Target.of(Reference(), 1)
    record = Trial(target, CATALOGUE["train.shared-layer"], ONLY, example.parse(text)).run()
    assert record.verdict == "holds", record.message
    assert record.occurred["several steps"]
