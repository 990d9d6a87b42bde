"""Results files that are compressed are read like others."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from click.testing import CliRunner

from paramlaws.reports.cli import report
from paramlaws.reports.diff import diff
from paramlaws.reports.reading import read
from paramlaws.reports.show import show
from paramlaws.specs.record import ResultsError
from tests.reports import journals


def _packed(plain: Path) -> Path:
    """The file compressed, in place of the plain one."""
    packed = plain.with_name(plain.name + ".xz")
    packed.write_bytes(lzma.compress(plain.read_bytes()))
    plain.unlink()
    return packed


def test_a_compressed_file_says_the_same(tmp_path: Path) -> None:
    """Header, verdicts and end."""
    plain = journals.write(tmp_path / "a.jsonl", journals.run("beta", journals.MIXED))
    (before,) = read(plain)
    (after,) = read(_packed(plain))
    assert (after.header, after.verdicts, after.complete) == (
        before.header,
        before.verdicts,
        before.complete,
    )


def test_every_command_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, from a folder, or from the one where results are by default."""
    folder = tmp_path / "reports" / "results"
    folder.mkdir(parents=True)
    old = _packed(journals.write(folder / "a.jsonl", journals.run("alpha")))
    new = _packed(journals.write(tmp_path / "b.jsonl", journals.run("alpha", journals.MIXED)))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(report, []).exit_code == 0
    assert "holds" in runner.invoke(show, ["gradient.value", "--report", str(folder)]).output
    compared = runner.invoke(diff, [str(old), str(new)])
    assert compared.exit_code == 1, compared.output
    assert "violated" in compared.output


@pytest.mark.parametrize("content", [b"", b"{}", lzma.compress(b"{}" * 500)[:-9]])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, content: bytes) -> None:
    """With its name and the way out."""
    file = tmp_path / "a.jsonl.xz"
    file.write_bytes(content)
    with pytest.raises(ResultsError, match=r"a.jsonl.xz: (cannot be decompressed|the file is em)"):
        read(file)
