"""`python -m paramlaws.reports`: what it writes, what it refuses, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from paramlaws.reports.cli import main
from paramlaws.reports.schemas import REPORT
from tests.reports.journals import MIXED, PLAN, header, run, write


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def results(name: str = "a.jsonl", folder: str = "reports/results") -> Path:
    """Complete results, where they are looked for by default."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return write(Path(folder) / name, run(verdicts=MIXED))


def test_by_default_all_results_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0; what fails, with the command that shows it, a line for each target, the place."""
    results()
    assert main([]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "What fails: 1 check",
        "  ✖ topic of gradient.value on Alpha: violated: gradient of 0 weight: [[2.0]] instead "
        "of [[1.0]]",
        "      pytest --suite beta --claim gradient.value",
        "alpha-1.0: of 4 claims, 2 hold, 1 departs, 1 violated, 0 stale, 0 errored, 0 unsupported, "
        "0 not run",
        "report: reports/html/index.html",
    ]
    assert sorted(path.name for path in Path("reports/html").rglob("*.*")) == [
        "alpha-1.0.svg",
        "index.html",
        "junit.xml",
        "report.json",
        "summary.md",
    ]


def test_where_nothing_fails_a_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """And whether all was run of which it says so."""
    write(Path("a.jsonl"), run())
    assert main(["a.jsonl"]) == 0
    nothing = "Nothing fails: 5 checks hold or depart as declared."
    assert capsys.readouterr().out.splitlines()[0] == nothing
    write(Path("b.jsonl"), run(keys=PLAN[:1], ended=False))
    assert main(["b.jsonl"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "No verdict fails (1 check holds or departs as declared), but a run did not finish."
    )


def test_what_is_written_fits_its_schema() -> None:
    """And the schema is one, and refuses what does not."""
    results()
    main(["--output", "out"])
    made = json.loads(Path("out/report.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(REPORT.content)
    REPORT.check(made)
    for spoil in (
        lambda d: d["verdicts"][0].update(verdict="fine"),
        lambda d: d["verdicts"][0].pop("examples"),
        lambda d: d["targets"][0]["counts"].pop("stale"),
        lambda d: d.update(extra=1),
    ):
        broken = json.loads(json.dumps(made))
        spoil(broken)
        with pytest.raises(jsonschema.ValidationError):
            REPORT.check(broken)


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


def test_a_run_without_verdicts_is_reported_with_status_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Though it came to its end."""
    footer = {"record": "footer", "target": "alpha-1.0", "verdicts": 0}
    write(Path("hollow.jsonl"), [header(planned=[]), footer])
    assert main(["hollow.jsonl"]) == 1
    assert "hollow.jsonl: the run of alpha-1.0 has no verdict" in capsys.readouterr().err


def test_with_nothing_but_expectations_they_are_reported_with_status_one() -> None:
    """Each suite as missing."""
    assert main(["--expect", "beta=needs Python 3.11"]) == 1
    made = json.loads(Path("reports/html/report.json").read_text(encoding="utf-8"))
    assert [target["id"] for target in made["targets"]] == ["beta"]


@pytest.mark.parametrize("name", ["index.html", "report.json"])
def test_a_report_is_written_whole_or_not_at_all(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where one of its files cannot be, the other is not, nor anything left over."""
    results()
    Path("out", name).mkdir(parents=True)
    assert main(["--output", "out"]) == 2
    assert (
        f"out: the report cannot be written there ({name} is a folder)" in capsys.readouterr().err
    )
    assert [path.name for path in Path("out").iterdir()] == [name]


def test_what_was_recorded_steers_neither_terminal_nor_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Control characters, half a surrogate pair, a link that is no address."""
    odd = {"verdict": "unsupported", "unsupported": {"reason": "\ud800", "link": "https://[x"}}
    text = json.dumps(run(verdicts={PLAN[1]: odd})).replace("alpha-1.0", "\\u001b[2J\\ud800")
    write(Path("odd.jsonl"), json.loads(text))
    assert main(["odd.jsonl", "--output", "out"]) == 0
    out = capsys.readouterr().out
    assert "\\x1b[2J\\ud800: of 4 claims" in out
    assert "\x1b" not in out
    assert Path("out/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.jsonl"], "none.jsonl: there is no such file"),
        (["reports"], "reports: a folder"),
        (["reports/empty.jsonl"], "empty.jsonl: the file is empty"),
        (["reports/binary.jsonl"], "binary.jsonl, line 1: cannot be read as text"),
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
    assert "run `paramlaws run` first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("{}", "is not valid under any of the given schemas"),
        ("\\xff", "not JSON"),
    ],
)
def test_what_is_no_measurement_is_refused(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the file and the way out, and nothing is written."""
    results()
    Path("reports/power").mkdir()
    Path("reports/power/broken.json").write_text(text)
    assert main([]) == 2
    error = capsys.readouterr().err
    assert "broken.json" in error and said in error and "tox -e power" in error
    assert not Path("reports/html").exists()
