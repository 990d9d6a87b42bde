"""What a page says of a report, in the words of claims and of departures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paramlaws.reports import views
from paramlaws.reports.cli import main
from tests.reports.journals import DEPARTURE, MIXED, run, write

KEY = ("tie.state-dict", None)


def _departing(behaviour: str, own: dict[str, str | None]) -> dict[str, Any]:
    return {**MIXED[KEY], "behaviour": behaviour, "departures": [{**DEPARTURE, **own}]}


def _report(folder: Path, *lines: dict[str, Any]) -> dict[str, Any]:
    file = write(folder / "results.jsonl", lines)
    assert main([str(file), "--output", str(folder)]) == 0
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize(
    ("behaviour", "own", "said"),
    [
        # Words of a claim, of a departure, of both, and of neither, as in an older file.
        ("per-name", {}, "under each name"),
        ("KeyError", {"behaviour": "KeyError", "words": "raises an error"}, "raises an error"),
        ("per-name", {"words": "under every name"}, "under every name"),
        ("per-name", {"words": None}, "under each name"),
        ("KeyError", {"behaviour": "KeyError"}, "KeyError"),
    ],
)
def test_a_departure_is_told_in_its_own_words(
    tmp_path: Path, behaviour: str, own: dict[str, str | None], said: str
) -> None:
    """Where it has some; a convention has words for its own behaviours."""
    report = _report(tmp_path, *run("beta", {KEY: _departing(behaviour, own)}))
    (found,) = views.differences(report)
    assert found["answers"] == [{"verdict": "departs", "words": said, "names": ["Beta"]}]
    assert said in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_targets_that_differ_in_the_same_way_share_a_line(tmp_path: Path) -> None:
    """By what is said of them, so that nothing is said twice."""
    same: dict[str, str | None] = {"behaviour": "KeyError", "words": "raises an error"}
    other: dict[str, str | None] = {"behaviour": "TypeError", "words": "raises an error"}
    lines = [
        *run("alpha", {KEY: _departing("KeyError", same)}),
        *run("beta", {KEY: _departing("TypeError", other)}),
        *run("gamma", {KEY: {"behaviour": "once", "expected": "once"}}),
    ]
    (found,) = views.differences(_report(tmp_path, *lines))
    assert [(answer["words"], answer["names"]) for answer in found["answers"]] == [
        ("raises an error", ["Alpha", "Beta"]),
        ("once", ["Gamma"]),
    ]


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
