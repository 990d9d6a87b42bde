"""Since which release what is so: from results alone, and unknown stays unknown."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from paramlaws.reports.compat import command, compat
from paramlaws.reports.releases import measured
from paramlaws.reports.schemas import COMPAT
from paramlaws.reports.statements import Statement, statements
from paramlaws.specs.record import ResultsError
from tests.reports import journals
from tests.reports.journals import DEPARTURE, UNSUPPORTED, Key

CLAIM: dict[str, Any] = {"id": "a.b", "kind": "convention", "topic": "it", "words": {}}
VALUE: Key = ("gradient.value", None)
NAMES: Key = ("tie.state-dict", None)
#: What a release does, by a letter.
ROWS: dict[str, dict[str, Any] | None] = {
    "A": {"behaviour": "adds"},
    "B": {"behaviour": "overwrites"},
    "D": {
        "verdict": "departs",
        "behaviour": "per-name",
        "departures": [{**DEPARTURE, "condition": "lazy", "reproducer_name": "shows_it"}],
    },
    "V": {"verdict": "violated", "message": "it is 1\nand not 2", "counterexample": "Example()"},
    "U": {"verdict": "unsupported", "unsupported": UNSUPPORTED},
    "E": {"verdict": "errored", "message": "TypeError: no"},
    "X": {"verdict": "errored", "blocked": {"construct.output-shape": 2}, "message": "blocked"},
    "-": None,
}


def _row(letter: str) -> dict[str, Any] | None:
    changes = ROWS[letter]
    return None if changes is None else journals.verdict(VALUE, **changes)


def _stated(letters: str) -> list[Statement]:
    versions = [f"1.{number}" for number in range(len(letters))]
    rows = dict(zip(versions, map(_row, letters), strict=True))
    return statements(CLAIM, versions, rows)


def _spans(letters: str) -> list[str]:
    return [f"{one.words}: {one.since} to {one.until or 'now'}" for one in _stated(letters)]


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("AA", ["adds: ≤1.0 to now"]),
        ("AAB", ["adds: ≤1.0 to 1.1", "overwrites: 1.2 to now"]),
        ("ABA", ["adds: ≤1.0 to 1.0", "overwrites: 1.1 to 1.1", "adds: 1.2 to now"]),
        ("AU", ["adds: ≤1.0 to 1.0", "unsupported: 1.1 to now"]),
        # What is between is unknown: the same before and after is one, and another one began then.
        ("AEA", ["adds: ≤1.0 to now", "errored: 1.1 to 1.1"]),
        ("A-B", ["adds: ≤1.0 to ≥1.0", "not run: 1.1 to 1.1", "overwrites: ≤1.2 to now"]),
        ("EA", ["errored: ≤1.0 to 1.0", "adds: ≤1.1 to now"]),
        ("AX", ["adds: ≤1.0 to ≥1.0", "blocked by construct.output-shape: 1.1 to now"]),
        ("", []),
    ],
)
def test_answers_have_the_release_with_which_they_begin(letters: str, said: list[str]) -> None:
    """And with "≤" or "≥" where another one that was not seen may have been it."""
    assert _spans(letters) == said


def test_a_statement_says_what_is_known_of_it() -> None:
    """Condition, script and reason of a departure; what was violated; why it is not supported."""
    departs, violated, lacking, blocked = _stated("DVUX")
    assert departs.data() == {
        "verdict": "departs",
        "behaviour": "per-name",
        "when": "lazy",
        "words": "per-name, if lazy",
        "since": "≤1.0",
        "until": "1.0",
        "after": None,
        "tested": ["1.0"],
        "reproducer": "shows_it",
        "note": "It was changed.",
        "example": None,
    }
    assert (violated.words, violated.note) == ("violated: it is 1", "it is 1")
    assert violated.example == "Example()"
    assert (violated.after, violated.behaviour) == ("1.0", None)
    assert lacking.note == UNSUPPORTED["reason"]
    assert (blocked.verdict, blocked.note) == ("blocked", "blocked")


def test_another_condition_is_another_answer() -> None:
    """As is one more departure beside the one that is shown."""
    lazy, always = dict(ROWS["D"] or {}), dict(ROWS["D"] or {})
    always["departures"] = [{**DEPARTURE, "where": []}]
    more = {**lazy, "departures": [*lazy["departures"], {**DEPARTURE, "behaviour": "once"}]}
    rows = {
        version: journals.verdict(VALUE, **changes)
        for version, changes in {"1": lazy, "2": always, "3": more}.items()
    }
    assert [one.when for one in statements(CLAIM, [*rows], rows)] == ["lazy", None, "lazy"]


@given(st.text(st.sampled_from([*ROWS]), max_size=12))
def test_each_release_is_in_one_statement(letters: str) -> None:
    """Whatever releases do; and no statement is about a release that does something else."""
    found = _stated(letters)
    tested = [version for one in found for version in one.tested]
    assert sorted(tested, key=lambda v: int(v[2:])) == [f"1.{n}" for n in range(len(letters))]
    for one in found:
        assert len({letters[int(version[2:])] for version in one.tested}) == 1
        assert one.since.lstrip("≤") == one.tested[0]
        assert one.until is None or one.until.lstrip("≥") == one.tested[-1]


# -- from files -----------------------------------------------------------------------------------
def _release(
    folder: Path,
    version: str,
    verdicts: Mapping[Key, Mapping[str, Any]] | None = None,
    suite: str = "alpha",
    **packages: str,
) -> Path:
    """The results of a release, as `paramlaws history` keeps them."""
    lines = journals.released(journals.run(suite, verdicts), version)
    lines[0]["target"]["packages"] = packages or {suite: version}
    folder.mkdir(exist_ok=True)
    file = folder / f"{suite}-{version}.jsonl.xz"
    file.write_bytes(lzma.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    return file


def _cases(made: Any, claim: str, suite: str = "alpha") -> dict[str | None, list[Any]]:
    cases = made["claims"][claim]["support"][suite]["cases"]
    return {case["case"]: case["statements"] for case in cases}


def test_the_table_follows_from_results(tmp_path: Path) -> None:
    """In the order of versions, not of names; each claim and case has what was seen."""
    _release(tmp_path, "1.9")
    _release(tmp_path, "1.10", {VALUE: {"verdict": "violated", "message": "off"}})
    made = compat(measured(tmp_path))
    assert [r["version"] for r in made["suites"]["alpha"]["releases"]] == ["1.9", "1.10"]
    held, violated = _cases(made, "gradient.value")[None]
    assert (held["since"], held["until"]) == ("≤1.9", "1.9")
    assert (violated["since"], violated["until"], violated["after"]) == ("1.10", None, "1.9")
    assert [*_cases(made, "tie.same-parameter")] == ["one-parameter", "same-layer"]


def test_a_build_of_a_release_is_that_release(tmp_path: Path) -> None:
    """What is asked for is the version that people know."""
    _release(tmp_path, "1.9+cu124")
    (release,) = compat(measured(tmp_path))["suites"]["alpha"]["releases"]
    assert release["version"] == "1.9"
    assert release["packages"] == {"alpha": "1.9+cu124"}


def test_an_older_revision_is_not_compared(tmp_path: Path) -> None:
    """The claim meant something else then: for that release nothing is known."""
    _release(tmp_path, "1.0")
    lines = journals.released(journals.run(), "1.1")
    for claim in lines[0]["claims"]:
        claim["revision"] = 2
    for line in lines:
        if line["record"] == "verdict":
            line["revision"] = 2
    journals.write(tmp_path / "new.jsonl", lines)
    older, newer = _cases(compat(measured(tmp_path)), "gradient.value")[None]
    assert (older["verdict"], older["tested"]) == ("not-run", ["1.0"])
    assert (newer["verdict"], newer["since"]) == ("holds", "≤1.1")


def test_a_case_that_a_release_has_not_is_not_missing_there(tmp_path: Path) -> None:
    """It came with the release that has it, or with a way that is checked since then."""
    lines = journals.released(journals.run(), "1.0")
    lines[0]["planned"] = [each for each in lines[0]["planned"] if each["case"] != "same-layer"]
    kept = [line for line in lines if line.get("case") != "same-layer"]
    journals.write(tmp_path / "old.jsonl", kept)
    _release(tmp_path, "1.1")
    cases = _cases(compat(measured(tmp_path)), "tie.same-parameter")
    assert [one["tested"] for one in cases["same-layer"]] == [["1.1"]]
    assert [one["tested"] for one in cases["one-parameter"]] == [["1.0", "1.1"]]


def test_a_suite_that_does_the_same_is_a_mirror(tmp_path: Path) -> None:
    """Where the versions are of the same package, and some were measured on both."""
    changed = {NAMES: {"behaviour": "per-name"}}
    for version in ("1.0", "1.1"):
        _release(tmp_path, version, thing=version)
        _release(tmp_path, version, changed, "beta", thing=version)
        _release(tmp_path, version, suite="gamma", other=version)
    _release(tmp_path, "1.2", {VALUE: {"verdict": "violated"}}, "beta", thing="1.2")
    support = {
        name: claim["support"] for name, claim in compat(measured(tmp_path))["claims"].items()
    }
    mirrors = {name: suites["beta"]["mirror"] for name, suites in support.items()}
    assert mirrors["gradient.value"] == "alpha"
    assert mirrors["tie.state-dict"] is None
    assert all(suites["gamma"]["mirror"] is None for suites in support.values())


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    """The table of the same results is the same text."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, names in ((one, ("1.0", "1.1")), (other, ("1.1", "1.0"))):
        for version in names:
            _release(folder, version)
        assert CliRunner().invoke(command, ["--folder", str(folder)]).exit_code == 0
    assert (one / "compat.json").read_bytes() == (other / "compat.json").read_bytes()
    COMPAT.check(json.loads((one / "compat.json").read_text(encoding="utf-8")))


