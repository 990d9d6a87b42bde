"""`python -m paramlaws.reports`: what it writes, what it refuses, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from paramlaws.reports.cli import main
from paramlaws.reports.document import schema
from tests.reports.journals import MIXED, PLAN, run, write


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def results(name: str = "a.jsonl", folder: str = "reports/results") -> Path:
    """Complete results, where they are looked for by default."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return write(Path(folder) / name, run(verdicts=MIXED))


def test_by_default_all_results_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0, the place of the report, and a line for each target."""
    results()
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "report: reports/html/index.html" in out
    assert "alpha-1.0: of 4 claims, 2 holds, 1 departs, 1 violated" in out
    assert sorted(path.name for path in Path("reports/html").iterdir()) == [
        "index.html",
        "report.json",
    ]


def test_what_is_written_fits_its_schema() -> None:
    """And the schema is one, and refuses what does not."""
    results()
    main(["--output", "out"])
    made = json.loads(Path("out/report.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(made, schema())
    for spoil in (
        lambda d: d["verdicts"][0].update(verdict="fine"),
        lambda d: d["verdicts"][0].pop("examples"),
        lambda d: d["targets"][0]["counts"].pop("stale"),
        lambda d: d.update(extra=1),
    ):
        broken = json.loads(json.dumps(made))
        spoil(broken)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema())


def test_an_incomplete_run_is_reported_with_status_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report is written, and what is missing is said on stderr."""
    write(Path("dead.jsonl"), run(keys=PLAN[:1], ended=False))
    assert main(["dead.jsonl", "--output", "out"]) == 1
    assert "dead.jsonl: the run of alpha-1.0 has no end" in capsys.readouterr().err
    assert Path("out/index.html").exists()


def test_a_missing_suite_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """With its reason; whoever expects it knows that it may be missing, and the status is 0."""
    results()
    assert main(["--expect", "alpha=here", "--expect", "beta=needs Python 3.11"]) == 0
    assert "beta: not run: needs Python 3.11" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.jsonl"], "none.jsonl: there is no such file"),
        (["reports"], "reports: a folder"),
        (["reports/empty.jsonl"], "empty.jsonl: the file is empty"),
        (["reports/binary.jsonl"], "binary.jsonl: cannot be read as text"),
        (["reports/results/a.jsonl", "--output", "a-file/out"], "a-file/out: the report cannot be"),
        (["reports/results/a.jsonl", "--output", "a-file"], "a-file: the report cannot be written"),
        (["reports/results/a.jsonl", "--expect", "beta"], "--expect beta: it must read"),
    ],
)
def test_what_is_refused_changes_nothing(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, one line on stderr, and an earlier report stays."""
    results()
    Path("a-file").touch()
    Path("reports/empty.jsonl").touch()
    Path("reports/binary.jsonl").write_bytes(b"\xff\xfe\x00")
    assert main([]) == 0
    before = Path("reports/html/index.html").read_bytes()
    capsys.readouterr()
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert Path("reports/html/index.html").read_bytes() == before


def test_without_results_the_way_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """In an empty folder."""
    assert main([]) == 2
    assert "run pytest first" in capsys.readouterr().err
