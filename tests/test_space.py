"""Where examples lie, and which verbs a claim uses."""

from __future__ import annotations

import pytest

from paramlaws.runner.noting import VERBS, sources
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.architecture import Architecture, Block, Dense
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.specs.space import GRIDS, Explored, axes
from paramlaws.specs.strategies import ALIKE_EDGES, NESTED_EDGES, TIE_EDGES, deep
from paramlaws.suites.reference import Reference


def _where(example: Example) -> list[tuple[str, str]]:
    """The labels of the one place in each table."""
    explored = Explored()
    explored.add(example)
    found = []
    for table, (down, across) in zip(explored.tables(), axes(), strict=True):
        lines = [line.split() for line in table.split(";")]
        ((row, column),) = [
            (r, c) for r, line in enumerate(lines) for c, n in enumerate(line) if n != "0"
        ]
        found.append((down["labels"][row], across["labels"][column]))
    return found


_SHARED = Dense(2, shared="a")
_TIED = Dense(2, False, tied_weight="a")


@pytest.mark.parametrize(
    ("example", "places"),
    [
        (
            Example(Architecture(1, (Dense(1),))),
            [("1", "1"), ("0", "all"), ("nothing", "1"), ("1", "written out")],
        ),
        (
            Example(Architecture(12, (Block((Dense(2), Block((Dense(7, False),)))),), True), 3),
            [("2", "9 or more"), ("2", "some"), ("nothing", "1"), ("3", "left out")],
        ),
        (
            Example(Architecture(2, (_TIED,) * 6)),
            [("5 to 9", "2"), ("0", "none"), ("weights", "4 or more"), ("1", "written out")],
        ),
        (
            Example(
                Architecture(2, (Dense(2, shared="a"), Dense(3), Dense(2), Dense(2, shared="a")))
            ),
            [("3 to 4", "3 to 4"), ("0", "all"), ("whole layers", "2"), ("1", "written out")],
        ),
        (
            Example(Architecture(2, (Dense(2, tied_weight="a", tied_bias="a"),) * 3)),
            [("3 to 4", "2"), ("0", "all"), ("both parameters", "3"), ("1", "written out")],
        ),
        (
            Example(Architecture(2, (Dense(2, tied_bias="a"),) * 2)),
            [("2", "2"), ("0", "all"), ("biases", "2"), ("1", "written out")],
        ),
        (
            deep(200),
            [("10 or more", "1"), ("1", "all"), ("nothing", "1"), ("1", "written out")],
        ),
    ],
    ids=str,
)
def test_an_example_lies_in_one_place(example: Example, places: list[tuple[str, str]]) -> None:
    """In each table, by its two axes."""
    assert _where(example) == places


def test_tables_count_every_example() -> None:
    """All of them hold as many as there were; without examples there are none."""
    explored = Explored()
    assert explored.tables() == []
    examples = [*NESTED_EDGES, *ALIKE_EDGES, *(e for edges in TIE_EDGES.values() for e in edges)]
    for example in examples:
        explored.add(example)
    tables = explored.tables()
    assert len(tables) == len(GRIDS)
    for table in tables:
        assert sum(int(n) for line in table.split(";") for n in line.split()) == len(examples)


def test_the_verbs_of_a_claim_are_noted() -> None:
    """With the lines of the adapter for each."""
    target = Target.of(Reference(), 1)
    record = Trial(target, CATALOGUE["gradient.second-backward"]).run()
    assert {"build", "assign", "backward", "gradient"} <= set(record.verbs) <= VERBS
    lines = sources(target.suite)
    assert set(record.verbs) <= set(lines)
    assert lines["backward"].startswith("def backward(self")
