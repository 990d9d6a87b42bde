"""What claims draw, in the form in which they state it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from paramlaws.specs import strategies
from paramlaws.specs.architecture import SAME_LAYER, TIE_CASES
from paramlaws.specs.case import Case
from paramlaws.specs.claim import Drawing
from paramlaws.specs.example import Example

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
    """Networks in which a layer is used more than once, by one way of tying, and some without."""
    edges = (strategies.PLAIN_EDGES[1], *strategies.TIE_EDGES[tie])

    def draw(sizes: Sequence[int], case: Case) -> SearchStrategy[Example]:
        tied = strategies.examples(sizes, tie=tie, **options)
        return st.one_of(strategies.examples(sizes, **options), tied, tied)

    return {"draw": draw, "edges": {None: tuple(e for e in edges if _fits(e, options))}}


def each_way(verb: str, **options: Any) -> dict[str, Any]:
    """Networks with ties, for each way of `verb` and each way of tying as a case."""
    drawing = each_tie(**options)
    return {**drawing, "ways": verb}


def each_tie(**options: Any) -> dict[str, Any]:
    """The same for each way of tying, as a case of its own."""

    def draw(sizes: Sequence[int], case: Case) -> SearchStrategy[Example]:
        return strategies.examples(sizes, tie=case.tie, **options)

    drawing: Drawing = draw
    edges: Mapping[str, Sequence[Example]] = {
        case: tuple(e for e in strategies.TIE_EDGES[case] if _fits(e, options))
        for case in TIE_CASES
    }
    return {"draw": drawing, "edges": edges, "ties": TIE_CASES}


def some_in_subprocess(drawing: dict[str, Any]) -> dict[str, Any]:
    """The same, where only some of the edges are `Subject.also_in_subprocess`."""
    edges = {
        case: tuple(replace(edge, pick=number) for number, edge in enumerate(own, start=2))
        for case, own in drawing["edges"].items()
    }
    return {**drawing, "edges": edges}


def _fits(example: Example, options: dict[str, Any]) -> bool:
    features = example.architecture.features
    return (
        options.get("lazy") in (None, example.architecture.lazy)
        and (not options.get("every_bias") or "every bias" in features)
        and (not options.get("nested") or "nested twice" in features)
        and options.get("least", 1) <= len(example.architecture.uses)
    )
