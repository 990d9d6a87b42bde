"""Since which release: said in words, as JSON, and as an exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paramlaws.reports.compat import command
from paramlaws.reports.since import since
from paramlaws.reports.statements import span
from tests.reports import journals

NAMES = ("tie.state-dict", None)
OFF = {"verdict": "violated", "message": "off", "counterexample": "Example(tiny)"}
ERRORED = {"verdict": "errored", "message": "TypeError: no"}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of two frameworks, the first of which changed what a convention is, and then broke a law."""
    folder = tmp_path_factory.mktemp("history")
    for version, shown, verdict in (
        ("1.9", "once", {}),
        ("1.10", "per-name", {}),
        ("1.11", "per-name", OFF),
        ("1.12", "per-name", ERRORED),
    ):
        changes: dict[Any, Any] = {NAMES: {"behaviour": shown}, ("gradient.value", None): verdict}
        lines = journals.released(journals.run("alpha", changes), version)
        journals.write(folder / f"alpha-{version}.jsonl", lines)
    journals.write(folder / "beta.jsonl", journals.run("beta"))
    hole = {"environment": "alpha-1.8", "suite": "alpha", "pins": ["alpha==1.8"], "reason": "gone"}
    holes = {"schema_version": 1, "holes": [hole]}
    (folder / "holes.json").write_text(json.dumps(holes), encoding="utf-8")
    assert CliRunner().invoke(command, ["--folder", str(folder)]).exit_code == 0
    return folder / "compat.json"


def _ask(table: Path, *words: str) -> Result:
    return CliRunner().invoke(since, [*words, "--table", str(table)])


def test_it_says_since_when(table: Path) -> None:
    """In words, with the release before, and with what could not be run."""
    done = _ask(table, "tie.state-dict", "--suite", "alpha")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "tie.state-dict: topic of tie.state-dict",
        "Alpha: 4 releases, 1.9 to 1.12",
        "  not run: alpha==1.8: gone",
        "  once: until 1.9",
        "  under each name: since 1.10 (not in 1.9)",
    ]


def test_without_a_suite_it_says_so_of_all(table: Path) -> None:
    """Each case by its name."""
    said = _ask(table, "tie.same-parameter").output
    assert "Beta: 1 release, 1.0" in said
    assert said.count("[same-layer] holds: since") == 2
    assert "\n    Example(tiny)\n" in _ask(table, "gradient.value").output
    only = _ask(table, "tie.same-parameter", "--case", "same-layer").output
    assert "one-parameter" not in only


def test_json_has_the_statements(table: Path) -> None:
    """As they are in the table."""
    done = _ask(table, "tie.state-dict", "--suite", "alpha", "--json")
    (own,) = json.loads(done.output)
    assert (own["claim"], own["suite"], own["case"]) == ("tie.state-dict", "alpha", None)
    assert [one["since"] for one in own["statements"]] == ["≤1.9", "1.10"]


@pytest.mark.parametrize(
    ("claim", "release", "behaviour", "status"),
    [
        ("tie.state-dict", "1.10", "per-name", 0),
        ("tie.state-dict", "1.9", "per-name", 1),
        ("tie.state-dict", "alpha-1.9", "once", 0),
        ("tie.state-dict", "1.9", "holds", 0),
        ("gradient.value", "1.11", "holds", 1),
        ("gradient.value", "1.11", "violated", 0),
        ("tie.same-parameter", "1.11", "holds", 0),
    ],
)
def test_a_script_can_ask_what_a_release_does(
    table: Path, claim: str, release: str, behaviour: str, status: int
) -> None:
    """By a behaviour, or by a verdict."""
    words = ["--suite", "alpha", "--release", release, "--behaviour", behaviour]
    assert _ask(table, claim, *words).exit_code == status


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tie.state"], "tie.state: there is no such claim; did you mean 'tie.state-dict'?"),
        (["tie.state-dict", "--suite", "alfa"], "alfa: there is no such suite; did you mean"),
        (["tie.state-dict", "--case", "x"], "this claim has one case only"),
        (["tie.same-parameter", "--case", "same"], "did you mean 'same-layer'?"),
        (["tie.state-dict", "--release", "1.9"], "--release needs --suite"),
        (["tie.state-dict", "--behaviour", "once"], "--behaviour needs --release"),
        (
            ["tie.state-dict", "--suite", "alpha", "--release", "1.10.1"],
            "--release 1.10.1: not measured; the nearest measured: 1.10 and 1.11",
        ),
        (
            ["tie.state-dict", "--suite", "alpha", "--release", "2"],
            "the nearest measured: 1.12",
        ),
        (
            ["tie.state-dict", "--suite", "alpha", "--release", "new"],
            "--release new: known are 1.9, 1.10, 1.11, 1.12",
        ),
        (
            ["tie.state-dict", "--suite", "alpha", "--release", "1.9", "--behaviour", "per-nam"],
            "tie.state-dict knows no such; did you mean 'per-name'?",
        ),
        (
            ["gradient.value", "--suite", "alpha", "--release", "1.12", "--behaviour", "holds"],
            "nothing is known of gradient.value on 1.12: errored",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(table: Path, words: list[str], said: str) -> None:
    """With the nearest that can."""
    done = _ask(table, *words)
    assert done.exit_code == 2
    assert said in done.output


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    """Whatever is wrong with it."""
    file = tmp_path / "compat.json"
    assert "`paramlaws compat` makes it" in _ask(file, "x").output
    for content, said in (("{", "not a compat table"), ("{}", "'schema_version' is a required")):
        file.write_text(content, encoding="utf-8")
        done = _ask(file, "x")
        assert done.exit_code == 2
        assert said in done.output


@pytest.mark.parametrize(
    ("first", "last", "after", "tested", "said"),
    [
        ("≤1", None, None, ["1"], "since 1 or earlier"),
        ("≤1", "2", None, ["1", "2"], "until 2"),
        ("2", None, "1", ["2"], "since 2 (not in 1)"),
        ("2", "2", "1", ["2"], "in 2 only"),
        ("2", "3", "1", ["2", "3"], "since 2 (not in 1), until 3"),
        ("≤3", "≥4", "1", ["3", "4"], "since 3 or earlier (not in 1), until 4 or later"),
    ],
)
def test_a_span_is_said_in_words(
    first: str, last: str | None, after: str | None, tested: list[str], said: str
) -> None:
    """No more exactly than it is known."""
    assert span({"since": first, "until": last, "after": after, "tested": tested}) == said
