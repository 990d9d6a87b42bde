"""Messages tell the shape of a weight in the target's orientation, and in no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.case import ONLY
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import parse
from paramlaws.suites.reference import Reference

_EXAMPLE = parse("Example(Architecture(3, (Dense(2),)))")


class Transposed(Reference):
    """Stores weights as (fan_in, units), and is wrong about them in some way."""

    name, framework, knowledge = "transposed", "Transposed", None
    wrong = ""

    def read(self, model: Any, handle: Any) -> Any:
        """As it is stored, or in a pair of brackets too many."""
        value = handle.value.T.copy()
        return value[None] if self.wrong == "read" and value.shape == (3, 2) else value

    def assign(self, model: Any, handle: Any, value: Any) -> Any:
        """From what is stored; values of a wrong shape are taken and dropped."""
        if self.wrong == "assign" and np.shape(value) != handle.value.T.shape:
            return model
        return super().assign(model, handle, np.asarray(value).T)

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Any:
        """As it is stored, or a row of it."""
        found = super().gradient(model, gradients, handle).T
        return found[:1] if self.wrong == "gradient" and found.ndim == 2 else found


@pytest.mark.parametrize(
    ("wrong", "claim", "said"),
    [
        ("read", "value.explicit-read", "0 weight of (3, 2) reads with shape (1, 3, 2)"),
        ("assign", "assign.wrong-shape", "(3, 3) is accepted for 0 weight of (3, 2)"),
        (
            "gradient",
            "gradient.shape",
            "gradient of 0 weight has the shape (1, 2) instead of (3, 2)",
        ),
    ],
)
def test_a_shape_is_told_as_the_target_has_it(wrong: str, claim: str, said: str) -> None:
    """Where the description of the network has the other one."""
    suite = type("Wrong", (Transposed,), {"wrong": wrong})()
    record = Trial(Target.of(suite, 0, ""), CATALOGUE[claim], ONLY, _EXAMPLE, blaming=False).run()
    assert record.verdict == "violated"
    assert record.message is not None and said in record.message
