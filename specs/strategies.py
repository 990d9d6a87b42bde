"""Hypothesis strategies for examples; all of them shrink towards one layer of width 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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

#: Sizes that widths are drawn from unless a run restricts them.
ALL_SIZES: tuple[int, ...] = tuple(range(1, 13))
ROWS = (1, 2, 3)


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
    """An example: a network, a number of rows, a seed for its values and a pick.

    sizes: the widths to draw from, and those of `ROWS` among them are the numbers of rows.
    tie: a tie case, or None for networks without ties.
    uses: how many times a tied layer is used, least and most.
    groups: at most how many separate groups of ties.
    least, most: how many untied dense layers.
    lazy: whether input widths are left out; None draws it.
    every_bias: whether each layer must have a bias.
    nested: whether there must be a block in a block.
    """
    width = st.sampled_from(sizes)
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
    is_lazy = draw(st.booleans()) if lazy is None else lazy
    return Example(
        Architecture(inputs, tuple(entries), is_lazy),
        draw(st.sampled_from([size for size in sizes if size in ROWS])),
        draw(st.integers(0, 255)),
        draw(st.integers(0, 63)),
    )


def _plain(
    draw: st.DrawFn, entries: list[Entry], width: st.SearchStrategy[int], every_bias: bool
) -> None:
    """Appends one dense layer, perhaps after an activation."""
    if draw(st.integers(0, 5)) == 5:
        entries.append(Activation())
    bias = every_bias or draw(st.sampled_from((True, True, False)))
    entries.append(Dense(draw(width), bias, draw(st.sampled_from((None, "relu")))))


def _tied(
    draw: st.DrawFn,
    entries: list[Entry],
    fan_in: int,
    width: st.SearchStrategy[int],
    label: str,
    tie: str,
    uses: int,
) -> None:
    """Appends `uses` layers that are tied to each other, with what must stand between them."""
    # Both draws always: fewer draws would count as simpler, and keep the shrinker at wide squares.
    drawn, square = draw(width), draw(st.booleans())
    units = fan_in if square else drawn
    activation = draw(st.sampled_from((None, "relu")))
    if tie == SAME_LAYER:
        layer = Dense(units, draw(st.sampled_from((True, False))), activation, shared=label)
    elif tie == BOTH_PARAMETERS:
        layer = Dense(units, True, activation, tied_weight=label, tied_bias=label)
    elif draw(st.booleans()):
        layer = Dense(units, True, activation, tied_bias=label)
    else:
        layer = Dense(units, draw(st.sampled_from((True, False))), activation, tied_weight=label)
    for use in range(uses):
        if use and (units != fan_in or draw(st.booleans())):
            entries.append(Dense(fan_in, draw(st.booleans())))
        entries.append(layer)


def _width(entries: Sequence[Entry], inputs: int) -> int:
    """The width that arrives after `entries`, which hold no blocks yet."""
    return next((e.units for e in reversed(entries) if isinstance(e, Dense)), inputs)


def _nest(draw: st.DrawFn, entries: list[Entry], wraps: int, *, covering: bool) -> None:
    """Puts runs of entries into blocks, `wraps` times; each one may hold earlier ones."""
    for wrap in range(wraps):
        start = draw(st.integers(0, len(entries) - 1))
        stop = draw(st.integers(start + 1, len(entries)))
        if covering and wrap:
            block = next(i for i, entry in enumerate(entries) if isinstance(entry, Block))
            start, stop = min(start, block), max(stop, block + 1)
        entries[start:stop] = [Block(tuple(entries[start:stop]))]


#: Examples that every claim about untied networks meets in every run, whatever is drawn.
PLAIN_EDGES = (
    Example(Architecture(1, (Dense(1),))),
    Example(Architecture(3, (Dense(2, activation="relu"), Dense(1, bias=False)), lazy=True), 2, 1),
    Example(Architecture(2, (Activation(), Block((Dense(3), Block((Dense(1),)))), Dense(3)))),
    Example(Architecture(2, (Dense(3), Block((Block((Dense(2),)), Dense(1)))), lazy=True), 1, 2, 1),
)

#: Layers of one shape beside each other, of which the second or the third is picked.
ALIKE_EDGES = tuple(Example(Architecture(2, (Dense(2),) * 3), 2, 1, pick) for pick in (1, 2))

_TWINS = Block((Block((Dense(2), Dense(2))), Dense(2), Block((Dense(2), Dense(2), Dense(2)))))

#: The same with blocks in blocks, and layers of one shape beside each other.
NESTED_EDGES = (
    *PLAIN_EDGES,
    Example(Architecture(2, (_TWINS, Dense(2))), 2, 1, 1),
    Example(Architecture(2, (_TWINS, Block((_TWINS,))), lazy=True), 2, 2, 4),
)

_S = Dense(2, shared="a")
_W = Dense(2, tied_weight="a", tied_bias="a")
_O = Dense(2, tied_weight="a")
_B = Dense(2, tied_bias="a")

#: For each way of tying: repeated at once, in three uses at one level and across levels, lazy and
#: explicit.
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
