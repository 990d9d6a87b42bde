"""What changed between two reports: in words, as a page, and by the exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from paramlaws.reports.cli import main
from paramlaws.reports.diff import diff
from paramlaws.reports.show import show
from tests.reports.journals import MIXED, header, released, run, write
from tests.running import status

GOOD = ("gradient.value", None)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _report(name: str, *runs: list[dict[str, Any]]) -> str:
    file = write(Path(f"{Path(name).name}.jsonl"), [line for lines in runs for line in lines])
    assert main([str(file), "--output", name]) == 0
    return name


def _version(version: str, verdicts: Any = None) -> list[dict[str, Any]]:
    """A run of another version of alpha."""
    return released(run("alpha", verdicts), version)


@pytest.mark.parametrize(
    ("before", "after", "ended", "said"),
    [
        ({}, {}, 0, "0 changes on 1 target"),
        ({}, {"verdict": "violated"}, 1, "1 change on 1 target, of which 1 for the worse"),
        ({}, {"verdict": "departs", "behaviour": "odd"}, 1, "of which 1 for the worse"),
        ({"verdict": "violated"}, {}, 0, "1 change on 1 target, of which 0"),
        ({"verdict": "violated"}, {"verdict": "errored"}, 0, "1 change on 1 target, of which 0"),
        ({"behaviour": "one"}, {"behaviour": "other"}, 0, "1 change on 1 target, of which 0"),
        ({"verdict": "departs"}, {"verdict": "unsupported"}, 0, "of which 0 for the worse"),
        ({"verdict": "unsupported"}, {"verdict": "stale"}, 1, "of which 1 for the worse"),
    ],
)
def test_the_status_says_whether_anything_got_worse(
    before: Any, after: Any, ended: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A step down does; another answer of the same rank does not."""
    old = _report("old", run(verdicts={GOOD: before}))
    new = _report("new", run(verdicts={GOOD: after}))
    capsys.readouterr()
    assert status(diff, [old, new]) == ended
    assert said in capsys.readouterr().out


def test_what_is_missing_is_worse(capsys: pytest.CaptureFixture[str]) -> None:
    """A result that is gone cannot be better; targets and claims that came or went are named."""
    old = _report("old", run("alpha"), run("beta"))
    lines = run("alpha", keys=[("gradient.value", None)])
    write(Path("new.jsonl"), [*lines, *run("gamma")])
    assert main(["new.jsonl", "--output", "new"]) == 0
    capsys.readouterr()
    assert status(diff, [old, "new"]) == 1
    said = capsys.readouterr().out
    assert "not-run" in said
    assert "new: target gamma-1.0" in said and "gone: target beta-1.0" in said


def test_other_claims_are_compared_by_what_both_have(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Claims that came or went are named; the others are compared."""
    old = _report("old", run())
    lines = run()
    claim = {**header()["claims"][0], "id": "new.claim", "group": "new"}
    lines[0] = {**lines[0], "claims": [*lines[0]["claims"], claim]}
    new = _report("new", lines)
    capsys.readouterr()
    assert status(diff, [old, new]) == 0
    assert "new: claim new.claim" in capsys.readouterr().out


def test_a_new_version_is_the_same_target(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is one of a suite before and after."""
    old = _report("old", _version("1.0"))
    new = _report("new", _version("2.0", {GOOD: {"behaviour": "odd"}}))
    capsys.readouterr()
    assert status(diff, [old, new]) == 0
    said = capsys.readouterr().out
    assert "Alpha 1.0 → Alpha 2.0" in said and "odd" in said


def test_the_page_of_changes(browser: Chrome, tmp_path: Path) -> None:
    """The same in a browser; and hostile text is text there, too."""
    hostile = "<script>document.title = 1</script>"
    old = _report("old", run())
    new = _report("new", run(verdicts={**MIXED, GOOD: {"verdict": "errored", "message": hostile}}))
    assert status(diff, [old, new, "--output", "out"]) == 1
    found = json.loads(Path("out/change.json").read_text(encoding="utf-8"))
    browser.get((tmp_path / "out" / "change.html").as_uri())
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
    assert len(rows) == len(found["changes"]) == 4
    assert rows[0].text.count("worse") == 1
    for summary in browser.find_elements(By.TAG_NAME, "summary"):
        summary.click()
    assert hostile in browser.find_element(By.TAG_NAME, "body").text
    assert browser.title == "What changed in how frameworks manage parameters"
    assert browser.get_log("browser") == []
    found = Axe().run(browser)["violations"]
    assert [(breach["id"], breach["nodes"][0]["html"]) for breach in found] == []


def test_versions_beside_each_other(browser: Chrome, tmp_path: Path) -> None:
    """A report of several versions says in which of them a behaviour changed."""
    runs = [_version("1.9"), _version("1.10", {GOOD: {"behaviour": "odd"}}), _version("2.0")]
    _report("out", *runs)
    browser.get((tmp_path / "out" / "index.html").as_uri())
    section = browser.find_element(By.CSS_SELECTOR, 'section[aria-labelledby="versions"]').text
    assert section.index("1.9 → 1.10") < section.index("1.10 → 2.0")
    assert section.count("topic of gradient.value ● holds odd ● holds") == 1
    assert section.count("topic of gradient.value") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([diff, "none.json", "old"], "none.json: cannot be read"),
        ([diff, "old", "empty"], "empty/report.json: cannot be read"),
        ([diff, "text.json", "old"], "text.json: not a report"),
        ([diff, "old", "altered.json"], "altered.json: it has verdicts of 'nobody'"),
        ([diff, "other.json", "old"], "other.json: the whole: 'schema_version' is a required"),
        ([show, "tie.none", "--report", "old"], "tie.none: there is no such claim; there are"),
        ([show, "tie.*", "--report", "old", "--target", "x"], "--target x: there is no such"),
        ([show, "tie.*", "--report", "none"], "none: cannot be read"),
    ],
)
def test_bad_input_is_one_clear_error(
    words: list[Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the value and the way out, with status 2."""
    _report("old", run())
    Path("empty").mkdir()
    Path("text.json").write_text("text")
    Path("other.json").write_text("{}")
    altered = json.loads(Path("old/report.json").read_text(encoding="utf-8"))
    altered["verdicts"][0]["target"] = "nobody"
    Path("altered.json").write_text(json.dumps(altered), encoding="utf-8")
    capsys.readouterr()
    command, *arguments = words
    assert status(command, arguments) == 2
    assert said in capsys.readouterr().err


def test_one_claim_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """All its cells, or one with everything about it."""
    _report("reports/html", run("alpha"), run("beta", MIXED))
    capsys.readouterr()
    assert status(show, ["gradient.value"]) == 0
    said = capsys.readouterr().out
    assert "Alpha 1.0" in said and "violated" in said
    assert "--suite beta --claim gradient.value" in said
    assert status(show, ["gradient.*", "--target", "alpha"]) == 0
    said = capsys.readouterr().out
    assert "violated" not in said
    assert "--suite alpha --claim gradient.value --hypothesis-seed 7" in said
