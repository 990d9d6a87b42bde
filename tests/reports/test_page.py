"""The page, opened in headless Chromium: it says what report.json says, and can be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from paramlaws.reports.cli import main
from paramlaws.reports.page import render
from tests.reports.browser import chromium
from tests.reports.journals import CLAIMS, DEPARTURE, MIXED, UNSUPPORTED, run, write, write_power

HOSTILE = (
    '</style></pre></script><script>document.title = "run"</script><img src=x onerror="alert(1)">'
)


@pytest.fixture
def page(browser: Chrome, tmp_path: Path) -> tuple[Chrome, dict[str, Any]]:
    """A report of two targets and a missing one, with hostile text in it, opened from disk."""
    hostile = {
        ("gradient.value", None): {
            "verdict": "errored",
            "message": HOSTILE,
            "counterexample": HOSTILE,
            "reproduce": HOSTILE,
            "explored": [],
            "verbs": [],
        },
        ("tie.state-dict", None): {
            "verdict": "departs",
            "behaviour": HOSTILE,
            "departures": [{**DEPARTURE, "link": "javascript:alert(1)", "reproducer": HOSTILE}],
        },
    }
    lines = [*run("alpha", hostile), *run("beta", MIXED)]
    file = write(tmp_path / "results.jsonl", lines)
    options = ["--output", str(tmp_path), "--power", str(write_power(tmp_path / "power"))]
    assert main([str(file), *options, "--expect", f"gamma={HOSTILE}"]) == 0
    # From one report to another with the same address there would be no loading.
    browser.get("about:blank")
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
        said = str(cell.find_element(By.CLASS_NAME, "verdict").get_attribute("textContent"))
        assert worst in said
    heads = browser.find_elements(By.CSS_SELECTOR, "#verdicts thead th")
    assert [head.text.split("\n")[0] for head in heads[1:]] == [
        target["framework"] for target in report["targets"]
    ]


def _look_of(browser: Chrome, part: Any) -> tuple[str, ...]:
    names = ("background-color", "color", "font-weight")
    script = "return getComputedStyle(arguments[0]).getPropertyValue(arguments[1])"
    return tuple(str(browser.execute_script(script, part, name)) for name in names)


def test_colour_marks_trouble_only(page: tuple[Chrome, dict[str, Any]]) -> None:
    """What failed has a colour behind it; whatever holds or departs has none."""
    browser, _ = page
    looks: dict[str, set[tuple[str, ...]]] = {}
    for cell in browser.find_elements(By.CSS_SELECTOR, "#verdicts td"):
        verdict = str(cell.get_attribute("data-verdict"))
        looks.setdefault(verdict, set()).add(_look_of(browser, cell.find_element(By.TAG_NAME, "a")))
    none = "rgba(0, 0, 0, 0)"
    behind = {verdict: {look[0] for look in own} for verdict, own in looks.items()}
    for quiet in ("holds", "departs", "not-run"):
        assert behind[quiet] == {none}, quiet
    assert none not in behind["violated"] | behind["errored"]
    assert behind["violated"] != behind["errored"]


def test_equal_answers_look_equal(page: tuple[Chrome, dict[str, Any]], tmp_path: Path) -> None:
    """Also where one of them is what the book says and the other a departure."""
    browser, _ = page
    same = {"behaviour": "per-name", "expected": "per-name"}
    key = ("tie.state-dict", None)
    lines = [*run("alpha", {key: same}), *run("beta", {key: MIXED[key]})]
    file = write(tmp_path / "same.jsonl", lines)
    assert main([str(file), "--output", str(tmp_path / "same")]) == 0
    browser.get((tmp_path / "same" / "index.html").as_uri())
    row = browser.find_element(By.CSS_SELECTOR, '#verdicts tr[data-claim="tie.state-dict"]')
    one, other = row.find_elements(By.CLASS_NAME, "behaviour")
    assert one.text == other.text == "under each name"
    assert _look_of(browser, one) == _look_of(browser, other)
    departs = other.find_element(By.XPATH, "..")
    assert "departs" in departs.text


def test_on_paper_everything_is_open(page: tuple[Chrome, dict[str, Any]]) -> None:
    """And closed again afterwards, but for what a reader had opened."""
    browser, _ = page
    _go(browser, "claim:gradient.value@beta")
    shown = _shown(browser)
    opened = shown.find_element(By.TAG_NAME, "details")
    opened.find_element(By.TAG_NAME, "summary").click()
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert shown.find_elements(By.CSS_SELECTOR, "details:not([open])") == []
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert shown.find_elements(By.CSS_SELECTOR, "details[open]") == [opened]


def _go(browser: Chrome, address: str) -> None:
    """Follows a link to a part of the page."""
    browser.execute_script("location.hash = arguments[0]", address)


def _shown(browser: Chrome) -> Any:
    (page,) = [p for p in browser.find_elements(By.CLASS_NAME, "page") if p.is_displayed()]
    return page


def _open(browser: Chrome, claim: str, target: str) -> Any:
    """What a click on a cell leads to: the part of the claim's page about the target."""
    cell = browser.find_element(
        By.CSS_SELECTOR, f'td[data-claim="{claim}"][data-target="{target}"] a'
    )
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)
    cell.click()
    assert _shown(browser).get_attribute("id") == f"claim:{claim}"
    for summary in _shown(browser).find_elements(By.TAG_NAME, "summary"):
        summary.click()
    return browser.find_element(By.ID, f"claim:{claim}@{target.partition('-')[0]}")


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        (
            "gradient.value",
            [
                "fails on the one above; passes on 104 others (100 drawn, 4 fixed; 90 distinct)",
                *(str(MIXED["gradient.value", None][key]) for key in ("message", "counterexample")),
                "pytest --suite beta --claim gradient.value",
                "return 'native'",
                "layers (down) by width",
            ],
        ),
        (
            "tie.state-dict",
            [
                *(DEPARTURE[key] for key in ("reason", "link", "reproducer")),
                "once, as the chapter says",
            ],
        ),
        ("tie.same-parameter", [UNSUPPORTED["reason"], UNSUPPORTED["link"], "one-parameter"]),
        (
            "access.parameter-names",
            [
                "--suite beta --claim access.parameter-names",
                "kernel-bias, as documented: https://example.org/names",
            ],
        ),
    ],
)
def test_a_cell_leads_to_everything_about_it(
    page: tuple[Chrome, dict[str, Any]], claim: str, shown: list[str]
) -> None:
    """Examples, counterexample and command; reason and link; the adapter's lines."""
    browser, _ = page
    text = _open(browser, claim, "beta-1.0").text
    for words in shown:
        assert words in text
    whole = _shown(browser).text
    for words in (f"What {claim} says.", f"topic of {claim}", "all editions", f"# {claim}"):
        assert words in whole


