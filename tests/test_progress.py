"""Progress is shown on a terminal, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PLUGIN

RUN = ("--suite", "reference", "--claim", "gradient.*", "--hypothesis-profile", "quick")


def _on_terminal(folder: Path, *options: str) -> str:
    """What a run of six claims writes to a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest", *PLUGIN, *RUN, *options]
    with subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # as Linux has it when nobody is left to write
                break
            if not part:
                break
            said += part
    os.close(ours)
    assert process.returncode == 0, said
    return said.decode()


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two"])
def test_a_line_says_how_far_it_is(tmp_path: Path, options: tuple[str, ...]) -> None:
    """What runs, how many are done, and the time that is left; then it is gone."""
    said = _on_terminal(tmp_path, *options)
    assert "6/6" in said and "left:" in said and "reference-gradient.value" in said
    assert "left:" not in said.splitlines()[-3:]


@pytest.mark.parametrize("option", ["-v", "-q", "-s", "--collect-only"])
def test_whoever_asks_for_something_else_gets_that(tmp_path: Path, option: str) -> None:
    """More words, fewer, or those of the tests themselves."""
    assert "left:" not in _on_terminal(tmp_path, option)


def test_a_file_gets_no_such_line(tmp_path: Path) -> None:
    """Nor does a pipe."""
    command = [sys.executable, "-m", "pytest", *PLUGIN, *RUN]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "left:" not in done.stdout + done.stderr
