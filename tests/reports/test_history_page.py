"""Releases in the report: bars on the page of each claim, and what changed with each release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from paramlaws.reports import compat
from paramlaws.reports.cli import main
from paramlaws.reports.history import SinceWhen, courses, histories, markdown
from paramlaws.reports.releases import measured
from tests.reports import journals
from tests.reports.journals import MIXED

NAMES, VALUE, SHARED = (
    ("tie.state-dict", None),
    ("gradient.value", None),
    ("tie.same-parameter", "one-parameter"),
)
VERSIONS = ("1.9", "1.10", "1.11", "1.12")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Of one framework with four releases, and one with a single release."""
    folder = tmp_path_factory.mktemp("history")
    off = {"verdict": "violated", "message": "off", "counterexample": "Example(tiny)"}
    errored = {"verdict": "errored", "message": "TypeError: no"}
    for number, version in enumerate(VERSIONS):
        changes: dict[Any, Any] = {
            NAMES: {"behaviour": "once"} if number == 0 else MIXED[NAMES],
            VALUE: ({}, off, errored, {})[number],
            SHARED: MIXED[SHARED] if number < 2 else {},
        }
        lines = journals.released(journals.run("alpha", changes), version)
        journals.write(folder / f"alpha-{version}.jsonl", lines)
    journals.write(folder / "beta.jsonl", journals.run("beta"))
    hole = {"environment": "alpha-1.8", "suite": "alpha", "pins": ["alpha==1.8"], "reason": "gone"}
    holes = {"schema_version": 1, "holes": [hole]}
    (folder / "holes.json").write_text(json.dumps(holes), encoding="utf-8")
    return compat.compat(measured(folder))


CLAIMS = [{"id": claim, "revision": 1} for claim, _, _ in journals.CLAIMS]


def _course(table: Any, claim: str) -> Any:
    ((course,),) = (courses(table, CLAIMS, ["alpha", "beta"])[claim],)
    return course


def test_a_claim_has_its_course(table: Any) -> None:
    """A line for each answer, with its releases in words and as a bar."""
    course = _course(table, "gradient.value")
    assert (course.framework, course.versions) == ("Alpha", VERSIONS)
    assert [(line.statement["words"], line.text, line.pieces) for line in course.lines] == [
        ("holds", "until 1.9", ((1, True), (3, False))),
        (
            "violated: off",
            "since 1.10 (not in 1.9), until 1.10 or later",
            ((1, False), (1, True), (2, False)),
        ),
        ("errored", "in 1.11 only", ((2, False), (1, True), (1, False))),
        ("holds", "since 1.12 or earlier (not in 1.10)", ((3, False), (1, True))),
    ]


def test_cases_that_differ_are_named(table: Any) -> None:
    """And what all do alike is one line."""
    lines = _course(table, "tie.same-parameter").lines
    assert [line.cases for line in lines] == ["one-parameter", "one-parameter", "same-layer"]
    assert [line.cases for line in _course(table, "access.parameter-names").lines] == [""]


def test_a_course_knows_whether_anything_changed(table: Any) -> None:
    """That nothing is known of a release is no change."""
    changed = {claim: own[0].changes for claim, own in courses(table, CLAIMS, ["alpha"]).items()}
    assert changed == {
        "access.parameter-names": False,
        "gradient.value": True,
        "tie.same-parameter": True,
        "tie.state-dict": True,
    }


def test_nothing_is_said_of_another_revision(table: Any) -> None:
    """Nor of a framework with one release, nor of one that the report has not."""
    older = [{**claim, "revision": 2} for claim in CLAIMS]
    assert courses(table, older, ["alpha"]) == {}
    assert courses(table, CLAIMS, ["beta"]) == {}
    assert courses(compat.NOTHING, CLAIMS, ["alpha"]) == {}
    assert histories(compat.NOTHING, ["alpha"]) == []


def test_each_release_has_what_it_changed(table: Any) -> None:
    """The newest first; what is unknown changed nothing."""
    (history,) = histories(table, ["alpha", "beta"])
    assert [(step.before, step.after) for step in history.steps] == [
        ("1.11", "1.12"),
        ("1.10", "1.11"),
        ("1.9", "1.10"),
    ]
    last, middle, first = [[one.claim for one in step.changes] for step in history.steps]
    assert last == ["gradient.value"]
    assert middle == ["tie.same-parameter"]
    assert first == ["gradient.value", "tie.state-dict"]
    (change,) = history.steps[0].changes
    assert (change.before["words"], change.after["words"]) == ("violated: off", "holds")


def test_changes_are_written_as_markdown(table: Any) -> None:
    """Each in a line with its release, exactly or not."""
    text = markdown(table)
    assert "## Alpha, 1.9 to 1.12" in text
    assert "- **1.10** `gradient.value`, topic of gradient.value: holds → violated: off\n" in text
    assert "- **≤1.12** `gradient.value`, topic of gradient.value: violated: off → holds\n" in text
    assert "- **1.11** `tie.same-parameter` [one-parameter], " in text
    assert "- not run: `alpha==1.8`: gone" in text
    assert "Beta" not in text


