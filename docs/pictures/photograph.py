"""Photograph a page in headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

WIDTH = 1120  # of the window, in pixels
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def installed() -> str | None:
    """Where the system's Chromium is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    found = installed()
    if found is None:
        raise SystemExit("Chromium is missing: install your system's package `chromium`.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


def photograph(browser: Browser, page: Path, picture: Path, last: str, below: int = 28) -> None:
    """A page from its top to the end of the first element that `last` selects, and some pixels of paper below it."""
    opened = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.25, color_scheme="light")
    opened.goto(page.as_uri())
    end = opened.evaluate("last => document.querySelector(last).getBoundingClientRect().bottom", last)
    opened.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": end + below})
    opened.close()
