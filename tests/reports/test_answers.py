"""How targets differ: sentences that are true, with their cases and their conditions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from paramlaws.reports import labels
from paramlaws.reports.answers import differences
from paramlaws.reports.cli import main
from tests.reports.journals import DEPARTURE, UNSUPPORTED, Key, run, write

#: A convention, a law, and a law with two cases.
KEY, LAW = ("tie.state-dict", None), ("gradient.value", None)
TIE = "tie.same-parameter"
ERROR = {"behaviour": "KeyError", "words": "raises an error"}


def _departing(behaviour: str, *own: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    departures = [{**DEPARTURE, **one} for one in own]
    row = {"verdict": "departs", "behaviour": behaviour, "departures": departures}
    return {**row, **changes}


def _report(folder: Path, *lines: dict[str, Any]) -> dict[str, Any]:
    file = write(folder / "results.jsonl", lines)
    assert main([str(file), "--output", str(folder)]) == 0
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def _said(folder: Path, **rows: dict[Key, dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
    """What is said of the one claim on which the suites of these names differ."""
    lines = [line for suite, verdicts in rows.items() for line in run(suite, verdicts)]
    (found,) = differences(_report(folder, *lines))
    return [(answer.verdict, answer.text, list(answer.names)) for answer in found.answers]


@pytest.mark.parametrize(
    ("behaviour", "own", "said"),
    [
        # Words of a claim, of a departure, of both, and of neither, as in an older file.
        ("per-name", {}, "under each name"),
        ("KeyError", ERROR, "raises an error"),
        ("per-name", {"words": "under every name"}, "under every name"),
        ("per-name", {"words": None}, "under each name"),
        ("KeyError", {"behaviour": "KeyError"}, "KeyError"),
        # What is not among the departures has no condition.
        ("odd", None, "odd"),
    ],
)
def test_a_departure_is_told_in_its_own_words(
    tmp_path: Path, behaviour: str, own: dict[str, Any] | None, said: str
) -> None:
    """Where it has some; a convention has words for its own behaviours."""
    declared = [] if own is None else [{**own, "where": []}]
    row = _departing(behaviour, *declared, expected="once")
    assert _said(tmp_path, beta={KEY: row}) == [("departs", said, ["Beta"])]
    assert said in (tmp_path / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "declared", "said"),
    [
        # The rule of a law and the behaviour that is expected of a convention are what is left.
        (LAW, [{}], "raises an error, if lazy; otherwise: holds"),
        (KEY, [{}], "raises an error, if lazy; otherwise: once"),
        (LAW, [{"condition": "its layers are lazy"}], "raises an error, if its layers are lazy"),
        (LAW, [{"where": ["lazy", "tied"]}], "raises an error, if lazy and tied; otherwise: holds"),
        (LAW, [{}, {"where": ["tied"]}], "raises an error, if lazy, or if tied; otherwise: holds"),
        # Of several the first one counts whose condition is met.
        (
            LAW,
            [{}, {"behaviour": "zeros", "words": "is zero", "where": ["tied"]}],
            "raises an error, if lazy; else is zero, if tied; otherwise: holds",
        ),
        (
            LAW,
            [{}, {"behaviour": "zeros", "words": "is zero", "where": []}],
            "raises an error, if lazy; else is zero",
        ),
    ],
)
def test_a_condition_is_told_and_what_happens_otherwise(
    tmp_path: Path, key: Key, declared: list[dict[str, Any]], said: str
) -> None:
    """A sentence without it would be false."""
    row = _departing("KeyError", *({**ERROR, **one} for one in declared), expected="once")
    ((verdict, text, _),) = _said(tmp_path, beta={key: row})
    assert verdict == "departs"
    assert text.startswith(said)


def test_targets_that_differ_in_the_same_way_share_a_line(tmp_path: Path) -> None:
    """By what is said of them, so that nothing is said twice."""
    other = {**ERROR, "behaviour": "TypeError"}
    assert _said(
        tmp_path,
        alpha={KEY: _departing("KeyError", {**ERROR, "where": []})},
        beta={KEY: _departing("TypeError", {**other, "where": []})},
        gamma={KEY: {"behaviour": "once", "expected": "once"}},
    ) == [("departs", "raises an error", ["Alpha", "Beta"]), ("holds", "once", ["Gamma"])]


def test_equal_behaviours_are_one_line_whatever_is_expected(tmp_path: Path) -> None:
    """The targets on which it is a departure are marked."""
    assert _said(
        tmp_path,
        alpha={KEY: _departing("per-name", {"where": []}, expected="once")},
        beta={KEY: {"behaviour": "per-name", "expected": "per-name"}},
        gamma={KEY: {"behaviour": "once", "expected": "once"}},
    ) == [("holds", "under each name", ["Alpha ◆", "Beta"]), ("holds", "once", ["Gamma"])]


def test_a_case_is_named_where_not_all_have_the_answer(tmp_path: Path) -> None:
    """Those that a target does not support are none of them."""
    always = _departing("KeyError", {**ERROR, "where": []})
    unsupported = {"verdict": "unsupported", "unsupported": UNSUPPORTED}
    assert _said(
        tmp_path,
        alpha={(TIE, "same-layer"): always},
        beta={(TIE, "same-layer"): always, (TIE, "one-parameter"): unsupported},
        gamma={},
    ) == [
        ("departs", "[same-layer] raises an error", ["Alpha"]),
        ("departs", "raises an error", ["Beta"]),
        ("holds", "[one-parameter] holds", ["Alpha"]),
        ("holds", "holds", ["Gamma"]),
    ]


def test_a_violation_is_told_as_one(tmp_path: Path) -> None:
    """First of all, and by what happened."""
    row = {"verdict": "violated", "message": "0 instead of 1\n  in f"}
    departing = _departing("KeyError", {**ERROR, "where": []})
    assert _said(tmp_path, alpha={}, beta={LAW: departing}, gamma={LAW: row}) == [
        ("violated", "violated: 0 instead of 1", ["Gamma"]),
        ("departs", "raises an error", ["Beta"]),
        ("holds", "holds", ["Alpha"]),
    ]


def test_the_rule_of_a_law_is_told_where_it_has_words(tmp_path: Path) -> None:
    """A clause that follows the topic."""
    lines = [*run("alpha"), *run("beta", {LAW: _departing("KeyError", {**ERROR, "where": []})})]
    for line in lines:
        for claim in line.get("claims", ()):
            claim["words"] = {"holds": "is the sum"}
    (found,) = differences(_report(tmp_path, *lines))
    assert [answer.text for answer in found.answers] == ["raises an error", "is the sum"]


def test_the_reference_counts_where_it_is_alone(tmp_path: Path) -> None:
    """It is no framework that anybody would compare with."""
    departing = {KEY: _departing("per-name", {"where": []}, expected="once")}
    assert _said(tmp_path, reference=departing) == [("departs", "under each name", ["Reference"])]
    lines = [*run("reference", departing), *run("alpha")]
    assert differences(_report(tmp_path, *lines)) == []


FILES = ("a, extra", "a, missing", "b, extra", "b, missing")


@pytest.mark.parametrize(
    ("chosen", "supported", "said"),
    [
        (FILES, FILES, ""),
        (FILES[:2], FILES, "a"),
        (FILES[::2], FILES, "extra"),
        (FILES[:3], FILES, "a; b: extra"),
        (FILES[1:3], FILES, "a: missing; b: extra"),
        # What all have in common tells nothing.
        (["x, tied"], ["x, tied", "y, tied"], "x"),
        ([None], [None], ""),
        ([None], [None, "file"], "the only case"),
        (["a"], ["a", "b, c"], "a"),
        (["a, b, c"], ["a, b, c", "a, d, c", "e, b, c"], "a: b"),
    ],
)
def test_cases_are_told_apart_in_few_words(
    chosen: list[str | None], supported: list[str | None], said: str
) -> None:
    """By the parts in which they differ."""
    assert labels.label(chosen, supported) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            {"source": "documented", "link": "https://example.org/once"},
            'once, as documented: <a href="https://example.org/once"',
        ),
        (
            {"source": "documented", "link": "data:x"},
            "once, as documented: data:x</dd>",
        ),
        ({"source": "book"}, "once, as the chapter says</dd>"),
        (None, "once</dd>"),
    ],
)
def test_what_is_expected_is_shown_with_its_source(
    tmp_path: Path, source: dict[str, str] | None, said: str
) -> None:
    """A page that says so, or the chapter; nothing where an older file does not say it."""
    row = {"behaviour": "once", "expected": "once"}
    lines = run("alpha", {KEY: {**row, **({"expected_source": source} if source else {})}})
    (found,) = [r for r in _report(tmp_path, *lines)["verdicts"] if r["claim"] == KEY[0]]
    assert found["expected_source"] == source
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f"<dt>Expected</dt><dd>{said}" in page


@pytest.mark.parametrize(("departed", "otherwise"), [(104, ""), (103, "; otherwise: holds")])
def test_what_was_never_seen_is_not_said(tmp_path: Path, departed: int, otherwise: str) -> None:
    """Where all examples departed, nobody knows what happens on others."""
    row = _departing("KeyError", {**ERROR, "where": ["lazy"]}, departed=departed)
    ((_, text, _),) = _said(tmp_path, alpha={LAW: row})
    assert text == f"raises an error, if lazy{otherwise}"
