"""What a claim's page says of the cases of one cell: everything, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from paramlaws.reports import cases
from tests.reports.journals import DEPARTURE, UNSUPPORTED, header, verdict

CLAIM = next(claim for claim in header()["claims"] if claim["id"] == "tie.state-dict")


def _row(case: str, **changes: Any) -> dict[str, Any]:
    return verdict((CLAIM["id"], case), **changes)


def _departing(case: str, **own: Any) -> dict[str, Any]:
    departure = {**DEPARTURE, "where": [], **own}
    changes = {"verdict": "departs", "behaviour": departure["behaviour"], "departures": [departure]}
    return _row(case, **changes)


def test_equal_results_are_together() -> None:
    """With their cases in order and their examples added up."""
    rows = [_row("a"), _row("b", blocked={"tie.x": 2}), _row("c", verdict="errored", message="off")]
    found = cases.grouped({"rows": rows}, CLAIM)
    assert [(one["cases"], one["verdict"]) for one in found] == [
        (["a", "b"], "holds"),
        (["c"], "errored"),
    ]
    assert found[0]["examples"] == 208 and found[0]["drawn"] == 200
    assert found[0]["blocked"] == {"tie.x": 2}
    assert [row["case"] for row in found[0]["rows"]] == ["a", "b"]


@pytest.mark.parametrize(
    "other",
    [
        {"behaviour": "once"},
        {"expected": "once"},
        {"message": "off"},
        {"counterexample": "Example(1)"},
        {"verdict": "unsupported", "unsupported": UNSUPPORTED},
        # One code, and other words for it.
        {
            "behaviour": "per-name",
            "departures": [{**DEPARTURE, "behaviour": "per-name", "words": "under every name"}],
        },
    ],
)
def test_results_that_differ_are_apart(other: dict[str, Any]) -> None:
    """In whatever a reader sees of them."""
    one = {"behaviour": "per-name"} if other.get("behaviour") == "per-name" else {}
    rows = [_row("a", **one), _row("b", **other)]
    assert [found["cases"] for found in cases.grouped({"rows": rows}, CLAIM)] == [["a"], ["b"]]


def test_native_code_is_there_once() -> None:
    """With the cases that it shows, where equal results are shown by different lines."""
    rows = [_row("a", native="x = 1"), _row("b", native="y = 1"), _row("c", native="x = 1")]
    (one,) = cases.grouped({"rows": [*rows, _row("d")]}, CLAIM)
    assert one["native"] == [
        {"code": "x = 1", "cases": ["a", "c"]},
        {"code": "y = 1", "cases": ["b"]},
    ]


def test_a_departure_is_told_once() -> None:
    """With what it looks like in which cases; of what was not judged nothing was observed."""
    rows = [
        _departing("a"),
        _departing("b", where=["width of 1"]),
        _departing("c"),
        _departing("d", reason="Another.", condition="it is deep"),
        {**_departing("e"), "verdict": "unsupported"},
        {**_departing("f"), "verdict": "not-run"},
    ]
    first, second = cases.departures({"rows": rows})
    words = CLAIM["words"].get(DEPARTURE["behaviour"], DEPARTURE["behaviour"])
    assert cases.places(first, CLAIM) == [
        {"words": words, "condition": "", "cases": ["a", "c"]},
        {"words": words, "condition": "width of 1", "cases": ["b"]},
    ]
    assert second["reason"] == "Another."
    assert cases.places(second, CLAIM) == [
        {"words": words, "condition": "it is deep", "cases": ["d"]}
    ]


def test_answers_are_in_words() -> None:
    """Of a departure, else of the claim, else the name; each once, and none where there is none."""
    rows = [
        _departing("a", behaviour="SomeError", words="raises an error"),
        _row("b", behaviour="per-name"),
        _row("c", behaviour="per-name"),
        _row("d", behaviour="odd"),
        _row("e"),
    ]
    told = cases.answers({"rows": rows}, CLAIM)
    assert told == ["raises an error", "under each name", "odd"]


def test_what_was_not_tried_is_told_once() -> None:
    """With the cases of which it is said."""
    rows = [_row("a", untried=["not tested for x"]), _row("b", untried=["not tested for x"])]
    (one,) = cases.untried({"rows": rows})
    assert one["text"] == "not tested for x"
    assert [place["case"] for place in one["places"]] == ["a", "b"]