def test_a_picture_shows_what_examples_were_like(page: tuple[Chrome, dict[str, Any]]) -> None:
    """How many had which values, by number and by shade."""
    browser, _ = page
    table = _open(browser, "gradient.value", "beta-1.0").find_element(By.TAG_NAME, "table")
    cells = [
        (td.text, td.get_attribute("class"))
        for td in table.find_elements(By.CSS_SELECTOR, "tbody td")
    ]
    assert [text for text, _ in cells] == ["·", "4", "100", "·"]
    assert cells[1][1] == "shade1" and cells[2][1] == "shade4"


def test_hostile_text_is_text(page: tuple[Chrome, dict[str, Any]]) -> None:
    """It is shown as it was written, runs nothing and links nowhere."""
    browser, _ = page
    assert HOSTILE in _open(browser, "gradient.value", "alpha-1.0").text
    assert browser.title.endswith("How frameworks manage parameters")
    assert not browser.find_elements(By.TAG_NAME, "img")
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 2
    links = [str(a.get_attribute("href")) for a in browser.find_elements(By.TAG_NAME, "a")]
    assert {link.split(":")[0] for link in links} == {"https", "file"}


def test_code_in_texts_is_marked(page: tuple[Chrome, dict[str, Any]]) -> None:
    """And only that: what stands around it, and in it, is text."""
    _, report = page
    report["claims"][0]["statement"] = "It is `None` or `<b>`, & `never"
    said = "It is <code>None</code> or <code>&lt;b&gt;</code>, &amp; `never</p>"
    assert said in render(report)


