"""Counting false alarms: on the reference there are none, and what changes is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from paramlaws.faults import alarms
from paramlaws.specs import distributions
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from tests.running import status


@pytest.fixture(autouse=True)
def _profile() -> Iterator[None]:
    profile = hypothesis.settings.default
    yield
    hypothesis.settings.register_profile("before", profile)
    hypothesis.settings.load_profile("before")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """Some claims instead of all."""
    claims = [CATALOGUE["gradient.second-backward"], CATALOGUE["init.normal"]]
    monkeypatch.setattr(alarms, "CATALOGUE", claims)
    return claims


def _said(folder: Path) -> Any:
    return json.loads((folder / "alarms-reference.json").read_text(encoding="utf-8"))


def test_runs_add_up(few: list[Claim], tmp_path: Path) -> None:
    """Further seeds go to the same file, each with a seed of its own."""
    for _ in range(2):
        options = ["--suite", "reference", "--seeds", "2", "--folder", str(tmp_path)]
        assert status(alarms.alarms, options) == 0
    found = _said(tmp_path)
    assert [run["seed"] for run in found["runs"]] == [0, 1, 2, 3]
    assert found["alarms"] == []
    assert [row["claim"] for row in found["verdicts"]] == [claim.id for claim in few]


def test_another_release_has_a_file_of_its_own(few: list[Claim], tmp_path: Path) -> None:
    """Of the name that is given."""
    options = ["--suite", "reference", "--name", "older", "--seeds", "1"]
    assert status(alarms.alarms, [*options, "--folder", str(tmp_path)]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["alarms-older.json"]


def test_another_answer_is_an_alarm(
    few: list[Claim], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where no verdict fails, all runs must agree."""
    right = alarms.run

    def wrong(suite: Any, profile: str, seed: int) -> Any:
        rows = right(suite, profile, seed)
        return [{**row, "behaviour": "odd"} if seed == 1 else row for row in rows]

    monkeypatch.setattr(alarms, "run", wrong)
    options = ["--suite", "reference", "--seeds", "3", "--folder", str(tmp_path)]
    assert status(alarms.alarms, options) == 1
    assert [(a["seed"], a["behaviour"]) for a in _said(tmp_path)["alarms"]] == [(1, "odd")] * 2


def test_the_tests_reject_as_often_as_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At levels where that can be seen; and a test that rejects too often is told."""
    options = ["--statistics", "60", "--folder", str(tmp_path)]
    assert status(alarms.alarms, options) == 0
    found = json.loads((tmp_path / "statistics.json").read_text(encoding="utf-8"))
    assert found["alarms"] == 0 and found["tests"] == 300
    monkeypatch.setattr(distributions, "ALPHA", 0.5)
    assert status(alarms.alarms, options) == 1


def test_a_broken_file_is_one_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the file and the way out."""
    (tmp_path / "alarms-reference.json").write_text("{")
    assert status(alarms.alarms, ["--suite", "reference", "--folder", str(tmp_path)]) == 2
    assert "alarms-reference.json: not what this writes" in capsys.readouterr().err
