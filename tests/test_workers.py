"""A run that several workers of pytest-xdist share: as if it were one process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paramlaws.runner.recorder import Recorder
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.plan import Plan, Planned, TargetPlan
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


class _Version(str):
    """As torch's: a string, and of a class of its own."""

    __slots__ = ()


def test_a_plan_is_plain_data(tmp_path: Path) -> None:
    """The process that reads it has to import nothing of the framework."""
    trial = Planned("own-a.b", "a.b", None, "pytest")
    version = {"version": _Version("1.0")}
    plan = Plan((TargetPlan(version, 3, (1, 2), False, (trial,)),), ("absent",), "a problem")
    plan.write(tmp_path / "plan")
    read = Plan.read(tmp_path / "plan")
    assert read == plan
    assert type(read.targets[0].target["version"]) is str


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


def test_one_fault_is_one_finding_with_workers_too(run: Any) -> None:
    """What builds on a violated claim is blocked, whichever worker ran it."""
    claims = [o for c in ("gradient.*", "train.step", "tie.gradients-add") for o in ("--claim", c)]
    quick = ("--adapter", "adapters:Doubling", *claims, "--hypothesis-profile", "quick")
    one, two = _run_both(run, *quick)
    verdicts = _verdicts(one)
    assert verdicts == _verdicts(two)
    blocked = [line for line in verdicts if "blocked by" in (line["message"] or "")]
    assert len(blocked) > 2
    assert [line["claim"] for line in verdicts if line["verdict"] == "violated"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--suite", "pytroch"), "--suite pytroch: unknown"),
        (("--suite", "reference", "--case", "no such"), "--case no such: unknown"),
        (("--adapter", "no.such:Suite"), "--adapter no.such:Suite: No module named 'no'"),
    ],
)
def test_a_wrong_option_is_refused_once(run: Any, options: tuple[str, ...], message: str) -> None:
    """By the process that was started, even where only its workers can know."""
    result = run(*options, "-n", "2")
    text = result.stdout.str() + result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert text.count(message) == 1
    assert "Traceback" not in text and "INTERNALERROR" not in text


def test_what_was_recorded_stays_when_a_worker_dies(run: Any) -> None:
    """The claim that killed it has begun, and has no verdict; the others have."""
    result = run("--adapter", "adapters:Deadly", "-n", "2", "--results", "deadly.jsonl")
    assert result.ret == 1
    lines = records(Path("deadly.jsonl"))
    ended = {(line["claim"], line["case"]) for line in lines if line["record"] == "verdict"}
    begun = {(line["claim"], line["case"]) for line in lines if line["record"] == "started"}
    assert ended and begun - ended
    assert lines[-1]["record"] != "footer"


def _record(claim: str, verdict: str) -> dict[str, Any]:
    return {"record": "verdict", "target": "t", "claim": claim, "case": None, "verdict": verdict}


@pytest.mark.parametrize("verdict", ["violated", "holds"])
def test_a_verdict_waits_for_those_that_it_builds_on(
    verdict: str, pytestconfig: pytest.Config
) -> None:
    """Whatever order they come in."""
    claim = CATALOGUE["gradient.value"]
    before = [claim.after[0], "gradient.shape"]
    trials = tuple(Planned(name, name, None, "pytest") for name in {*before, claim.id})
    target = TargetPlan({"id": "t"}, None, (), False, trials)
    recorder = Recorder(pytestconfig, Plan((target,)))
    recorder.record(_record(claim.id, "holds"))
    assert not recorder.records
    for name in dict.fromkeys(before):
        recorder.record(_record(name, verdict))
    (last,) = [record for record in recorder.records if record["claim"] == claim.id]
    assert last["verdict"] == ("holds" if verdict == "holds" else "errored")