def test_no_other_script_may_run(page: tuple[Chrome, dict[str, Any]]) -> None:
    """The policy in the page stops one that got in all the same."""
    browser, _ = page
    browser.execute_script(
        "const made = document.createElement('script'); made.textContent = 'document.title = 1';"
        "document.body.append(made)"
    )
    assert browser.title == "How frameworks manage parameters"
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def test_the_page_needs_nothing_else(page: tuple[Chrome, dict[str, Any]]) -> None:
    """No errors, no requests, no overflow of the page on a laptop's screen."""
    browser, _ = page
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    width = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(width) <= 0


def _claims(browser: Chrome) -> list[str]:
    rows = browser.find_elements(By.CSS_SELECTOR, "#verdicts tr[data-claim]")
    return [str(row.get_attribute("data-claim")) for row in rows if row.is_displayed()]


def _targets(browser: Chrome) -> list[str]:
    heads = browser.find_elements(By.CSS_SELECTOR, "#verdicts th[data-target]")
    return [str(head.get_attribute("data-target")) for head in heads if head.is_displayed()]


@pytest.mark.parametrize(
    ("query", "claims"),
    [
        ("verdict:departs", ["tie.state-dict"]),
        ("verdict:viol", ["gradient.value"]),
        ("verdict:violated target:alpha", []),
        ("verdict:violated target:beta", ["gradient.value"]),
        ("behaviour:kernel", ["access.parameter-names"]),
        ("group:tie", ["tie.same-parameter", "tie.state-dict"]),
        ("claim:state", ["tie.state-dict"]),
        ("is:failing", ["gradient.value"]),
        ("is:different", ["gradient.value", "tie.state-dict"]),
        ("is:convention -is:different", ["access.parameter-names"]),
        ('"topic of gradient"', ["gradient.value"]),
        ("-group:tie -group:gradient", ["access.parameter-names"]),
        ("SAYS group:gradient", ["gradient.value"]),
        ("nothing at all", []),
        # In words of the same meaning, however they are written.
        ("state_dict", ["tie.state-dict"]),
        ("Weight Tying", ["tie.same-parameter", "tie.state-dict"]),
        ("weight sharing verdict:departs", ["tie.state-dict"]),
        ("zero_grad", []),
        # The name of a target: its column only.
        ("beta verdict:violated", ["gradient.value"]),
        ("alpha verdict:violated", []),
    ],
)
def test_a_question_is_answered(
    page: tuple[Chrome, dict[str, Any]], query: str, claims: list[str]
) -> None:
    """By the rows that are left, whoever types it or opens a link to it."""
    browser, _ = page
    field = browser.find_element(By.ID, "query")
    field.send_keys(query)
    assert _claims(browser) == claims
    assert browser.find_element(By.ID, "found").text == f"{len(claims)} of 4 claims"
    address = browser.current_url
    browser.get("about:blank")
    browser.get(address)
    assert browser.find_element(By.ID, "query").get_attribute("value") == query
    assert _claims(browser) == claims


def test_an_unknown_question_is_refused(page: tuple[Chrome, dict[str, Any]]) -> None:
    """By name, and not by an empty table that looks like an answer."""
    browser, _ = page
    browser.find_element(By.ID, "query").send_keys("verdikt:holds is:odd")
    assert browser.find_element(By.ID, "found").text == "unknown: verdikt:holds, is:odd"
    assert browser.find_element(By.ID, "near").text == "Did you mean: verdict:"


