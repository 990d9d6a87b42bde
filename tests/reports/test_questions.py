"""The questions of docs/report.md, on results of the real frameworks: the answers are there."""

from __future__ import annotations

import lzma
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from paramlaws.reports.cli import main

HERE = Path(__file__).parent
#: What a run with the profile `quick` recorded on each framework.
REAL = sorted((HERE / "real").glob("*.jsonl.xz"))
TEXT = (HERE.parent.parent / "docs" / "report.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<question>[^|]*\?) \| `(?P<open>#[^`]*)` \| (?P<where>[^|]*) \|$", re.M)
QUESTIONS = [row.groupdict() for row in ROW.finditer(TEXT)]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of these runs."""
    folder = tmp_path_factory.mktemp("real")
    files = []
    for packed in REAL:
        files.append(folder / packed.stem)
        files[-1].write_bytes(lzma.decompress(packed.read_bytes()))
    assert main([*map(str, files), "--output", str(folder)]) == 0
    return folder


def test_there_are_ten() -> None:
    """And six frameworks that they can be asked of."""
    assert len(QUESTIONS) == 10
    assert len(REAL) == 6


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_a_question_is_answered_where_it_says(
    browser: Chrome, report: Path, asked: dict[str, str]
) -> None:
    """After opening the address, and a click on a cell where one is needed."""
    address = asked["open"][1:]
    browser.get("about:blank")
    browser.get(f"{(report / 'index.html').as_uri()}#{quote(address, safe='?=@:/')}")
    answers = re.findall("`([^`]*)`", asked["where"])
    if "a click on the cell" in asked["where"]:
        cells = browser.find_elements(By.CSS_SELECTOR, "#verdicts td:not(.dim) a")
        next(cell for cell in cells if cell.is_displayed()).click()
    shown = "\n".join(
        part.text
        for part in browser.find_elements(By.CSS_SELECTOR, "#found, #verdicts, .page")
        if part.is_displayed()
    )
    assert answers and [answer for answer in answers if answer not in shown] == []
    assert browser.get_log("browser") == []


def test_differences_are_in_plain_words(browser: Chrome, report: Path) -> None:
    """On the first screen: what Keras 2 and 3 do with a layer added twice, and so on."""
    browser.get("about:blank")
    browser.get((report / "index.html").as_uri())
    lines = {
        row.find_element(By.TAG_NAME, "th").text: row.find_element(By.TAG_NAME, "td").text
        for row in browser.find_elements(By.CSS_SELECTOR, ".differences tbody tr")
    }
    twice = lines["a layer added twice"]
    assert re.search(r"is listed twice: .*Keras 3 \(TensorFlow\) ◆", twice)
    assert re.search(r"is listed once: Keras 2 \(TensorFlow\)", twice)
    assert "is None: PyTorch" in lines["gradient before any backward pass"]


def test_pictures_are_there(browser: Chrome, report: Path) -> None:
    """Initial weights, ties, gradients of tied layers, training: with words for each."""
    for claim, words in (
        ("init.default-weight", "16,384 weights"),
        ("tie.gradients-add", "element 0:"),
        ("train.shared-layer", "loss "),
    ):
        browser.get("about:blank")
        browser.get(f"{(report / 'index.html').as_uri()}#claim:{claim}")
        pictures = browser.find_elements(By.CSS_SELECTOR, ".page.current > figure svg")
        labels = [str(picture.get_attribute("aria-label")) for picture in pictures]
        assert any(words in label and "MXNet" in label for label in labels), labels
        assert all(picture.is_displayed() for picture in pictures)