# -- the page -------------------------------------------------------------------------------------
@pytest.fixture
def page(browser: Chrome, table: Any, tmp_path: Path) -> Chrome:
    """The report of the newest releases, opened from disk."""
    newest = journals.released(journals.run("alpha", {NAMES: MIXED[NAMES]}), "1.12")
    file = journals.write(tmp_path / "results.jsonl", [*newest, *journals.run("beta")])
    (tmp_path / "compat.json").write_text(json.dumps(table), encoding="utf-8")
    options = ["--output", str(tmp_path), "--compat", str(tmp_path / "compat.json")]
    assert main([str(file), *options]) == 0
    browser.get("about:blank")
    browser.get((tmp_path / "index.html").as_uri())
    return browser


def _go(browser: Chrome, address: str) -> str:
    browser.execute_script("location.hash = arguments[0]", address)
    return browser.find_element(By.CSS_SELECTOR, ".page.current").text


def test_the_page_of_a_claim_has_its_releases(page: Chrome) -> None:
    """In a table, whose bars are for the eye alone; it leads to the history of the framework."""
    text = _go(page, "claim:gradient.value")
    assert "violated: off" in text
    assert "since 1.10 (not in 1.9), until 1.10 or later" in text
    assert "smallest counterexample" in text
    shown = page.find_element(By.CSS_SELECTOR, ".page.current .course")
    bars = shown.find_elements(By.CSS_SELECTOR, ".bar")
    assert len(bars) == 4
    assert all(bar.get_attribute("aria-hidden") == "true" for bar in bars)
    widths = [part.size["width"] for part in bars[3].find_elements(By.TAG_NAME, "span")]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.1)
    shown.find_element(By.LINK_TEXT, "Alpha").click()
    assert page.current_url.endswith("#history:alpha")


def test_where_nothing_changed_releases_are_folded(page: Chrome) -> None:
    """They are there for whoever asks."""
    assert "Releases: nothing changed" in _go(page, "claim:access.parameter-names")
    shown = page.find_element(By.CSS_SELECTOR, ".page.current .course")
    assert not shown.is_displayed()


def test_differences_say_since_when(page: Chrome) -> None:
    """Behind the name of the target."""
    rows = page.find_elements(By.CSS_SELECTOR, ".differences tbody tr")
    text = next(row.text for row in rows if "tie.state-dict" in row.text)
    assert "Alpha since 1.10" in text


def test_since_when_is_said_where_it_is_known(table: Any) -> None:
    """And is the same in all of the cases."""
    target = {"id": "a", "suite": "alpha", "version": "1.12+cpu"}
    since = SinceWhen({"compat": table, "claims": CLAIMS, "targets": [target]})
    assert since("tie.state-dict", "a", [None]) == "since 1.10"
    assert since("tie.same-parameter", "a", ["one-parameter"]) == "since 1.11"
    assert since("tie.same-parameter", "a", ["one-parameter", "same-layer"]) == ""
    other = SinceWhen({"compat": table, "claims": CLAIMS, "targets": [{**target, "version": "2"}]})
    assert other("tie.state-dict", "a", [None]) == ""
    alone = {**target, "suite": "beta", "version": "1.0"}
    single = SinceWhen({"compat": table, "claims": CLAIMS, "targets": [alone]})
    assert single("gradient.value", "a", [None]) == ""


def test_the_page_of_a_framework_has_its_changes(page: Chrome) -> None:
    """From the overview, by a link; with what could not be run."""
    page.find_element(By.CSS_SELECTOR, "a[href='#history:alpha']").click()
    text = page.find_element(By.CSS_SELECTOR, ".page.current").text
    assert "Alpha, release by release" in text
    assert "alpha==1.8: gone" in text
    assert text.index("1.11 → 1.12") < text.index("1.10 → 1.11") < text.index("1.9 → 1.10")
    assert "in 1.10; nothing is known of those between" in text


@pytest.mark.parametrize("address", ["claim:gradient.value", "history:alpha"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_read_it(page: Chrome, address: str, width: int) -> None:
    """Nothing is found by axe-core, and nothing is wider than the screen."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        _go(page, address)
        found = Axe().run(page)["violations"]
        assert [(breach["id"], breach["nodes"][0]["html"]) for breach in found] == []
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.execute_script(wide) <= 0
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_table_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is written."""
    file = journals.write(tmp_path / "results.jsonl", journals.run())
    (tmp_path / "compat.json").write_text("{}", encoding="utf-8")
    options = ["--output", str(tmp_path / "html"), "--compat", str(tmp_path / "compat.json")]
    assert main([str(file), *options]) == 2
    assert "compat.json" in capsys.readouterr().err
    assert not (tmp_path / "html").exists()
