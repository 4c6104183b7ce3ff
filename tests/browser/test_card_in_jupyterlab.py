"""A student's notebook opens in JupyterLab without a warning, and its check cells show cards."""

import importlib
import shutil

import pytest

from autograder.course import find_course

COURSE = find_course()
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
    """The module that makes the pictures of cards for the docs."""
    return importlib.import_module("cards")


@pytest.fixture(scope="module")
def lab(cards, tmp_path_factory):
    """A browser and JupyterLab's address: it serves the example and every student's folder."""
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    home = tmp_path_factory.mktemp("lab")
    cards.write_example(home)
    for name in COURSE.names():
        shutil.copytree(COURSE.assignments / name, home / name)
    with cards.chromium() as browser, cards.jupyterlab(home) as address:
        yield browser, address


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_card_shows_what_is_wrong_in_either_theme(cards, lab, dark):
    page = cards.run_all(*lab, "convolution.ipynb", dark)
    assert page.query_selector_all(".jp-Dialog") == []
    text = page.query_selector_all(".course-card")[-1].inner_text()
    assert "6 of 10 points so far" in text and "stride is used down but not across." in text
    for mark in page.query_selector_all(".course-card .mark"):
        assert mark.evaluate(CONTRAST) >= 4.5
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", COURSE.names())
def test_every_notebook_opens_without_a_warning(cards, lab, name):
    assignment = COURSE.load(name)
    page = cards.open_notebook(*lab, f"{name}/{assignment.notebook}.ipynb")
    assert page.inner_text(".jp-Notebook h1").startswith(f"{int(name[:2])}. ")
    for warning in (".jp-Dialog", ".jp-MissingKernel", ".Toastify__toast--error", ".Toastify__toast--warning"):
        assert page.query_selector_all(warning) == []
    page.wait_for_selector("mjx-container")  # a formula, set
    assert page.query_selector_all("mjx-merror, .MathJax_Error") == []
    page.close()
