"""JUnit XML, Markdown and badges say what the report says, whatever the report says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from paramlaws.reports.cli import main
from tests.reports.journals import MIXED, PLAN, run, write

#: What none of the formats may take for its own.
HOSTILE = "]]><x a='1'>| `\x00\x1b[31m` <script>alert(1)</script> [a](javascript:b) **c**\n| d"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports of a target that is mixed, one that is fine and one that is missing."""
    hostile = {
        ("access.parameter-names", None): {"verdict": "errored", "message": HOSTILE},
        **{key: value for key, value in MIXED.items() if key[0] != "access.parameter-names"},
    }
    lines = [*run("alpha"), *run("beta", hostile)]
    file = write(tmp_path / "results.jsonl", lines)
    options = ["--output", str(tmp_path / "out"), "--expect", "gamma=it needs Python 3.11"]
    assert main([str(file), *options]) == 0
    return tmp_path / "out"


def test_a_ci_system_sees_every_verdict(folder: Path) -> None:
    """A suite a target, a test a case; failing ones with message, counterexample and command."""
    suites = ElementTree.parse(folder / "junit.xml").getroot().findall("testsuite")
    assert [
        (s.get("name"), s.get("tests"), s.get("failures"), s.get("errors"), s.get("skipped"))
        for s in suites
    ] == [
        ("alpha-1.0", str(len(PLAN)), "0", "0", "0"),
        ("beta-1.0", str(len(PLAN)), "1", "1", "1"),
        ("gamma", "4", "0", "0", "4"),
    ]
    (failure,) = suites[1].iter("failure")
    changed = MIXED["gradient.value", None]
    assert failure.get("message") == changed["message"]
    assert changed["counterexample"] in str(failure.text)
    assert changed["reproduce"] in str(failure.text)
    (skipped,) = suites[1].iter("skipped")
    assert skipped.get("message") == "It has no such notion."
    (error,) = suites[1].iter("error")
    assert "<script>" in str(error.text) and "\x00" not in str(error.text)


def test_a_pull_request_sees_what_matters(folder: Path) -> None:
    """Counts of every target, what fails and how to see it again, and the differences."""
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert "| Alpha 1\\.0 | 4 |" in text
    assert "**2 failing**" in text
    assert "`gradient.value` is violated on `beta-1.0`" in text
    assert "`pytest --suite beta --claim gradient.value`" in text
    assert "gamma: not run: it needs Python 3\\.11" in text
    assert "**under each name**: Beta" in text
    # Outside of code, signs are those of the text.
    assert "<script>" not in text and "**c**" not in text and "](javascript" not in text


def _badge(folder: Path, name: str) -> str:
    return " ".join(ElementTree.parse(folder / "badges" / f"{name}.svg").getroot().itertext())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("alpha-1.0", "4 of 4 claims"),
        ("beta-1.0", "2 of 4 claims"),
        ("gamma", "not run"),
    ],
)
def test_a_badge_counts_what_is_good(folder: Path, name: str, said: str) -> None:
    """Of what was judged: holding and departing against all that did."""
    assert said in " ".join(_badge(folder, name).split())


def test_a_badge_says_what_the_data_say(folder: Path) -> None:
    """By the counts in report.json."""
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    for target in report["targets"]:
        counts = target["counts"]
        judged = target["claims"] - counts["unsupported"] - counts["not-run"]
        words = f"{counts['holds'] + counts['departs']} of {judged}" if judged else "not run"
        assert words in " ".join(_badge(folder, target["id"]).split())