def test_holes_are_in_the_table(tmp_path: Path) -> None:
    """Those of the suite, with their reasons."""
    _release(tmp_path, "1.0")
    hole = {"environment": "alpha-1.1", "suite": "alpha", "pins": ["alpha==1.1"], "reason": "no"}
    content = {"schema_version": 1, "holes": [hole, {**hole, "suite": "beta"}]}
    (tmp_path / "holes.json").write_text(json.dumps(content), encoding="utf-8")
    assert compat(measured(tmp_path))["suites"]["alpha"]["holes"] == [
        {"environment": "alpha-1.1", "pins": ["alpha==1.1"], "reason": "no"}
    ]


def test_a_file_that_cannot_be_used_is_told_and_left_out(tmp_path: Path) -> None:
    """The others are in the table; where there are none, nothing is written."""
    (tmp_path / "bad.jsonl.xz").write_bytes(b"no")
    done = CliRunner().invoke(command, ["--folder", str(tmp_path)])
    assert done.exit_code == 2
    assert "bad.jsonl.xz: cannot be decompressed" in done.output
    assert not (tmp_path / "compat.json").exists()
    _release(tmp_path, "1.0")
    done = CliRunner().invoke(command, ["--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert "Note: " in done.output
    assert (tmp_path / "compat.json").exists()


def test_of_two_files_of_one_release_one_is_shown(tmp_path: Path) -> None:
    """And it is said which."""
    file = _release(tmp_path, "1.0")
    (tmp_path / "copy.jsonl.xz").write_bytes(file.read_bytes())
    found = measured(tmp_path)
    assert [release.environment for release in found.suites["alpha"]] == ["alpha-1.0"]
    assert found.notes == ["copy and alpha-1.0 are both of 1.0; the latter is shown"]


def test_changes_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    """Beside the table; where that is not possible, it is told by which option."""
    _release(tmp_path, "1.0")
    _release(tmp_path, "1.1", {NAMES: {"behaviour": "per-name"}})
    folder, file = ["--folder", str(tmp_path)], tmp_path / "docs" / "changes.md"
    assert CliRunner().invoke(command, [*folder, "--changes", str(file)]).exit_code == 0
    assert "**1.1** `tie.state-dict`" in file.read_text(encoding="utf-8")
    done = CliRunner().invoke(command, [*folder, "--changes", str(file / "inside.md")])
    assert done.exit_code == 2
    assert "choose another folder with --changes" in done.output


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """With the command that fills it."""
    with pytest.raises(ResultsError, match="`paramlaws history` makes them"):
        measured(tmp_path)
