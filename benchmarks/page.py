"""How long headless Chromium takes to show the report and to search in it."""

from __future__ import annotations

import json
import lzma
import shutil
from pathlib import Path
from statistics import median

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from benchmarks.measuring import ROOT, BenchmarkError

#: Results files of the real frameworks.
REAL = ROOT / "tests" / "reports" / "real"
TARGETS = 15
QUERIES = ("verdict:departs target:jax", "group:tie", "is:different", "saving", "-verdict:holds")
#: From setting the query to the layout that shows its answer.
_ASK = """
const field = document.querySelector("#query");
const start = performance.now();
field.value = arguments[0];
field.dispatchEvent(new Event("input"));
document.querySelector("#verdicts").getBoundingClientRect();
return performance.now() - start;
"""
_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0].startTime;"


def results(folder: Path) -> list[Path]:
    """Results files of `TARGETS` targets: the real ones, repeated under further versions."""
    packed = sorted(REAL.glob("*.jsonl.xz"))
    files = []
    for number in range(TARGETS):
        source = packed[number % len(packed)]
        text = lzma.decompress(source.read_bytes()).decode("utf-8")
        suite = source.name.partition(".")[0]
        files.append(folder / f"{number:02}.jsonl")
        version = json.loads(text.splitlines()[0])["target"]["version"]
        other = f"{version}.{number}"
        text = text.replace(f'"{suite}-{version}', f'"{suite}-{other}')
        text = text.replace(f'"version": "{version}"', f'"version": "{other}"')
        files[-1].write_text(text, encoding="utf-8")
    return files


def times(page: Path, runs: int) -> tuple[list[float], list[float]]:
    """Milliseconds until the first paint, and until a search is answered, for each run."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        raise BenchmarkError("chromium and chromedriver must be on PATH (Debian: chromium-driver)")
    paints, answers = [], []
    for _ in range(runs):
        options = ChromeOptions()
        options.binary_location = str(programs[0])
        for flag in ("headless=new", "no-sandbox", "disable-gpu", "window-size=1280,900"):
            options.add_argument(f"--{flag}")
        browser = Chrome(options, Service(str(programs[1])))
        try:
            browser.get(page.as_uri())
            paints.append(float(browser.execute_script(_PAINT)))
            answers.append(median(float(browser.execute_script(_ASK, q)) for q in QUERIES))
        finally:
            browser.quit()
    return paints, answers
