"""How examples are distributed over the space of networks, for the report's coverage tables."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from paramlaws.specs.architecture import Architecture
from paramlaws.specs.example import Example
from paramlaws.specs.features import features

#: A (row, column) in each grid.
Place: TypeAlias = "tuple[tuple[int, int], ...]"


@dataclass(frozen=True)
class Axis:
    """A property of examples, with labels for its values or ranges of values."""

    name: str
    labels: tuple[str, ...]


LAYERS = Axis("dense layers", ("1", "2", "3 to 4", "5 to 9", "10 or more"))
WIDTH = Axis("largest width", ("1", "2", "3 to 4", "5 to 8", "9 or more"))
NESTING = Axis("blocks around a layer", ("0", "1", "2", "3 or more"))
BIAS = Axis("layers with a bias", ("none", "some", "all"))
TIE = Axis("what is tied", ("nothing", "whole layers", "both parameters", "weights", "biases"))
USES = Axis("uses of a parameter", ("1", "2", "3", "4 or more"))
BATCH = Axis("rows of the batch", ("1", "2", "3"))
INPUTS = Axis("input widths", ("written out", "left out"))
#: Pairs of axes, (rows, columns).
GRIDS = ((LAYERS, WIDTH), (NESTING, BIAS), (TIE, USES), (BATCH, INPUTS))


@lru_cache(4096)
def _place(net: Architecture, rows: int) -> Place:
    uses = net.uses
    biases = [use.dense.bias for use in uses]
    return (
        (
            bisect_right((2, 3, 5, 10), len(uses)),
            bisect_right((2, 3, 5, 9), max((net.inputs, *(use.dense.units for use in uses)))),
        ),
        (
            min(max((len(use.path) - 1 for use in uses), default=0), 3),
            0 if not any(biases) else 2 if all(biases) else 1,
        ),
        (
            _tie(features(net)),
            min(max((len(net.places(key)) for key in net.tied), default=1), 4) - 1,
        ),
        (min(rows, 3) - 1, int(net.lazy)),
    )


def _tie(features: frozenset[str]) -> int:
    if "shared layer" in features:
        return 1
    if "tied weight" in features:
        return 2 if "tied bias" in features and "partly tied" not in features else 3
    return 4 if "tied bias" in features else 0


class Explored:
    """Counts of a claim's examples by their place in the space of networks."""

    def __init__(self) -> None:
        self._found: Counter[Place] = Counter()

    def add(self, example: Example) -> None:
        """Counts an example."""
        self._found[_place(example.architecture, example.rows)] += 1

    def tables(self) -> list[str]:
        """A table of counts for each pair of axes in `GRIDS`; empty if there were no examples.

        Tables are compact texts, since a file may hold thousands: rows, separated by ";", are the
        values of the first axis, and columns, separated by spaces, those of the second.
        """
        if not self._found:
            return []
        return [_table(number, axes, self._found.items()) for number, axes in enumerate(GRIDS)]


def axes() -> list[list[dict[str, Any]]]:
    """`GRIDS` as plain data: the name and labels of each axis."""
    return [[{"name": axis.name, "labels": list(axis.labels)} for axis in g] for g in GRIDS]


def _table(number: int, axes: Sequence[Axis], found: Iterable[tuple[Place, int]]) -> str:
    down, across = axes
    table = [[0] * len(across.labels) for _ in down.labels]
    for place, times in found:
        row, column = place[number]
        table[row][column] += times
    return ";".join(" ".join(map(str, line)) for line in table)
