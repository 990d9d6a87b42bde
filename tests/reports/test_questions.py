"""The questions of docs/report.md, on results of the real frameworks: the answers are there."""

from __future__ import annotations

import lzma
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_core_python.selenium import Axe
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


@pytest.mark.parametrize(
    ("words", "claims"),
    [
        ("weight tying", {"tie.same-parameter", "tie.survives-copy", "tie.gradients-add"}),
        ("state_dict", {"tie.state-dict", "persist.roundtrip"}),
        ("deepcopy", {"tie.survives-copy"}),
        ("freeze", {"gradient.frozen"}),
        ("zero_grad", {"gradient.reset"}),
        ("gradient accumulation", {"gradient.second-backward"}),
        ("lazy", {"construct.lazy-shapes"}),
        ("xavier", {"init.default-weight"}),
        # In nothing that a claim says, but in code.
        ("tree_leaves_with_path", {"listing.order"}),
        ("ParameterDict.save", {"persist.roundtrip"}),
    ],
)
def test_the_words_of_the_field_lead_to_claims(
    browser: Chrome, report: Path, words: str, claims: set[str]
) -> None:
    """Not to all of them, and the first one is on the screen."""
    _look(browser, report, f"?q={quote(words)}")
    rows = browser.find_elements(By.CSS_SELECTOR, "#verdicts tr[data-claim]")
    shown = [row for row in rows if row.is_displayed()]
    assert claims <= {row.get_attribute("data-claim") for row in shown}
    assert len(shown) < len(rows) / 2
    place = browser.execute_script("return arguments[0].getBoundingClientRect()", shown[0])
    height = browser.execute_script("return innerHeight")
    assert place["top"] >= 0 and place["bottom"] <= height


def test_the_name_of_a_target_shows_its_column(browser: Chrome, report: Path) -> None:
    """As people say it, with all claims or those that are asked for, too."""
    for words, most in (("keras 3", 100), ("keras 3 weight tying", 20)):
        _look(browser, report, f"?q={quote(words)}")
        heads = browser.find_elements(By.CSS_SELECTOR, "#verdicts th[data-target]")
        (head,) = [head for head in heads if head.is_displayed()]
        assert "Keras 3" in head.text
        rows = browser.find_elements(By.CSS_SELECTOR, "#verdicts tr[data-claim]")
        assert 0 < sum(row.is_displayed() for row in rows) < most


def _look(browser: Chrome, report: Path, address: str) -> None:
    browser.get("about:blank")
    browser.get(f"{(report / 'index.html').as_uri()}#{address}")


PAGES = ["", "claim:tie.survives-save-load", "claim:train.shared-layer", "target:jax", "faults"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_fit_a_narrow_screen(browser: Chrome, report: Path, address: str) -> None:
    """With six targets, sixteen ways of saving and long names."""
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        _look(browser, report, address)
        wide = "return document.documentElement.scrollWidth - innerWidth"
        assert browser.execute_script(wide) <= 0
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("address", PAGES)
def test_everybody_can_read_the_real_pages(browser: Chrome, report: Path, address: str) -> None:
    """Nothing at all is found by axe-core; no id is there twice, on no page."""
    _look(browser, report, address)
    ids = browser.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    # It would look at each element of all that is hidden, too.
    browser.execute_script(
        "for (const page of document.querySelectorAll('.page:not(.current)')) page.remove()"
    )
    found = Axe().run(browser)["violations"]
    assert [(breach["id"], breach["nodes"][0]["html"]) for breach in found] == []


def test_the_longest_page_is_short(browser: Chrome, report: Path) -> None:
    """Equal cases stand together, and a departure is told once."""
    _look(browser, report, "claim:tie.survives-save-load")
    page = browser.find_element(By.CSS_SELECTOR, ".page.current")
    assert page.size["height"] < 6000
    departures = page.find_elements(By.CSS_SELECTOR, ".departure")
    texts = [departure.text for departure in departures]
    assert texts and len(texts) == len(set(texts))
