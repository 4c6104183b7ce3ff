"""feedback.png: the feedback page of a made-up hand-in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from photograph import chromium, photograph

from autograder.feedback import feedback_page
from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status, Verdict

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


def make(images: Path) -> None:
    """Render the page and photograph its head and first question."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = Path(folder) / "feedback.html"
        page.write_text(feedback_page(made_up(), "Convolution"), encoding="utf-8")
        photograph(browser, page, images / "feedback.png", ".question")
