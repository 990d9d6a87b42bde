"""Writing a results file: what was recorded before stays, and what cannot be written is refused."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from paramlaws.runner.journal import Journal
from paramlaws.specs.record import ResultsError


def test_a_new_journal_keeps_the_old_one(tmp_path: Path) -> None:
    """Under `.previous`; the folder is made."""
    file = tmp_path / "new" / "a.jsonl"
    for number in range(2):
        journal = Journal(file)
        journal.write({"number": number})
        journal.close()
    assert json.loads(file.read_text(encoding="utf-8")) == {"number": 1}
    previous = file.with_name("a.jsonl.previous")
    assert json.loads(previous.read_text(encoding="utf-8")) == {"number": 0}


def test_each_line_is_there_at_once(tmp_path: Path) -> None:
    """So that it outlives the process."""
    journal = Journal(tmp_path / "a.jsonl")
    journal.write({"word": "two\nlines"})
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == '{"word": "two\\nlines"}\n'
    journal.close()


def test_nothing_is_added_to_what_are_no_results(tmp_path: Path) -> None:
    """Neither of the two could be read afterwards."""
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"notes\.txt: not a results file, so no"):
        Journal(file, append=True)
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("content", ["", '{"record"', '{"record": "header", "schema'])
def test_a_run_that_died_early_is_gone_on_with(tmp_path: Path, content: str) -> None:
    """Whichever part of its header it wrote."""
    file = tmp_path / "a.jsonl"
    file.write_text(content, encoding="utf-8")
    Journal(file, append=True).close()
    assert file.read_text(encoding="utf-8").startswith(content)


@pytest.mark.parametrize("append", [False, True])
def test_a_folder_is_refused_and_stays(tmp_path: Path, append: bool) -> None:
    """It may hold all results there are."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "kept.jsonl").touch()
    with pytest.raises(ResultsError, match=r"cannot be written there .*--results") as raised:
        Journal(folder, append=append)
    assert str(folder) in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
    assert (folder / "kept.jsonl").exists()


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    """A pipe or a device, such as /dev/null, is not moved away."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        journal = Journal(pipe)
        journal.write({"number": 1})
        assert os.read(reader, 100) == b'{"number": 1}\n'
        journal.close()
    finally:
        os.close(reader)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_line_that_cannot_be_written_is_an_error_with_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk."""

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    journal = Journal(tmp_path / "a.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr(journal._file, "flush", full)
        with pytest.raises(ResultsError, match=r"a\.jsonl: results cannot be written .*No space"):
            journal.write({"number": 1})
    journal.close()
