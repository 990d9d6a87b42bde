"""JUnit XML, Markdown and badges say what the report says, whatever the report says."""

from __future__ import annotations

from pathlib import Path
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
    departing = suites[1].findall("testcase")[-1]
    assert departing.find("failure") is None
    assert (departing.findtext("system-out") or "").splitlines() == [
        "departs as declared: per-name",
        "per-name, if lazy",
        "  It was changed.",
        "  https://example.org/changed",
    ]
    (skipped,) = suites[1].iter("skipped")
    assert skipped.get("message") == "It has no such notion."
    (error,) = suites[1].iter("error")
    assert "<script>" in str(error.text) and "\x00" not in str(error.text)


def test_a_pull_request_sees_what_matters(folder: Path) -> None:
    """First what fails and how to see it again; counts of every target, and the differences."""
    text = (folder / "summary.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[2] == "**What fails: 2 checks**"
    assert lines[4].startswith("- ✖ topic of gradient\\.value on Beta: violated: gradient of 0 we")
    assert lines[5] == "  `pytest --suite beta --claim gradient.value`"
    assert lines[6].startswith("- ▲ topic of access\\.parameter\\-names on Beta: errored: ")
    assert lines.index("| Alpha 1\\.0 | 4 |  |  |  |  |  |  |") > 6
    assert "gamma: not run: it needs Python 3\\.11" in text
    assert "  - ◆ under each name, if lazy; otherwise: once: Beta" in lines
    # Outside of code, signs are those of the text.
    assert "<script>" not in text and "**c**" not in text and "](javascript" not in text


def test_a_pull_request_that_breaks_nothing_is_told_so(tmp_path: Path) -> None:
    """In a line."""
    file = write(tmp_path / "results.jsonl", run())
    assert main([str(file), "--output", str(tmp_path)]) == 0
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "Nothing fails: 5 checks hold or depart as declared" in text
    assert "✖" not in text


def _badge(folder: Path, name: str) -> str:
    return " ".join(ElementTree.parse(folder / "badges" / f"{name}.svg").getroot().itertext())


@pytest.mark.parametrize(
    ("name", "colour", "said"),
    [
        ("alpha-1.0", "#2da44e", "4 hold"),
        ("beta-1.0", "#cf222e", "2 fail, 1 holds, 1 departs"),
        ("gamma", "#8c959f", "not run"),
    ],
)
def test_a_badge_says_what_the_counts_say(folder: Path, name: str, colour: str, said: str) -> None:
    """Red where something fails, green where nothing does, grey where nothing was judged."""
    assert f" {said} " in f"{' '.join(_badge(folder, name).split())} "
    assert colour in (folder / "badges" / f"{name}.svg").read_text(encoding="utf-8")


def test_a_badge_with_departures_is_green(tmp_path: Path) -> None:
    """They are declared, and it says how many there are."""
    departing = {PLAN[-1]: MIXED["tie.state-dict", None]}
    file = write(tmp_path / "results.jsonl", run("alpha", departing))
    assert main([str(file), "--output", str(tmp_path)]) == 0
    assert "3 hold, 1 departs" in _badge(tmp_path, "alpha-1.0")
    assert "#2da44e" in (tmp_path / "badges" / "alpha-1.0.svg").read_text(encoding="utf-8")
