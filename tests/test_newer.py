"""Releases that are newer than the table are told as rows for it."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from packaging.version import Version

from paramlaws.runner import newer
from paramlaws.suites import targets
from paramlaws.suites.targets import Environment, SuiteEntry, Table

SUITE = SuiteEntry("thing", "a:B", packages=("thing", "side"))
ROWS = (
    Environment("thing", "thing", "default", ("thing==1.2.0", "side==0.1", "old<2")),
    Environment("th-1.1", "thing", "history", ("thing==1.1.0",), "3.11"),
)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the registry has, and a table of two releases."""
    table = Table({"thing": SUITE, "end": SuiteEntry("end", "a:C")}, {r.name: r for r in ROWS})
    monkeypatch.setattr(targets, "table", lambda: table)
    has: dict[str, list[str]] = {"thing": ["1.1.0", "1.2.0"], "side": ["0.1", "0.3", "0.2"]}
    monkeypatch.setattr(newer, "available", lambda package: list(map(Version, has[package])))
    return has


def _check(*options: str) -> Result:
    return CliRunner().invoke(newer.check_new, options)


def test_nothing_newer_is_nothing_to_do(registry: dict[str, list[str]]) -> None:
    """A release of an older line is not newer."""
    registry["thing"].append("1.1.9")
    done = _check()
    assert (done.exit_code, done.stdout) == (0, "")


def test_the_last_release_of_each_newer_line_is_a_row(registry: dict[str, list[str]]) -> None:
    """Like the newest one; the rest of the line that is there has the whole version in its name."""
    registry["thing"] += ["1.10.0", "1.3.0", "1.3.1", "1.2.1"]
    done = _check()
    assert done.exit_code == 1
    rows = tomllib.loads(done.stdout)["environments"]
    assert {name: row["pins"] for name, row in rows.items()} == {
        "th-1.2": ["thing==1.2.1", "side==0.3", "old<2"],
        "th-1.3": ["thing==1.3.1", "side==0.3", "old<2"],
        "th-1.10": ["thing==1.10.0", "side==0.3", "old<2"],
    }
    assert {row["matrix"] for row in rows.values()} == {"history"}
    registry["thing"] = ["1.2.1"]
    targets.table().environments["th-1.2"] = ROWS[0]  # type: ignore[index]
    assert [*tomllib.loads(_check().stdout)["environments"]] == ["th-1.2.1"]


def test_a_row_fits_the_table(registry: dict[str, list[str]], tmp_path: Any) -> None:
    """Behind the table as it is."""
    registry["thing"] += ["1.3.0"]
    text = targets.FILE.read_text(encoding="utf-8")
    (row,) = newer.newer(SUITE)
    file = tmp_path / "targets.toml"
    said = newer.as_text(row).replace('"thing"', '"reference"')
    file.write_text(f"{text}\n{said}", encoding="utf-8")
    assert targets.read(file).environments["th-1.3"].pins == row.pins


def test_releases_between_two_are_rows(registry: dict[str, list[str]]) -> None:
    """Of a suite, all of them, with what the newer of the two needs."""
    registry["thing"] += ["1.1.2", "1.1.1", "1.3.0"]
    done = _check("--suite", "thing", "--between", "1.1.0", "1.2.0")
    assert done.exit_code == 1
    rows = tomllib.loads(done.stdout)["environments"]
    assert {name: row["pins"] for name, row in rows.items()} == {
        "th-1.1.1": ["thing==1.1.1", "side==0.1", "old<2"],
        "th-1.1.2": ["thing==1.1.2", "side==0.1", "old<2"],
    }
    there = replace(ROWS[1], pins=("thing==1.1.1",))
    targets.table().environments["th-1.1.1"] = there  # type: ignore[index]
    again = _check("--suite", "thing", "--between", "1.1.0", "1.2.0")
    assert [*tomllib.loads(again.stdout)["environments"]] == ["th-1.1.2"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--between", "1.1.0", "1.2.0"], "--between needs one --suite"),
        (["--suite", "thing", "--between", "1.1", "1.2.0"], "no row of 1.1; did you mean '1.1.0'?"),
        (["--suite", "end", "--between", "1", "2"], "end has no row of 1; none are known"),
    ],
)
def test_what_is_not_between_rows_is_refused(
    registry: dict[str, list[str]], options: list[str], said: str
) -> None:
    """With what is missing."""
    done = _check(*options)
    assert done.exit_code == 2
    assert said in done.output


def test_an_unknown_suite_is_refused(registry: dict[str, list[str]]) -> None:
    """With the nearest."""
    done = _check("--suite", "thin")
    assert done.exit_code == 2
    assert "--suite thin: unknown; did you mean 'thing'?" in done.output


def _answers(monkeypatch: pytest.MonkeyPatch, out: str, error: str = "") -> None:
    done = subprocess.CompletedProcess([], 0, out, error)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)


def test_pip_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds for several devices are one release."""
    _answers(monkeypatch, '{"name": "thing", "versions": ["1.1", "1.1+cpu", "1.0"]}')
    assert [*map(str, newer.available("thing"))] == ["1.1", "1.1", "1.0"]


def test_a_registry_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what pip says."""
    _answers(monkeypatch, "", "WARNING: x\nERROR: No matching distribution found for thing")
    with pytest.raises(newer.Refused, match=r"thing: .*: No matching distribution found for thing"):
        newer.available("thing")
