"""card-light.png and card-dark.png: a check's card in JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photograph import chromium
from playwright.sync_api import Browser, Page, TimeoutError

from autograder.building.names import check_id
from autograder.course import find_course
from autograder.handin.written import mistaken_cell, solved_cells, write_notebook

ASSIGNMENT, QUESTION, MISTAKE = "01_convolution", "conv2d", "stride down only"
SHOWN = ("conv1d", "conv_output_shape", QUESTION)
TRIES = 4  # JupyterLab forgets what it is told before a slow machine's kernel is there


def write_example(folder: Path) -> Path:
    """A student's folder with one known mistake typed into the notebook; figures and other questions are left out."""
    course = find_course()
    assignment = course.load(ASSIGNMENT)
    student = course.assignments / ASSIGNMENT
    shutil.copy(student / "cases.npz", folder)
    released = json.loads((student / f"{assignment.notebook}.ipynb").read_text(encoding="utf-8"))
    kept = ("", *SHOWN, *map(check_id, SHOWN))
    released["cells"] = [
        cell
        for cell in released["cells"]
        if "experiment" not in cell["metadata"].get("tags", [])
        and cell["cell_type"] == "code"
        and cell["metadata"].get("nbgrader", {}).get("grade_id", "") in kept
    ]
    (mistake,) = [each for each in assignment.rubric[QUESTION].mistakes if each.name == MISTAKE]
    answers = solved_cells(assignment) | {QUESTION: mistaken_cell(assignment, QUESTION, mistake)}
    path = folder / f"{assignment.notebook}.ipynb"
    write_notebook(path, released, answers)
    return path


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """JupyterLab on loopback, serving one folder; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0"]
    options = ["--ServerApp.token=", "--ServerApp.password=", "--LabApp.news_url=", "--LabApp.check_for_updates_class="
               "jupyterlab.handlers.announcements.NeverCheckForUpdate"]  # fmt: skip
    # Settings and workspaces of its own: whose machine this is must not show in the picture.
    own = {f"JUPYTERLAB_{kind}_DIR": str(folder / f".{kind.lower()}") for kind in ("SETTINGS", "WORKSPACES")}
    server = subprocess.Popen(
        [*command, *options],
        cwd=folder,
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=2).read()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def open_notebook(browser: Browser, address: str, notebook: str) -> Page:
    """Open a notebook in JupyterLab and wait until its kernel is there."""
    page = browser.new_page(viewport={"width": 1180, "height": 900})
    page.goto(f"{address}/lab/tree/{notebook}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector('[data-status="idle"], .jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
    return page


def run_all(browser: Browser, address: str, notebook: str, dark: bool = False) -> Page:
    """Open a notebook in JupyterLab, run all its cells, wait for the last card."""
    page = open_notebook(browser, address, notebook)
    if dark:
        page.get_by_role("menuitem", name="Settings", exact=True).first.click()
        page.get_by_text("Theme", exact=True).first.hover()
        page.get_by_text("JupyterLab Dark", exact=True).first.click()
    for left in reversed(range(TRIES)):
        page.get_by_role("menuitem", name="Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            page.wait_for_function("document.querySelectorAll('.course-card').length >= 3", timeout=40_000)
        except TimeoutError:
            if not left:
                raise
        else:
            break
    return page


def make(images: Path) -> None:
    """Take both pictures."""
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        notebook = write_example(Path(scratch))
        with jupyterlab(Path(scratch)) as address:
            for name, dark in (("card-light", False), ("card-dark", True)):
                page = run_all(browser, address, notebook.name, dark)
                card = page.query_selector_all(".course-card")[-1]
                card.scroll_into_view_if_needed()
                page.wait_for_timeout(500)
                card.screenshot(path=images / f"{name}.png")
                page.close()
