"""The one command, and pytest in environments where this package is but one of many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from paramlaws.commands import SUBCOMMANDS, main
from tests.running import in_a_shell

HERE = Path(sys.executable).parent


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_command_has_help_with_examples(name: str) -> None:
    """And what it says is about itself."""
    said = CliRunner().invoke(main, [name, "--help"], prog_name="paramlaws")
    assert said.exit_code == 0
    assert said.output.startswith(f"Usage: paramlaws {name} ")
    assert f"\n    paramlaws {name}" in said.output.partition("Examples:")[2]


def test_the_command_lists_its_subcommands() -> None:
    """Each with what it does; an unknown one is an error."""
    said = CliRunner().invoke(main, ["--help"])
    assert all(f"  {name} " in said.output for name in SUBCOMMANDS)
    wrong = CliRunner().invoke(main, ["reprot"])
    assert wrong.exit_code == 2
    assert "No such command 'reprot'" in wrong.output


def test_from_claims_to_a_report_in_an_empty_folder(tmp_path: Path) -> None:
    """As somebody does who has only installed the package."""
    ran = in_a_shell("paramlaws run --suite reference --claim 'value.*' -q", tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    made = in_a_shell("paramlaws report", tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "reports" / "html" / "index.html").exists()
    shown = in_a_shell("paramlaws show value.explicit-read", tmp_path)
    assert shown.returncode == 0
    assert "holds" in shown.stdout


def test_a_wrong_option_is_passed_on_and_refused(tmp_path: Path) -> None:
    """With the status that pytest has for it."""
    ran = in_a_shell("paramlaws run --suite nobody", tmp_path)
    assert ran.returncode == 4
    assert "--suite nobody: unknown" in ran.stdout + ran.stderr


@pytest.mark.parametrize("workers", ["", " -n 2"])
def test_pytest_finds_the_claims_anywhere(tmp_path: Path, workers: str) -> None:
    """With one process or several, and no plugin named."""
    command = "pytest -q --pyargs paramlaws.specs --suite reference --claim 'value.*'"
    ran = in_a_shell(command + workers, tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 hold" in ran.stdout


def test_somebody_elses_tests_see_nothing_of_it(tmp_path: Path) -> None:
    """Options of theirs may be called the same, and nothing of this package is imported."""
    (tmp_path / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--suite')\n"
    )
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_own(pytestconfig):\n"
        "    assert pytestconfig.getoption('suite') == 'mine'\n"
        "    ours = [name for name in sys.modules if name.startswith('paramlaws')]\n"
        "    assert set(ours) <= {'paramlaws', 'paramlaws.runner', 'paramlaws.runner.entry'}\n"
    )
    ran = in_a_shell("pytest -q --suite mine", tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout


@pytest.mark.parametrize("workers", ["", " -n 2"])
def test_records_go_where_the_command_is_typed(tmp_path: Path, workers: str) -> None:
    """Also inside of a project, whose root pytest finds further up: `report` looks there."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    here = tmp_path / "inside"
    here.mkdir()
    ran = in_a_shell(f"paramlaws run --suite reference --claim 'value.*' -q{workers}", here)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [file.parent.name for file in here.rglob("*.jsonl")] == ["results"]
    assert in_a_shell("paramlaws report", here).returncode == 0
