"""Make docs/images/feedback.png, the picture of a feedback page in the README: `python docs/picture.py`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from autograder.feedback import feedback_page
from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status, Verdict

PICTURE = Path(__file__).parent / "images" / "feedback.png"
WIDTH, BELOW = 1120, 28  # pixels: of the window, and of paper below the first question
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

CODE = '''def conv1d(x, h, mode="full"):
    """Convolution of a signal with a kernel."""
    length, taps = len(x), len(h)
    y = np.zeros(length + taps - 1)
    for k in range(length):
        y[k : k + taps] += x[k] * h
    if mode == "full":
        return y
    if mode == "valid":
        return y[taps - 1 : length]
    start = taps // 2
    print("same, from", start)
    return y[start : start + length]
'''
ADVICE = '"same" begins at index (K - 1) // 2 of "full". With an even kernel yours begins one too late.'


def made_up() -> SubmissionResult:
    """A hand-in that nobody made: one question half right, one right, one not begun."""
    shifted = "wrong values: 8 of 8 differ. Your result is the right one, shifted by one position."
    cases = [
        ("full", "one sample, three taps", ""),
        ("full", "a kernel that is not symmetric", ""),
        ("valid", "only where the kernel lies on the signal", ""),
        ("same", "same length, odd kernel", ""),
        ("same", "same length, even kernel", shifted),
    ]
    verdicts = tuple(
        Verdict(probes, group, not why, Status.FAILED if why else Status.PASSED, why) for group, probes, why in cases
    )
    printed = "same, from 1\nsame, from 2\n"
    questions = (
        QuestionResult("conv1d", Status.PARTIAL, 3, 5, advice=ADVICE, verdicts=verdicts, output=printed, code=CODE),
        QuestionResult("conv_output_shape", Status.PASSED, 3, 3),
        QuestionResult("conv2d", Status.MISSING, 0, 8),
    )
    return SubmissionResult(
        "Ada Lovelace", "01_convolution", SubmissionStatus.GRADED, questions, 16, path="convolution.ipynb"
    )


def main() -> int:
    """Render the page and photograph its head and first question."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("Chromium is missing: install your system's package `chromium`.", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = Path(folder) / "feedback.html"
        page_file.write_text(feedback_page(made_up(), "Convolution"), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=chromium, args=QUIET)
        window = {"width": WIDTH, "height": 900}
        page = browser.new_page(viewport=window, device_scale_factor=1.25, color_scheme="light")
        page.goto(page_file.as_uri())
        end = page.evaluate("document.querySelector('.question').getBoundingClientRect().bottom")
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": end + BELOW})
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
