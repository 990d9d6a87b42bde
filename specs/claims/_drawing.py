"""The `draw`, `edges` and cases of claims, as keyword arguments of `law` and `convention`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from paramlaws.specs import strategies
from paramlaws.specs.architecture import (
    SAME_LAYER,
    TIE_CASES,
    Architecture,
    Block,
    CustomBlock,
    Dense,
    Entry,
)
from paramlaws.specs.case import Case
from paramlaws.specs.claim import Drawing
from paramlaws.specs.example import Example
from paramlaws.specs.features import features

EDITIONS = "all editions"
LONG_EDITIONS = "Vietnamese and Turkish editions"
READER = "not in the chapter; what its reader would expect"


def plain(edges: Sequence[Example] = strategies.PLAIN_EDGES, **options: Any) -> dict[str, Any]:
    """Networks without ties."""
    return {
        "draw": lambda sizes, case: strategies.examples(sizes, **options),
        "edges": {None: tuple(e for e in edges if _fits(e, options))},
    }


def with_ties(tie: str = SAME_LAYER, **options: Any) -> dict[str, Any]:
    """Networks with one way of tying, and some without ties."""
    edges = (strategies.PLAIN_EDGES[1], *strategies.TIE_EDGES[tie])

    def draw(sizes: Sequence[int], case: Case) -> SearchStrategy[Example]:
        tied = strategies.examples(sizes, tie=tie, **options)
        return st.one_of(strategies.examples(sizes, **options), tied, tied)

    return {"draw": draw, "edges": {None: tuple(e for e in edges if _fits(e, options))}}


def each_way(verb: str, **options: Any) -> dict[str, Any]:
    """Networks with ties; each way of `verb` with each way of tying is a case."""
    drawing = each_tie(**options)
    return {**drawing, "ways": verb}


def each_tie(**options: Any) -> dict[str, Any]:
    """Networks with ties; each way of tying is a case."""

    def draw(sizes: Sequence[int], case: Case) -> SearchStrategy[Example]:
        return strategies.examples(sizes, tie=case.tie, **options)

    drawing: Drawing = draw
    edges: Mapping[str, Sequence[Example]] = {
        case: tuple(e for e in strategies.TIE_EDGES[case] if _fits(e, options))
        for case in TIE_CASES
    }
    return {"draw": drawing, "edges": edges, "ties": TIE_CASES}


def some_in_subprocess(drawing: dict[str, Any]) -> dict[str, Any]:
    """The same networks, with picks such that some of the edges are also tried in a subprocess.

    See `keeping.also_in_subprocess`.
    """
    edges = {
        case: tuple(replace(edge, pick=number) for number, edge in enumerate(own, start=2))
        for case, own in drawing["edges"].items()
    }
    return {**drawing, "edges": edges}


def _fits(example: Example, options: dict[str, Any]) -> bool:
    found = features(example.architecture)
    return (
        options.get("lazy") in (None, example.architecture.lazy)
        and (not options.get("every_bias") or "every bias" in found)
        and (not options.get("nested") or "nested twice" in found)
        and options.get("least", 1) <= len(example.architecture.uses)
    )


@st.composite
def _factories(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    """Copies of a block made by one function, inside another block, perhaps named by numbers."""
    width, inner = draw(st.sampled_from(sizes)), draw(st.sampled_from(sizes))
    layers = (Dense(inner, activation="relu"), Dense(width, draw(st.booleans())))
    named = draw(st.booleans())
    outer = Block(_numbered(layers, draw(st.integers(2, 5)), named))
    return Example(
        Architecture(width, (outer,) * draw(st.integers(1, 3)), draw(st.booleans())),
        seed=draw(st.integers(0, 255)),
    )


def _numbered(layers: tuple[Entry, ...], times: int, named: bool) -> tuple[Block, ...]:
    return tuple(Block(layers, f"block-{i}" if named else None) for i in range(times))


_LAYERS = (Dense(2, activation="relu"), Dense(1))
FACTORIES: dict[str, Any] = {
    "draw": _factories,
    "edges": {
        None: (
            Example(Architecture(1, (Block(_numbered(_LAYERS, 4, False)), Dense(1)))),
            Example(Architecture(1, (Block(_numbered(_LAYERS, 4, True)),) * 2)),
        )
    },
}


@st.composite
def _users_blocks(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    """The exercise's network: user's blocks and other layers, perhaps inside a container."""
    width = st.sampled_from(sizes)
    entries: list[Entry] = [Dense(draw(width))] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 2))):
        inner = [
            Dense(draw(width), draw(st.booleans()), draw(st.sampled_from((None, "relu"))))
            for _ in range(draw(st.integers(1, 2)))
        ]
        entries.append(CustomBlock((Block(tuple(inner)), Dense(draw(width), draw(st.booleans())))))
    if draw(st.booleans()):
        entries = [Block(tuple(entries)), Dense(draw(width))]
    return Example(
        Architecture(draw(width), tuple(entries), draw(st.booleans())),
        draw(st.sampled_from((1, 2, 3))),
        draw(st.integers(0, 255)),
        draw(st.integers(0, 63)),
    )


_NEST_MLP = CustomBlock(
    (Block((Dense(3, activation="relu"), Dense(2, activation="relu"))), Dense(2))
)
USERS_BLOCKS: dict[str, Any] = {
    "draw": _users_blocks,
    "edges": {
        None: (
            Example(Architecture(2, (_NEST_MLP,)), 2, 1),
            Example(Architecture(2, (_NEST_MLP, Dense(3), _NEST_MLP), lazy=True), 2, 2),
        )
    },
}