@pytest.mark.parametrize(
    ("query", "claims"),
    [
        # A reason, a standalone reproducer, a message, an adapter's lines, a specification.
        ('"was changed"', ["tie.state-dict"]),
        ("'shown'", ["tie.state-dict"]),
        ('"gradient of 0 weight"', ["gradient.value"]),
        ("'native'", [claim for claim, _, _ in CLAIMS]),
        ("code:gradient.value", ["gradient.value"]),
    ],
)
def test_code_and_reasons_are_searched(
    page: tuple[Chrome, dict[str, Any]], query: str, claims: list[str]
) -> None:
    """Where no claim says the words itself, or where only they are asked for."""
    browser, _ = page
    browser.find_element(By.ID, "query").send_keys(query)
    assert _claims(browser) == claims
    said = browser.find_element(By.ID, "found").text
    assert said == f"{len(claims)} of 4 claims, by code, messages and reasons"


@pytest.mark.parametrize(
    ("query", "word", "instead"),
    [
        ("gradeint", "gradient", "gradient"),
        ("verdict:violated gradeint", "gradient", "verdict:violated gradient"),
        ("verdict:departed", "departs", "verdict:departs"),
        ("weight-tieing", "weight tying", '"weight tying"'),
        ("is:diferent", "different", "is:different"),
        ("group:gradients", "gradient", "group:gradient"),
    ],
)
def test_the_nearest_is_offered(
    page: tuple[Chrome, dict[str, Any]], query: str, word: str, instead: str
) -> None:
    """Where nothing is found; a click, or a key, asks for that."""
    browser, _ = page
    field = browser.find_element(By.ID, "query")
    field.send_keys(query)
    assert _claims(browser) == []
    button = browser.find_element(By.CSS_SELECTOR, "#near button")
    assert button.text == word
    button.send_keys(Keys.ENTER)
    assert field.get_attribute("value") == instead
    assert _claims(browser)
    assert browser.find_element(By.ID, "near").text == ""


def _is_on_screen(browser: Chrome, part: Any) -> bool:
    script = (
        "const at = arguments[0].getBoundingClientRect();"
        "return at.top >= 0 && at.bottom <= innerHeight"
    )
    return bool(browser.execute_script(script, part))


def test_a_link_to_a_question_shows_its_answer(page: tuple[Chrome, dict[str, Any]]) -> None:
    """On the screen, also on a small one."""
    browser, _ = page
    address = browser.current_url.split("#")[0]
    for height in (900, 400):
        _emulate(browser, 1280, height)
        browser.get("about:blank")
        browser.get(f"{address}#?q=claim:tie.state-dict")
        (row,) = browser.find_elements(By.CSS_SELECTOR, '#verdicts tr[data-claim="tie.state-dict"]')
        assert _is_on_screen(browser, row)


