"""What claims draw, in the form in which they state it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from paramlaws.specs import strategies
from paramlaws.specs.architecture import SAME_LAYER, TIE_CASES
from paramlaws.specs.claim import Drawing, parts_of
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
    """Networks in which a layer is used more than once, by one way of tying."""
    return {
        "draw": lambda sizes, case: strategies.examples(sizes, tie=tie, **options),
        "edges": {None: tuple(e for e in strategies.TIE_EDGES[tie] if _fits(e, options))},
    }


def each_way(verb: str, **options: Any) -> dict[str, Any]:
    """Networks with ties, for each way of `verb` and each way of tying as a case."""
    drawing = each_tie(**options)
    return {**drawing, "cases": (None,), "ways": verb, "kinds": TIE_CASES}


def each_tie(**options: Any) -> dict[str, Any]:
    """The same for each way of tying, as a case of its own."""

    def draw(sizes: Sequence[int], case: str | None) -> Any:
        tie = next(part for part in parts_of(case) if part in TIE_CASES)
        return strategies.examples(sizes, tie=tie, **options)

    drawing: Drawing = draw
    edges: Mapping[str, Sequence[Example]] = {
        case: tuple(e for e in strategies.TIE_EDGES[case] if _fits(e, options))
        for case in TIE_CASES
    }
    return {"draw": drawing, "edges": edges, "cases": TIE_CASES}


def some_travel(drawing: dict[str, Any]) -> dict[str, Any]:
    """The same, where only some of the edges are tried in another process (`Subject.travels`)."""
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
