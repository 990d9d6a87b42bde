"""A run that several workers of pytest-xdist share: as if it were one process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paramlaws.runner.journal import Journal, part, parts_of, unite
from tests.running import records

_TIME = ("seconds", "reproduce")


def _run_both(run: Any, *options: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What one process records, and what two do."""
    for file, workers in (("one.jsonl", ()), ("two.jsonl", ("-n", "2"))):
        run(*options, "--hypothesis-seed", "4", *workers, "--results", file)
    return records(Path("one.jsonl")), records(Path("two.jsonl"))


def _verdicts(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [line for line in lines if line["record"] == "verdict"]
    plain = [{k: v for k, v in line.items() if k not in _TIME} for line in found]
    return sorted(plain, key=lambda line: (line["claim"], line["case"] or ""))


def test_workers_record_what_one_process_does(run: Any) -> None:
    """The same verdicts after the same examples, between one header and one footer."""
    quick = ("--suite", "reference", "--hypothesis-profile", "quick")
    one, two = _run_both(run, *quick)
    assert _verdicts(one) == _verdicts(two)
    kinds = [line["record"] for line in two]
    assert (kinds[0], kinds[-1], kinds.count("header")) == ("header", "footer", 1)
    assert {k: v for k, v in two[0].items() if k != "run"} == {
        k: v for k, v in one[0].items() if k != "run"
    }
    assert two[0]["run"]["seed"] == one[0]["run"]["seed"] == 4
    assert not parts_of(Path("two.jsonl"))


def test_what_pytest_prints_is_what_is_recorded(run: Any) -> None:
    """A fault is the same finding, whichever process tries the claim."""
    claims = [o for c in ("gradient.*", "train.step", "tie.gradients-add") for o in ("--claim", c)]
    quick = ("--adapter", "adapters:Doubling", *claims, "--hypothesis-profile", "quick")
    one, two = _run_both(run, *quick)
    assert _verdicts(one) == _verdicts(two)
    failing = [line for line in _verdicts(two) if line["verdict"] in ("violated", "errored")]
    said = run(*quick, "-n", "2", "--results", "three.jsonl").stdout.str()
    for line in failing:
        assert f"{line['claim']} is {line['verdict']} on" in said
    assert [line["claim"] for line in failing if line["verdict"] == "violated"] == [
        "gradient.value"
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--suite", "pytroch"), "--suite pytroch: unknown"),
        (("--suite", "reference", "--case", "no such"), "--case no such: unknown"),
        (("--adapter", "no.such:Suite"), "--adapter no.such:Suite: No module named 'no'"),
        (("--suite", "reference", "--results", "/dev/null/x"), "/dev/null/x"),
    ],
)
def test_a_wrong_option_is_refused_once(run: Any, options: tuple[str, ...], message: str) -> None:
    """By the process that was started, even where only its workers can know."""
    result = run(*options, "-n", "2")
    text = result.stdout.str() + result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert text.count(message) == 1
    assert "Traceback" not in text and "INTERNALERROR" not in text


def test_a_worker_that_dies_takes_its_claim_and_nothing_else(run: Any) -> None:
    """The claim that killed it has begun and has no verdict; all others are judged."""
    result = run("--adapter", "adapters:Aborting", "--hypothesis-profile", "quick", "-n", "2")
    assert result.ret == 1
    assert "INTERNALERROR" not in result.stdout.str()
    (file,) = Path("reports/results").glob("aborting-*.jsonl")
    lines = records(file)
    ended = {(line["claim"], line["case"]) for line in lines if line["record"] == "verdict"}
    begun = {(line["claim"], line["case"]) for line in lines if line["record"] == "started"}
    planned = {(entry["claim"], entry["case"]) for entry in lines[0]["planned"]}
    assert begun - ended == planned - ended == {("access.unique-names", None)}
    assert lines[-1]["record"] != "footer"


def test_workers_that_die_over_and_over_end_the_run(run: Any) -> None:
    """With a status, and with all that was recorded before."""
    result = run("--adapter", "adapters:Deadly", "-n", "2", "--results", "deadly.jsonl")
    assert result.ret == 1
    assert "INTERNALERROR" not in result.stdout.str()
    lines = records(Path("deadly.jsonl"))
    planned = {(entry["claim"], entry["case"]) for entry in lines[0]["planned"]}
    begun = {(line["claim"], line["case"]) for line in lines if line["record"] == "started"}
    assert begun == planned
    assert any(line["record"] == "verdict" for line in lines)


def test_what_a_killed_run_left_in_parts_is_kept(tmp_path: Path) -> None:
    """The next run puts it to the file first, without the line that was being written."""
    file = tmp_path / "results.jsonl"
    header = {
        "record": "header",
        "target": {"id": "t"},
        "whole": False,
        "planned": [{"claim": "a.b", "case": None}, {"claim": "a.c", "case": None}],
    }
    verdict = {"record": "verdict", "target": "t", "claim": "a.b", "case": None}
    for worker in ("gw0", "gw1"):
        journal = Journal(part(file, worker))
        journal.write(header)
        if worker == "gw0":
            journal.write(verdict)
        journal.close()
    with part(file, "gw1").open("a", encoding="utf-8") as broken:
        broken.write('{"record": "ver')
    assert unite(file) == [verdict]
    assert records(file) == [header, verdict]
    assert not parts_of(file)
    assert unite(file) == []
