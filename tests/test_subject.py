"""The network under test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paramlaws.runner.target import Target
from paramlaws.specs import keeping
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.case import Case
from paramlaws.specs.example import Example
from paramlaws.specs.subject import Subject
from paramlaws.suites.reference import Reference


class _Saving(Reference):
    """Keeps what it saves, and what it is given to load into."""

    def __init__(self) -> None:
        self.kept: Any = None
        self.given: list[Any] = []

    def save(self, model: Any, folder: str, way: str) -> None:
        self.kept = self.copied(model, "deepcopy", np.zeros((1, 2)))

    def load(self, model: Any, folder: str, way: str) -> Any:
        self.given.append(model)
        return self.kept


class _SavingWhole(_Saving):
    whole = ("npz",)


@pytest.mark.parametrize("suite", [_Saving(), _SavingWhole()])
def test_only_what_loads_into_a_network_is_given_one(suite: _Saving, tmp_path: Path) -> None:
    """And either way, what was loaded is the network that comes back."""
    conventions = Target.of(Reference(), 1).conventions
    example = Example(Architecture(2, (Dense(3),)), 1, 1)
    net = Subject(suite, example, conventions, case=Case(way="npz"))
    values = net.fill()
    keeping.save(net, str(tmp_path))
    loaded = keeping.loaded(net, str(tmp_path))
    assert (suite.given == [None]) == bool(suite.whole)
    assert loaded.model is suite.kept
    assert all(np.array_equal(loaded.read_all()[key], value) for key, value in values.items())
