"""Headless Chromium, for tests that open a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service


def _program(variable: str, *names: str) -> str:
    """The program that a variable names, or the first of `names` on PATH; else a skip."""
    if variable in os.environ:
        return os.environ[variable]
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip(f"no {names[0]} on PATH; install it, or name it in {variable}")
    return found


def chromium(profile: Path, *flags: str) -> Iterator[Chrome]:
    """Headless Chromium with a profile of its own; a skip where it is not installed."""
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
        f"user-data-dir={profile}",
        *flags,
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(_program("PARAMLAWS_CHROMEDRIVER", "chromedriver"))
    driver = Chrome(options, service)
    # axe-core checks each element of a page, which takes long on a busy machine.
    driver.set_script_timeout(120)
    yield driver
    driver.quit()
