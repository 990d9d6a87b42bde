"""Carrying networks between targets, through files alone."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from paramlaws.faults.wrong.transfer import RoundsInUsersBlocks, TiedGradientOffByAThousandth
from paramlaws.reports.cli import main as report
from paramlaws.runner import exchange
from paramlaws.runner.target import Target
from paramlaws.runner.transfer import transfer
from paramlaws.suites.reference import Reference
from tests.running import status


class _Other(Reference):
    name = "other"


class _Rounds(RoundsInUsersBlocks):
    name = "rounds"


class _Off(TiedGradientOffByAThousandth):
    name = "off"


def _target(suite: Reference) -> Target:
    return Target.of(suite, 0)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "DRAWN", 5)


def _verdicts(file: Path) -> dict[tuple[str, str], dict[str, Any]]:
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {(r["claim"], r["case"]): r for r in records if r["record"] == "verdict"}


def test_all_pairs_have_a_verdict(tmp_path: Path) -> None:
    """What agrees holds, what does not is violated, in either direction."""
    targets = [_target(suite()) for suite in (_Other, _Rounds, _Off)]
    for target in targets:
        exchange.export(target, tmp_path / "networks")
    failed = [exchange.run(t, tmp_path / "networks", tmp_path / "results") for t in targets]
    # Where its own gradients are wrong, `_Off` blocks what is said of gradients from others.
    assert failed == [2, 3, 1]
    other, rounds, off = (t.id for t in targets)
    seen = _verdicts(tmp_path / "results" / f"transfer-{other}.jsonl")
    assert {key: row["verdict"] for key, row in seen.items()} == {
        ("transfer.forward", f"from {rounds}"): "violated",
        ("transfer.forward", f"from {off}"): "holds",
        ("transfer.gradient", f"from {rounds}"): "holds",
        ("transfer.gradient", f"from {off}"): "violated",
    }
    worst = seen["transfer.forward", f"from {rounds}"]
    assert "from rounds" in worst["message"]
    assert worst["reproduce"] == "paramlaws transfer import --suite other"
    assert worst["counterexample"].startswith("Example(")


def test_the_report_shows_the_pairs(tmp_path: Path) -> None:
    """As cases of the two claims, and in a matrix of their own."""
    targets = [_target(suite()) for suite in (_Other, _Off)]
    for target in targets:
        exchange.export(target, tmp_path / "networks")
    for target in targets:
        exchange.run(target, tmp_path / "networks", tmp_path)
    files = [str(file) for file in sorted(tmp_path.glob("*.jsonl"))]
    assert report([*files, "--output", str(tmp_path / "html")]) == 0
    page = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert 'id="transfer"' in page
    # Two targets: each to the other.
    assert page.count('<p class="pair') == 2


def test_nothing_to_import_and_no_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One error that says what to do."""
    places = ["--folder", str(tmp_path / "n"), "--results", str(tmp_path)]
    assert status(transfer, ["import", "--suite", "reference", *places]) == 2
    assert "export some first" in capsys.readouterr().err
    assert status(transfer, ["all", "--environments", str(tmp_path), *places]) == 2
    assert "run tox first" in capsys.readouterr().err


def test_a_broken_file_is_an_error_and_the_rest_is_recorded(tmp_path: Path) -> None:
    """It names the file."""
    target = _target(_Other())
    exchange.export(target, tmp_path / "networks")
    broken = tmp_path / "networks" / "broken-1" / "000.safetensors"
    broken.parent.mkdir()
    broken.write_bytes(b"nothing")
    shutil.copytree(tmp_path / "networks" / target.id, tmp_path / "networks" / "whole-1")
    assert exchange.run(target, tmp_path / "networks", tmp_path) == 2
    seen = _verdicts(tmp_path / f"transfer-{target.id}.jsonl")
    assert seen["transfer.forward", "from broken-1"]["verdict"] == "errored"
    assert str(broken) in seen["transfer.forward", "from broken-1"]["message"]
    assert seen["transfer.forward", "from whole-1"]["verdict"] == "holds"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_every_environment_takes_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A suite's environment exports and imports by its own interpreter."""
    python = tmp_path / "tox" / "reference" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    places = ["--folder", str(tmp_path / "n"), "--results", str(tmp_path / "r")]
    # There is no other target to import from.
    assert status(transfer, ["all", "--environments", str(tmp_path / "tox"), *places]) == 2
    said = capfd.readouterr()
    assert "networks written to" in said.out
    assert "export some first" in said.err
