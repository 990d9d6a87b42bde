"""What fails comes first, and what causes it before what it blocks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from paramlaws.reports.cli import main
from paramlaws.reports.failures import failures, run_nowhere
from tests.reports.journals import POWER, Key, run, write, write_power

AGAIN = "pytest --pyargs paramlaws.specs --suite alpha"
NAMES, VALUE = ("access.parameter-names", None), ("gradient.value", None)
FAILING: dict[Key, dict[str, Any]] = {
    # Earlier in the catalogue than what blocks it.
    NAMES: {
        "verdict": "errored",
        "message": "nothing is left to judge",
        "blocked": {"gradient.value": 3},
    },
    VALUE: {
        "verdict": "violated",
        "message": "2 instead of 1\n  in f",
        "counterexample": "Example(Architecture(1, (Dense(1),)))",
        "reproduce": "pytest --suite alpha --claim gradient.value --example 'Example(…)'",
    },
    ("tie.same-parameter", "same-layer"): {
        "verdict": "errored",
        "message": "KeyError: 0",
        "counterexample": "Example(Architecture(1, (Dense(1),)))",
        "blocked": {"gradient.value": 1},
    },
}


def _report(folder: Path, *lines: dict[str, Any]) -> dict[str, Any]:
    file = write(folder / "results.jsonl", lines)
    power = write_power(folder / "power")
    assert main([str(file), "--output", str(folder), "--power", str(power)]) == 0
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def test_causes_come_before_what_they_block(tmp_path: Path) -> None:
    """One that failed on an example of its own is a cause, though others were blocked."""
    found = failures(_report(tmp_path, *run("alpha", FAILING)))
    assert [(one.text, one.blocked_by) for one in found] == [
        ("topic of gradient.value on Alpha: violated: 2 instead of 1", ()),
        ("topic of tie.same-parameter [same-layer] on Alpha: errored: KeyError: 0", ()),
        (
            "topic of access.parameter-names on Alpha: errored: blocked by gradient.value",
            ("gradient.value",),
        ),
    ]
    assert [one.command for one in found] == [
        "pytest --suite alpha --claim gradient.value --example 'Example(…)'",
        f"{AGAIN} --claim tie.same-parameter --hypothesis-seed 7",
        f"{AGAIN} --claim access.parameter-names --hypothesis-seed 7",
    ]


def test_the_first_screen_begins_with_what_fails(browser: Chrome, tmp_path: Path) -> None:
    """Each with its mark and its command; what is blocked is folded."""
    _report(tmp_path, *run("alpha", FAILING))
    browser.get((tmp_path / "index.html").as_uri())
    heads = [head.text for head in browser.find_elements(By.TAG_NAME, "h2") if head.is_displayed()]
    assert heads[0] == "What fails"
    section = browser.find_element(By.CSS_SELECTOR, 'section[aria-labelledby="failures"]')
    shown = section.text.splitlines()
    assert shown[1:4] == [
        "✖ violated topic of gradient.value on Alpha",
        "2 instead of 1",
        str(FAILING[VALUE]["reproduce"]),
    ]
    assert shown[-1] == "1 more cannot be judged, since what it builds on fails"
    section.find_element(By.TAG_NAME, "summary").click()
    text = section.text.removesuffix("\nCopy")
    assert text.endswith("--claim access.parameter-names --hypothesis-seed 7")
    assert "blocked by gradient.value" in section.text


def test_violations_come_before_errors(tmp_path: Path) -> None:
    """They say something of the framework; an error may be the adapter's."""
    rows = {NAMES: {"verdict": "errored", "message": "no"}, VALUE: {"verdict": "violated"}}
    found = failures(_report(tmp_path, *run("alpha", rows)))
    assert [one.cell for one in found] == ["gradient.value", "access.parameter-names"]


def test_a_case_that_is_the_only_one_is_not_named(tmp_path: Path) -> None:
    """It would tell nothing."""
    text = json.dumps(run("alpha", {("tie.same-parameter", "same-layer"): FAILING[VALUE]}))
    lines = json.loads(text.replace("same-layer", "the only way, same-layer"))
    (found,) = failures(_report(tmp_path, *lines))
    assert found.title == "topic of tie.same-parameter [same-layer]"


def test_the_first_screen_says_that_nothing_fails(browser: Chrome, tmp_path: Path) -> None:
    """Where it is so."""
    _report(tmp_path, *run("alpha"))
    browser.get((tmp_path / "index.html").as_uri())
    section = browser.find_element(By.CSS_SELECTOR, 'section[aria-labelledby="failures"]')
    assert section.text.splitlines() == [
        "What fails",
        "Nothing fails: 5 checks hold or depart as declared.",
    ]


def test_faults_are_told_of_the_frameworks_that_are_there(browser: Chrome, tmp_path: Path) -> None:
    """What was measured on others says nothing of them."""
    assert POWER["alpha.json"]["suite"] == "alpha"
    _report(tmp_path, *run("beta"))
    browser.get((tmp_path / "index.html").as_uri())
    assert not browser.find_elements(By.CLASS_NAME, "figure")
    browser.get(f"{(tmp_path / 'index.html').as_uri()}#faults")
    assert "Not measured on this target" in browser.find_element(By.ID, "faults").text
    assert "Gradients are rounded" not in browser.find_element(By.ID, "faults").text


def test_claims_that_were_run_nowhere_are_counted(tmp_path: Path) -> None:
    """By name, in every form of the report; one that is unsupported is none of them."""
    few = run("alpha", {NAMES: {"verdict": "unsupported"}}, keys=[NAMES, VALUE])
    few[0]["planned"] = few[0]["planned"][:2]
    said = "2 of 4 claims were run nowhere: tie.same-parameter and tie.state-dict."
    assert run_nowhere(_report(tmp_path, *few)) == said
    assert said in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "2 of 4 claims were run nowhere" in (tmp_path / "summary.md").read_text("utf-8")


def test_a_violation_is_not_said_to_rest_on_no_examples(browser: Chrome, tmp_path: Path) -> None:
    """The one that it fails on is one."""
    row = {**FAILING[VALUE], "examples": 0, "fixed": 0, "drawn": 0, "distinct": 0}
    _report(tmp_path, *run("alpha", {VALUE: row}))
    browser.get(f"{(tmp_path / 'index.html').as_uri()}#claim:gradient.value@alpha")
    shown = browser.find_element(By.ID, "claim:gradient.value@alpha").text
    assert "fails on the one above in" in shown
    assert "0 judged" not in shown