def _emulate(browser: Chrome, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@pytest.fixture(autouse=True)
def _as_it_was(browser: Chrome) -> Iterator[None]:
    """What one test emulates, the next does not have."""
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


@pytest.mark.parametrize(
    "address",
    [
        "claim:gradient.value@beta",
        "claim%3Agradient.value%40beta",
        "target:beta",
        "target:alpha:build",
        "faults",
    ],
)
def test_addresses_lead_somewhere(page: tuple[Chrome, dict[str, Any]], address: str) -> None:
    """Also where a chat or a mail has escaped them."""
    browser, _ = page
    _go(browser, address)
    assert unquote(address).startswith(str(_shown(browser).get_attribute("id")))


def test_an_address_that_is_none_shows_the_overview(page: tuple[Chrome, dict[str, Any]]) -> None:
    """And no error."""
    browser, _ = page
    _go(browser, "claim:100%")
    assert browser.find_element(By.CLASS_NAME, "overview").is_displayed()
    assert browser.get_log("browser") == []


PAGES = ["", "claim:gradient.value", "claim:tie.state-dict", "faults", "target:beta"]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_one_main_heading(page: tuple[Chrome, dict[str, Any]], address: str) -> None:
    """And one main landmark, and no id twice."""
    browser, _ = page
    _go(browser, address)
    for name in ("h1", "main"):
        (found,) = browser.find_elements(By.TAG_NAME, name)
        assert found.is_displayed()
    ids = browser.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert [one for one in ids if re.search(r"[\s%#]", one)] == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_scrolls_inside_the_page(
    page: tuple[Chrome, dict[str, Any]], address: str, width: int
) -> None:
    """But the matrix, sideways, where it is wider than the screen."""
    browser, _ = page
    _emulate(browser, width, 900)
    _go(browser, address)
    for summary in browser.find_elements(By.TAG_NAME, "summary"):
        if summary.is_displayed():
            browser.execute_script("arguments[0].click()", summary)
    inner = browser.execute_script(
        "return [...document.querySelectorAll('body *')].filter((part) => part.checkVisibility()"
        " && /auto|scroll/.test(getComputedStyle(part).overflow)"
        " && (part.scrollHeight > part.clientHeight || part.scrollWidth > part.clientWidth))"
        ".map((part) => part.className)"
    )
    assert inner in ([], ["matrix"])
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(wide) <= 0


@pytest.mark.parametrize("clipboard", [True, False])
def test_commands_and_code_are_copied(page: tuple[Chrome, dict[str, Any]], clipboard: bool) -> None:
    """By keyboard, with a name, and said aloud; also where a browser has no clipboard to offer."""
    browser, _ = page
    if not clipboard:
        browser.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    part = _open(browser, "gradient.value", "beta-1.0")
    texts = part.find_elements(By.TAG_NAME, "pre")
    buttons = part.find_elements(By.CLASS_NAME, "copy")
    assert len(buttons) == len(texts) > 3
    button = part.find_element(By.CSS_SELECTOR, '[aria-label="Copy: Reproduce"]')
    button.send_keys(Keys.ENTER)
    said = browser.find_element(By.ID, "said")
    WebDriverWait(browser, 5).until(lambda _: "Reproduce" in str(said.get_attribute("textContent")))
    assert said.get_attribute("textContent") == "Copied: Reproduce"
    assert button.text == "Copied"
    _go(browser, "?")
    field = browser.find_element(By.ID, "query")
    field.send_keys(Keys.CONTROL, "v")
    assert field.get_attribute("value") == "pytest --suite beta --claim gradient.value"


def test_an_unsupported_case_has_its_reason_only(page: tuple[Chrome, dict[str, Any]]) -> None:
    """What is declared of it for others was not observed there."""
    _, report = page
    row = next(r for r in report["verdicts"] if r["verdict"] == "unsupported")
    for other in report["verdicts"]:
        if (other["claim"], other["target"]) == (row["claim"], row["target"]):
            other["departures"] = [DEPARTURE]
            other.update(verdict="unsupported", unsupported=UNSUPPORTED)
    rendered = render(report)
    start = rendered.index(f'id="claim:{row["claim"]}@beta"')
    section = rendered[start : rendered.index("</section>\n</section>", start)]
    assert UNSUPPORTED["reason"] in section
    assert str(DEPARTURE["reason"]) not in section
    # Both of its cases are told once.
    assert section.count("<h4>") == 1 and "same-layer" in section


def test_a_departure_has_its_condition_and_native_code(
    page: tuple[Chrome, dict[str, Any]],
) -> None:
    """In words where it is declared so, else by the features of its examples."""
    _, report = page
    for target, own in (("alpha", {"condition": "a layer is <shared>"}), ("beta", {})):
        for row in report["verdicts"]:
            if row["claim"] == "tie.state-dict" and row["target"].startswith(target):
                row["departures"] = [{**DEPARTURE, **own, "where": ["tie across levels"]}]
                row["native"] = f"print('{target}')"
                row.update(verdict="departs", behaviour=DEPARTURE["behaviour"], departed=3)
    text = render(report)
    assert text.count(", on 3 of 104 examples</dd>") == 2
    assert ", only if a layer is &lt;shared&gt;" in text
    assert ", only if tie across levels" in text
    assert text.count("<dt>Native code</dt>") == 2


def test_columns_are_hidden_and_moved(page: tuple[Chrome, dict[str, Any]]) -> None:
    """By keyboard, and as the address says."""
    browser, _ = page
    assert _targets(browser) == ["alpha-1.0", "beta-1.0", "gamma"]
    browser.find_element(By.CSS_SELECTOR, ".columns summary").send_keys(Keys.ENTER)
    item = browser.find_element(By.CSS_SELECTOR, '.columns li[data-target="gamma"]')
    item.find_element(By.CSS_SELECTOR, 'button[data-move="-1"]').send_keys(Keys.ENTER)
    assert _targets(browser) == ["alpha-1.0", "gamma", "beta-1.0"]
    browser.find_element(By.CSS_SELECTOR, 'li[data-target="alpha-1.0"] input').send_keys(Keys.SPACE)
    assert _targets(browser) == ["gamma", "beta-1.0"]
    browser.refresh()
    assert _targets(browser) == ["gamma", "beta-1.0"]
    first = browser.find_elements(By.CSS_SELECTOR, "#verdicts tr[data-claim] td")
    shown = [str(cell.get_attribute("data-target")) for cell in first if cell.is_displayed()]
    assert shown[:2] == ["gamma", "beta-1.0"]


def test_groups_fold(page: tuple[Chrome, dict[str, Any]]) -> None:
    """By keyboard, and a reader of the screen is told."""
    browser, _ = page
    button = browser.find_element(By.CSS_SELECTOR, 'tbody[data-group="tie"] .fold')
    button.send_keys(Keys.ENTER)
    assert button.get_attribute("aria-expanded") == "false"
    assert _claims(browser) == ["access.parameter-names", "gradient.value"]
    button.send_keys(Keys.ENTER)
    assert len(_claims(browser)) == 4


def test_the_way_back_leads_to_the_same_question(page: tuple[Chrome, dict[str, Any]]) -> None:
    """From a claim's page, by its link."""
    browser, _ = page
    browser.find_element(By.ID, "query").send_keys("group:tie")
    browser.find_element(By.LINK_TEXT, "tie.state-dict").click()
    _shown(browser).find_element(By.CSS_SELECTOR, ".back a").click()
    assert _claims(browser) == ["tie.same-parameter", "tie.state-dict"]


def test_what_the_claims_catch(page: tuple[Chrome, dict[str, Any]]) -> None:
    """Both numbers on the first screen; faults, claims and false alarms behind them."""
    browser, _ = page
    first = browser.find_element(By.CLASS_NAME, "figure").text
    assert "1 of 2 faults put into Alpha are caught" in first
    assert "1 false alarm in 5 runs" in first
    browser.find_element(By.PARTIAL_LINK_TEXT, "1 of 2").click()
    text = _shown(browser).text
    for words in (
        "Gradients are rounded.",
        "slipped through",
        "Alpha alpha 1.0: 1 in 5 runs (5 quick)",
    ):
        assert words in text
    assert "of 5,000 tests 49 would reject at a level of 0.01" in text
    _go(browser, "claim:gradient.value")
    assert "Catches 1 injected fault" in _shown(browser).text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "claim:gradient.value", "faults", "target:beta"])
