"""The page, opened in headless Chromium: the matrix says what report.json says."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from paramlaws.reports.cli import main
from tests.reports.journals import DEPARTURE, MIXED, UNSUPPORTED, run, write

HOSTILE = '</style></pre><script>document.title = "run"</script><img src=x onerror="alert(1)">'


def _program(variable: str, *names: str) -> str:
    """The program that a variable names, or the first of `names` on PATH; else a skip."""
    if variable in os.environ:
        return os.environ[variable]
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip(f"no {names[0]} on PATH; install it, or name it in {variable}")
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Headless Chromium with a profile of its own."""
    options = ChromeOptions()
    options.binary_location = _program(
        "PARAMLAWS_CHROMIUM", "chromium", "chromium-browser", "google-chrome"
    )
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "window-size=1280,900",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(_program("PARAMLAWS_CHROMEDRIVER", "chromedriver"))
    driver = Chrome(options, service)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Chrome, tmp_path: Path) -> tuple[Chrome, dict[str, Any]]:
    """A report of two targets and a missing one, with hostile text in it, opened from disk."""
    hostile = {
        ("gradient.value", None): {
            "verdict": "errored",
            "message": HOSTILE,
            "counterexample": HOSTILE,
            "reproduce": HOSTILE,
        },
        ("tie.state-dict", None): {
            "verdict": "departs",
            "behaviour": HOSTILE,
            "departures": [{**DEPARTURE, "link": "javascript:alert(1)", "reproducer": HOSTILE}],
        },
    }
    lines = [*run("alpha", hostile), *run("beta", MIXED)]
    file = write(tmp_path / "results.jsonl", lines)
    assert main([str(file), "--output", str(tmp_path), "--expect", f"gamma={HOSTILE}"]) == 0
    browser.get((tmp_path / "index.html").as_uri())
    return browser, json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


def _worst(report: dict[str, Any], claim: str, target: str) -> str:
    order = ("errored", "violated", "stale", "not-run", "departs", "holds", "unsupported")
    rows = [r for r in report["verdicts"] if (r["claim"], r["target"]) == (claim, target)]
    return min((row["verdict"] for row in rows), key=order.index)


def test_the_matrix_is_that_of_the_data(page: tuple[Chrome, dict[str, Any]]) -> None:
    """Cell by cell: by what a reader sees, and by what a program reads."""
    browser, report = page
    cells = browser.find_elements(By.CSS_SELECTOR, "#verdicts td")
    assert len(cells) == len(report["claims"]) * len(report["targets"])
    for cell in cells:
        claim, target = cell.get_attribute("data-claim"), cell.get_attribute("data-target")
        assert claim and target
        worst = _worst(report, claim, target)
        assert cell.get_attribute("data-verdict") == worst
        assert worst in cell.find_element(By.CLASS_NAME, "verdict").text
    heads = browser.find_elements(By.CSS_SELECTOR, "#verdicts thead th")
    assert [head.text.split("\n")[0] for head in heads[1:]] == [
        target["framework"] for target in report["targets"]
    ]


def _open(browser: Chrome, claim: str, target: str) -> Any:
    cell = browser.find_element(
        By.CSS_SELECTOR, f'td[data-claim="{claim}"][data-target="{target}"]'
    )
    details = cell.find_element(By.CLASS_NAME, "details")
    assert not details.is_displayed()
    button = cell.find_element(By.TAG_NAME, "button")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    assert details.is_displayed()
    return details


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        (
            "gradient.value",
            [
                "What gradient.value says.",
                "all editions",
                "104 in 0.5 s",
                *(str(MIXED["gradient.value", None][key]) for key in ("message", "counterexample")),
                "pytest --suite beta --claim gradient.value",
            ],
        ),
        ("tie.state-dict", [DEPARTURE["reason"], DEPARTURE["link"], DEPARTURE["reproducer"]]),
        ("tie.same-parameter", [UNSUPPORTED["reason"], UNSUPPORTED["link"], "one-parameter"]),
    ],
)
def test_details_are_one_click_away(
    page: tuple[Chrome, dict[str, Any]], claim: str, shown: list[str]
) -> None:
    """Statement, source, examples; counterexample and command; reason and link."""
    browser, _ = page
    text = _open(browser, claim, "beta-1.0").text
    for words in shown:
        assert words in text


def test_hostile_text_is_text(page: tuple[Chrome, dict[str, Any]]) -> None:
    """It is shown as it was written, runs nothing and links nowhere."""
    browser, _ = page
    assert HOSTILE in _open(browser, "gradient.value", "alpha-1.0").text
    assert browser.title == "How frameworks manage parameters"
    assert not browser.find_elements(By.CSS_SELECTOR, "script, img")
    schemes = {
        a.get_attribute("href").split(":")[0] for a in browser.find_elements(By.TAG_NAME, "a")
    }
    assert schemes == {"https"}


def test_the_page_needs_nothing_else(page: tuple[Chrome, dict[str, Any]]) -> None:
    """No errors, no requests, no overflow of the page on a laptop's screen."""
    browser, _ = page
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    width = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(width) <= 0
