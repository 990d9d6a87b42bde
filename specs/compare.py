"""Comparisons of a target's arrays with the expected ones, shapes first."""

from __future__ import annotations

from typing import Any

import numpy as np

from paramlaws.specs.outcome import Violation
from paramlaws.specs.reference import Array


def same_bits(found: Array, expected: Array, what: str) -> None:
    """Raises Violation unless both arrays are equal, signs of zeros included."""
    equal(found, expected, what)
    if not np.array_equal(np.signbit(found), np.signbit(expected)):
        raise Violation(f"{what}: the signs of zeros differ", "signs-of-zeros")


def near(found: Array | None, expected: Array, bound: Array, what: str) -> None:
    """Raises Violation unless the shapes are equal and every element is within its bound."""
    if found is None:
        raise Violation(f"{what}: there is none")
    if found.shape != expected.shape:
        raise Violation(f"{what}: shape {found.shape} instead of {expected.shape}")
    excess = np.abs(found - expected) - bound
    # Written so that NaN fails.
    if not (excess <= 0).all():
        worst = float(excess.max())
        raise Violation(f"{what} is {worst:.2g} further from {expected.tolist()} than it may be")


def equal(found: Any, expected: Array, what: str, behaviour: str = "violated") -> None:
    """Raises Violation unless the shapes and all elements are equal, without any tolerance.

    behaviour: the manner of the violation.
    """
    found = np.asarray(found)
    if found.shape != expected.shape:
        raise Violation(f"{what}: shape {found.shape} instead of {expected.shape}", behaviour)
    if not np.array_equal(found, expected):
        raise Violation(f"{what}: {found.tolist()} instead of {expected.tolist()}", behaviour)