def test_everybody_can_read_it(
    page: tuple[Chrome, dict[str, Any]], scheme: str, address: str
) -> None:
    """Nothing at all is found by axe-core, in either colour scheme, with everything unfolded."""
    browser, _ = page
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    _go(browser, address)
    for summary in browser.find_elements(By.TAG_NAME, "summary"):
        if summary.is_displayed():
            summary.click()
    found = Axe().run(browser)["violations"]
    assert [(breach["id"], breach["nodes"][0]["html"]) for breach in found] == []


@pytest.fixture(scope="module")
def without_scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser in which no page may run any."""
    flag = "blink-settings=scriptEnabled=false"
    yield from chromium(tmp_path_factory.mktemp("profile"), flag)


def test_without_scripts_it_is_one_long_page(without_scripts: Chrome, tmp_path: Path) -> None:
    """Everything is there, and its links lead there; only the search is not offered."""
    file = write(tmp_path / "results.jsonl", run("beta", MIXED))
    assert main([str(file), "--output", str(tmp_path)]) == 0
    without_scripts.get((tmp_path / "index.html").as_uri())
    assert not without_scripts.find_element(By.CLASS_NAME, "search").is_displayed()
    assert without_scripts.find_element(By.ID, "claim:gradient.value@beta").is_displayed()
