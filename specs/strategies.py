"""Hypothesis strategies for examples; all of them shrink towards one layer of width 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

from paramlaws.specs.architecture import (
    BOTH_PARAMETERS,
    ONE_PARAMETER,
    SAME_LAYER,
    Activation,
    Architecture,
    Block,
    Dense,
    Entry,
)
from paramlaws.specs.example import Example

Draw = Callable[[st.SearchStrategy], object]

#: The widths to draw from, unless a run restricts them.
ALL_SIZES: tuple[int, ...] = tuple(range(1, 13))
ROWS = (1, 2, 3)
#: How many different seeds and picks are drawn.
_SEEDS, _PICKS = 256, 64

# A draw can take as long as running a network, so properties that belong together are one draw.
#: Whether an activation precedes a layer, whether it has a bias, and its own activation.
_KINDS = tuple(
    product((False, False, False, False, False, True), (True, True, False), (None, "relu"))
)
_KINDS_WITH_BIAS = tuple(kind for kind in _KINDS if kind[1])
#: A tied layer's activation, whether it has a bias, and whether only its bias is tied.
_TIED_KINDS = tuple(product((None, "relu"), (True, False), (False, True)))


@cache
def _among(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """`sampled_from`, cached, so that the same values are validated only once."""
    return st.sampled_from(values)


@st.composite
def examples(
    draw: st.DrawFn,
    sizes: Sequence[int] = ALL_SIZES,
    *,
    tie: str | None = None,
    uses: tuple[int, int] = (2, 3),
    groups: int = 1,
    least: int = 1,
    most: int = 5,
    lazy: bool | None = None,
    every_bias: bool = False,
    nested: bool = False,
) -> Example:
    """Draws an example: a network, a number of rows, a seed for its values and a pick.

    sizes: the widths to draw from; those of them that are in `ROWS` are also the numbers of rows.
    tie: a tie case, or None for networks without ties.
    uses: the least and the greatest number of uses of a tied layer.
    groups: the greatest number of separate groups of ties.
    least, most: the least and the greatest number of untied dense layers.
    lazy: whether input widths are left out; None draws it.
    every_bias: whether each layer must have a bias.
    nested: whether there must be a block in a block.
    """
    width = _among(tuple(sizes))
    inputs = draw(width)
    entries: list[Entry] = []
    for _ in range(draw(st.integers(least, most)) if tie is None else draw(st.integers(0, 2))):
        _plain(draw, entries, width, every_bias)
    if tie is not None:
        for group in range(draw(st.integers(1, groups)) if groups > 1 else 1):
            fan_in = _width(entries, inputs)
            _tied(draw, entries, fan_in, width, "ab"[group], tie, draw(st.integers(*uses)))
        if draw(st.booleans()):
            _plain(draw, entries, width, every_bias)
    _nest(draw, entries, 2 if nested else draw(st.integers(0, 3)), covering=nested)
    laziness = (False, True) if lazy is None else (lazy,)
    rows = tuple(size for size in sizes if size in ROWS)
    is_lazy, row_count = draw(_among(tuple(product(laziness, rows))))
    seed, pick = divmod(draw(st.integers(0, _SEEDS * _PICKS - 1)), _PICKS)
    return Example(Architecture(inputs, tuple(entries), is_lazy), row_count, seed, pick)


def _plain(
    draw: st.DrawFn, entries: list[Entry], width: st.SearchStrategy[int], every_bias: bool
) -> None:
    """Appends one dense layer, perhaps after an activation."""
    kinds = _KINDS_WITH_BIAS if every_bias else _KINDS
    behind_activation, bias, activation = draw(_among(kinds))
    if behind_activation:
        entries.append(Activation())
    entries.append(Dense(draw(width), bias, activation))


def _tied(
    draw: st.DrawFn,
    entries: list[Entry],
    fan_in: int,
    width: st.SearchStrategy[int],
    label: str,
    tie: str,
    uses: int,
) -> None:
    """Appends `uses` layers that are tied to each other, with what must come between them."""
    # Both are always drawn: fewer draws would count as simpler, and stop the shrinker at wide
    # square layers.
    drawn, square = draw(width), draw(st.booleans())
    units = fan_in if square else drawn
    activation, bias, by_bias = draw(_among(_TIED_KINDS))
    if tie == SAME_LAYER:
        layer = Dense(units, bias, activation, shared=label)
    elif tie == BOTH_PARAMETERS:
        layer = Dense(units, True, activation, tied_weight=label, tied_bias=label)
    elif by_bias:
        layer = Dense(units, True, activation, tied_bias=label)
    else:
        layer = Dense(units, bias, activation, tied_weight=label)
    between = _among((None, False, True) if units == fan_in else (False, True))
    for use in range(uses):
        bias_between = draw(between) if use else None
        if bias_between is not None:
            entries.append(Dense(fan_in, bias_between))
        entries.append(layer)


def _width(entries: Sequence[Entry], inputs: int) -> int:
    """The width of the output of `entries`, which hold no blocks yet."""
    return next((e.units for e in reversed(entries) if isinstance(e, Dense)), inputs)


def _nest(draw: st.DrawFn, entries: list[Entry], wraps: int, *, covering: bool) -> None:
    """Puts runs of entries into blocks, `wraps` times; a block may hold earlier blocks."""
    for wrap in range(wraps):
        start = draw(st.integers(0, len(entries) - 1))
        stop = draw(st.integers(start + 1, len(entries)))
        if covering and wrap:
            block = next(i for i, entry in enumerate(entries) if isinstance(entry, Block))
            start, stop = min(start, block), max(stop, block + 1)
        entries[start:stop] = [Block(tuple(entries[start:stop]))]


#: Examples that every claim about untied networks tries in every run, whatever is drawn.
PLAIN_EDGES = (
    Example(Architecture(1, (Dense(1),))),
    Example(Architecture(3, (Dense(2, activation="relu"), Dense(1, bias=False)), lazy=True), 2, 1),
    Example(Architecture(2, (Activation(), Block((Dense(3), Block((Dense(1),)))), Dense(3)))),
    Example(Architecture(2, (Dense(3), Block((Block((Dense(2),)), Dense(1)))), lazy=True), 1, 2, 1),
)

#: Consecutive layers of one shape, of which the second or the third is picked.
ALIKE_EDGES = tuple(Example(Architecture(2, (Dense(2),) * 3), 2, 1, pick) for pick in (1, 2))

_TWINS = Block((Block((Dense(2), Dense(2))), Dense(2), Block((Dense(2), Dense(2), Dense(2)))))

#: PLAIN_EDGES, with blocks in blocks and consecutive layers of one shape.
NESTED_EDGES = (
    *PLAIN_EDGES,
    Example(Architecture(2, (_TWINS, Dense(2))), 2, 1, 1),
    Example(Architecture(2, (_TWINS, Block((_TWINS,))), lazy=True), 2, 2, 4),
)

_S = Dense(2, shared="a")
_W = Dense(2, tied_weight="a", tied_bias="a")
_O = Dense(2, tied_weight="a")
_B = Dense(2, tied_bias="a")

#: By way of tying: a layer repeated at once, and three uses at one level and across levels, with
#: input widths left out and written out.
TIE_EDGES: dict[str, tuple[Example, ...]] = {
    case: (
        Example(Architecture(2, (first, second)), 2, 0),
        Example(Architecture(2, (first, Dense(2), second), lazy=True), 2, 1),
        Example(Architecture(2, (Block((first,)), Block((Dense(2), second))), lazy=True), 1, 2),
        Example(Architecture(2, (first, Block((second, Block((Dense(2), first)))))), 2, 3),
        Example(Architecture(2, (first, other, Block((first, other)), second)), 1, 5),
        Example(Architecture(2, (first, second, Dense(2, activation="relu"), first)), 2, 7),
    )
    for case, first, second, other in (
        (SAME_LAYER, _S, _S, Dense(2, False, shared="b")),
        (BOTH_PARAMETERS, _W, _W, Dense(2, tied_weight="b", tied_bias="b")),
        (ONE_PARAMETER, _O, _O, Dense(2, tied_bias="b")),
    )
}
TIE_EDGES[ONE_PARAMETER] += (Example(Architecture(2, (_B, Block((_B,)))), 2, 4),)


def deep(layers: int) -> Example:
    """A network of `layers` dense layers of one unit, every tenth inside a block."""
    entries = [Block((Dense(1),)) if i % 10 == 9 else Dense(1) for i in range(layers)]
    return Example(Architecture(1, tuple(entries)))
