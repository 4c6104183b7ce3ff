"""A student's notebook opens in JupyterLab without a warning, and its check cells show cards."""

import importlib.util
import shutil
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs/cards.py"
# WCAG's relative luminance, in the page: text against the first background that is not transparent.
CONTRAST = """element => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  let behind = element;
  while (behind && (rgb(getComputedStyle(behind).backgroundColor)[3] ?? 1) < 1) behind = behind.parentElement;
  const [a, b] = [light(rgb(getComputedStyle(element).color)), light(rgb(getComputedStyle(behind).backgroundColor))];
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
}"""


@pytest.fixture(scope="module")
def cards():
    spec = importlib.util.spec_from_file_location("cards", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.browser
def test_the_notebook_opens_without_a_warning_and_shows_its_cards(cards, tmp_path):
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    notebook = cards.write_example(tmp_path)
    with cards.sync_playwright() as playwright, cards.jupyterlab(tmp_path) as address:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=cards.QUIET)
        for dark in (False, True):
            page = cards.run_all(browser, address, notebook.name, dark)
            assert page.query_selector_all(".jp-Dialog") == []
            text = page.query_selector_all(".course-card")[-1].inner_text()
            assert "6 of 10 points so far" in text and "stride is used down but not across." in text
            for mark in page.query_selector_all(".course-card .mark"):
                assert mark.evaluate(CONTRAST) >= 4.5
        browser.close()
