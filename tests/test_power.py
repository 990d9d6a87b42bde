"""Measuring what the claims catch, on faults in the reference's own framework."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import hypothesis
import pytest

from paramlaws.faults.alarms import alarms
from paramlaws.faults.cli import faults
from paramlaws.faults.fault import Fault, Patch, registered
from paramlaws.faults.power import FaultError, outcome, shows_in_the_book
from paramlaws.runner.environments import Environments
from paramlaws.runner.transfer import transfer
from paramlaws.suites import numpy_net, targets
from tests.running import absent, status


class TiesAreListedTwice(Fault):
    """A tied parameter is listed once for each of its uses."""

    suite = "reference"
    about = ("tie.listed-once",)

    def inject(self, patch: Patch) -> None:
        patch.setattr(numpy_net, "distinct", list)

    def shows(self) -> bool:
        return len(numpy_net.distinct([("a", 1), ("a", 1)])) == 2


class NothingIsWrong(Fault):
    """Something that no claim could see."""

    suite = "reference"
    about = ("listing.count",)
    there = False

    def inject(self, patch: Patch) -> None:
        patch.setattr(NothingIsWrong, "there", True)

    def shows(self) -> bool:
        return self.there


class InTwoFrameworks(NothingIsWrong):
    """Something that the same lines put into two frameworks."""

    also = ("another",)


class IsNotThere(NothingIsWrong):
    """Something that is never there."""

    def inject(self, patch: Patch) -> None:
        pass


@pytest.fixture(autouse=True)
def _profile() -> Iterator[None]:
    profile = hypothesis.settings.default
    yield
    hypothesis.settings.register_profile("before", profile)
    hypothesis.settings.load_profile("before")


def test_a_fault_of_two_frameworks_is_one_of_each() -> None:
    """Each has one of its own, which names the suite that it is to be put into."""
    (other,) = registered("another")
    (own,) = [fault for fault in registered("reference") if fault.kind is InTwoFrameworks]
    assert (own.suite, other.suite) == ("reference", "another")
    assert own.name == other.name


def test_what_is_caught_is_told() -> None:
    """By which claim, and after how many examples; all that is red is a finding or blocked."""
    found = outcome(TiesAreListedTwice())
    assert found.by == ("tie.listed-once",)
    assert found.examples is not None and 0 < found.examples < 10
    assert set(found.by) <= set(found.claims)
    assert found.record()["fault"] == "ties-are-listed-twice"


def test_what_slips_through_is_told() -> None:
    """No claim that is about it says anything, nor any other."""
    found = outcome(NothingIsWrong())
    assert (found.by, found.findings, found.examples) == ((), (), None)


class LinesThatFail(NothingIsWrong):
    """Something whose own lines are wrong."""

    def shows(self) -> bool:
        raise TypeError("a slip of the pen")


def test_lines_that_fail_say_why() -> None:
    """Lines may be refused without the fault; with it, what they raise is told."""
    with pytest.raises(FaultError, match="a slip of the pen"):
        outcome(LinesThatFail())


def test_a_missing_framework_is_one_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    """With the way out, and no traceback."""
    suite = absent()
    assert status(faults, ["--suite", suite]) == 2
    assert f"tox -e {suite}" in capsys.readouterr().err


def test_a_fault_that_is_not_there_is_no_measurement() -> None:
    """Nothing is said of it."""
    with pytest.raises(FaultError, match="is-not-there does not show in reference"):
        outcome(IsNotThere())


def _environment(folder: Path, name: str) -> None:
    """One whose interpreter is this one."""
    place = folder / name / "bin"
    place.mkdir(parents=True)
    (place / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (place / "python").chmod(0o755)


def test_two_releases_of_a_suite_have_files_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called after the environments, which run one suite."""
    rows = [targets.Environment(name, "reference", "history", ()) for name in ("old", "older")]
    both = targets.Table(targets.table().suites, {row.name: row for row in rows})
    monkeypatch.setattr(targets, "table", lambda: both)
    for row in rows:
        _environment(tmp_path, row.name)
    asked: list[Mapping[str, Sequence[str]]] = []
    monkeypatch.setattr(Environments, "run", lambda self, modules: asked.append(modules) or [0])
    everywhere = ["all", "--environments", str(tmp_path)]
    assert status(faults, everywhere) == status(alarms, everywhere) == 0
    assert status(transfer, [*everywhere, "--folder", str(tmp_path / "networks")]) == 0
    power, false, *carried = asked
    for row in rows:
        for command in (power[row.name], false[row.name]):
            assert command[-4:] == ["--suite", "reference", "--name", row.name]
        assert [modules[row.name][1] for modules in carried] == ["export", "import"]
        assert all(modules[row.name][-2:] == ["--suite", "reference"] for modules in carried)


def test_environments_run_side_by_side(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each suite's own interpreter runs its module; codes and words come back."""
    _environment(tmp_path, "reference")
    there = Environments(tmp_path)
    assert there.suites == {"reference": "reference"}
    assert there.run({"reference": ["paramlaws.faults", "--suite", "nobody"]}) == [2]
    assert "'nobody' is not one of 'reference'" in capfd.readouterr().err


def test_without_environments_there_is_one_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what to run first."""
    assert status(faults, ["all", "--environments", str(tmp_path)]) == 2
    assert "has no environment of a suite: run tox first" in capsys.readouterr().err


def test_what_the_book_shows_is_told_apart() -> None:
    """A fault that the chapter's own networks show, and one that they do not."""
    import paramlaws.faults.wrong  # noqa: F401 - for the variants

    found = {fault.name: fault for fault in registered("reference")}
    assert outcome(found["squeezes"]).book
    assert outcome(found["copies-third-use"]).book is False


def test_what_cannot_be_tried_in_the_book_is_not_unseen() -> None:
    """Where no claim holds of the chapter's networks, nothing can be said of them."""
    assert shows_in_the_book([True, None], [False, None]) is True
    assert shows_in_the_book([True, False], [True, False]) is False
    assert shows_in_the_book([False, None], [False, None]) is None
