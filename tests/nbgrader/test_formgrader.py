"""Formgrader in headless Chromium: the list, the button that autogrades, a manual grade typed in."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.handin.written import solved_cells

from .conftest import NAME, WRITTEN, hand_in, make_course, run

pytestmark = pytest.mark.browser

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HOSTILE = "**Why:** learned. <img src=x onerror='window.ran=1'> [press](javascript:window.ran=1) ![p](attachment:none)"


@contextmanager
def jupyter(root):
    """A Jupyter server on loopback with formgrader in it, as `jupyter lab` starts it in the course's folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"]
    options = ["--port-retries=0", "--ServerApp.token=", "--ServerApp.password="]
    own = {f"JUPYTER_{kind}_DIR": str(root / f".{kind.lower()}") for kind in ("CONFIG", "DATA", "RUNTIME")}
    with (root / "server.log").open("w") as log:
        server = subprocess.Popen([*command, *options], cwd=root, env={**os.environ, **own}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api")
        yield address
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address, seconds=60.0):
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                answer.read()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="module")
def course(tmp_path_factory, empty_gradebook):
    """A class that is graded but for one hand-in."""
    real = Path(__file__).resolve().parents[2]
    masters = real / "solutions" / NAME, real / "tests/questions/solutions" / WRITTEN
    course = make_course(tmp_path_factory.mktemp("formgrader"), *masters, gradebook=empty_gradebook)
    solved = solved_cells(course.load(NAME))
    hand_in(course, "ada", NAME, solved)
    hand_in(course, "exit", NAME, solved | {"conv2d": "import os\nos._exit(1)\ndef conv2d(): pass"})
    hand_in(course, "ada", WRITTEN, {"why_no_flip": HOSTILE})
    for name in (NAME, WRITTEN):
        run(course.root, "generate_assignment", name, "--force")
        run(course.root, "autograde", name)
    hand_in(course, "zoe", NAME, solved | {"conv1d": "def conv1d(*a):\n    return None"})
    return course


@pytest.fixture(scope="module")
def page(course):
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with jupyter(course.root) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        context = browser.new_context(base_url=address)
        # Nothing outside this machine is asked for: formgrader's MathJax comes from elsewhere.
        context.route("**/*", lambda route: route.continue_() if address in route.request.url else route.abort())
        page = context.new_page()
        yield page
        browser.close()


def gradebook(course):
    return Gradebook(f"sqlite:///{course.root}/gradebook.db")


def row(page, student):
    return page.locator("tr", has=page.locator("td", has_text=student)).first


def test_the_list_shows_the_scores_and_the_button_autogrades(page, course, full):
    page.goto(f"/formgrader/manage_submissions/{NAME}")
    row(page, "zoe").wait_for()
    assert f"{full:g} / {full:g}" in row(page, "ada").inner_text()
    assert f"{full - 10:g} / {full:g}" in row(page, "exit").inner_text()
    assert "needs autograding" in row(page, "zoe").inner_text()
    row(page, "zoe").locator(".autograde a").click()
    page.get_by_text("Successfully autograded").wait_for(timeout=60_000)
    page.reload()
    row(page, "zoe").wait_for()
    assert f"{full - 5:g} / {full:g}" in row(page, "zoe").inner_text()
    with gradebook(course) as book:
        assert book.find_submission(NAME, "zoe").score == full - 5


def test_the_sentence_stands_beside_the_code(page, course):
    with gradebook(course) as book:
        number = book.find_submission_notebook("convolution", NAME, "exit").id
    page.goto(f"/formgrader/submissions/{number}")
    page.wait_for_function("document.getElementById('conv2d-comment')?.placeholder || "
                           "document.getElementById('conv2d-comment')?.value")  # fmt: skip
    comment = page.locator("#conv2d-comment")
    shown = comment.input_value() or comment.get_attribute("placeholder")
    assert shown.startswith("conv2d: 0 of 10 points")
    assert "conv2d: 0 of 10 points" in " ".join(page.locator(".output_wrapper").all_inner_texts())


def test_a_manual_grade_for_a_written_answer_lands(page, course):
    with gradebook(course) as book:
        assert book.find_submission(WRITTEN, "ada").needs_manual_grade
        number = book.find_submission_notebook("written", WRITTEN, "ada").id
    page.goto(f"/formgrader/submissions/{number}")
    points = page.locator("input.score#why_no_flip")
    points.wait_for()
    page.wait_for_function("window.formgrade === undefined || window.formgrade.grades.loaded")
    points.fill("2.5")
    points.press("Tab")
    wait_until(lambda: manual_score(course) == 2.5)
    with gradebook(course) as book:
        assert not book.find_submission(WRITTEN, "ada").needs_manual_grade
    page.goto(f"/formgrader/manage_submissions/{WRITTEN}")
    row(page, "ada").wait_for()
    assert "2.5 / 3" in row(page, "ada").inner_text()


def test_what_a_student_wrote_does_nothing_in_formgrader(page, course):
    with gradebook(course) as book:
        number = book.find_submission_notebook("written", WRITTEN, "ada").id
    page.goto(f"/formgrader/submissions/{number}")
    link = page.get_by_text("press", exact=True)
    link.wait_for()
    link.click()
    assert page.evaluate("window.ran") is None
    assert page.locator("img[src=x]").count() == 0


def manual_score(course):
    with gradebook(course) as book:
        return book.find_grade("why_no_flip", "written", WRITTEN, "ada").manual_score


def wait_until(holds, seconds=20.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
