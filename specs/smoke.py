"""The smoke check, before any claim: it measures a target's conventions and tests its adapter.

If it fails, the adapter is to blame rather than the framework, and the report says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from paramlaws.specs.architecture import WEIGHT, Architecture, Dense
from paramlaws.specs.compare import equal
from paramlaws.specs.conventions import FUSED, IN_OUT, ONCE, OUT_IN, OWN_SLOT, PER_USE, Conventions
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Violation
from paramlaws.specs.subject import Subject
from paramlaws.specs.suite import Suite

_ACTIVATED = Architecture(2, (Dense(3, activation="relu"), Dense(2)))
_REPEATED = Architecture(2, (Dense(2, shared="a"), Dense(2), Dense(2, shared="a")))


class SmokeFailure(Exception):
    """The adapter gets a small fixed network wrong, so nothing else can be judged."""


def check(suite: Suite) -> Conventions:
    """Measures a target's conventions and compares a fixed network with the reference.

    Raises SmokeFailure if a convention is unknown or the outputs differ.
    """
    try:
        return _check(suite)
    except Violation as violation:
        raise SmokeFailure(f"the adapter fails on {_ACTIVATED!r}: {violation}") from violation


def _check(suite: Suite) -> Conventions:
    x = np.ones((1, 2), np.float32)
    model = suite.initialise(suite.build(_ACTIVATED), x)
    length = suite.length(model, ())
    slot = _one_of({2: FUSED, 3: OWN_SLOT}, length, "the length of two layers, one activated")
    shape = np.shape(suite.read(model, suite.parameter(model, (0,), WEIGHT)))
    orientation = _one_of({(3, 2): OUT_IN, (2, 3): IN_OUT}, shape, "the first weight's shape")
    try:
        repeated = suite.initialise(suite.build(_REPEATED), x)
        lengths = {3: PER_USE, 2: ONCE}
        listing = _one_of(lengths, suite.length(repeated, ()), "the length with a layer twice")
    except Violation:
        raise
    except Exception:
        # A layer cannot be added twice: for the claims about ties to report, not for this check.
        listing = PER_USE
    conventions = Conventions(slot, listing, orientation)
    subject = Subject(suite, Example(_ACTIVATED, 2, 1), conventions)
    expected = subject.expected_forward(subject.fill())
    equal(subject.forward(), expected, "the output")
    return conventions


def _one_of(known: Mapping[Any, str], found: object, what: str) -> str:
    if found not in known:
        raise Violation(f"{what} is {found} and should be {' or '.join(map(str, known))}")
    return known[found]
