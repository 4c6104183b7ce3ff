"""A made-up class for the tests of pages: harmless by default, as hostile as wanted by argument."""

from __future__ import annotations

import random
from dataclasses import replace

from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status, Verdict

CONV1D = '''def conv1d(x, h, mode="full"):
    """Convolution of a signal with a kernel."""
    length, taps = len(x), len(h)
    y = np.zeros(length + taps - 1)
    for k in range(length):  # every sample adds a copy of the kernel
        y[k : k + taps] += x[k] * h
    return y if mode == "full" else y[taps - 1 : length]
'''
CONV2D = """def conv2d(x, w, b, stride=1, padding=0):
    n, height, width, _ = x.shape
    kh, kw, _, filters = w.shape
    x = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    rows = (height - kh + 2 * padding) // stride + 1
    columns = (height - kw + 2 * padding) // stride + 1

    out = np.empty((n, rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = x[:, top : top + kh, left : left + kw, :]
            out[:, i, j, :] = np.tensordot(window, w, axes=3) + b
    print("output", out.shape)
    return out
"""
MISTAKES = (
    (
        "height and width swapped",
        "The output's width was computed from the image's height. On square images this cannot be seen.",
    ),
    ("stride taken from the kernel", "Your windows start one kernel apart. They should start `stride` apart."),
    ("padding ignored", "`padding` has no effect in your code."),
)


def verdict(probes: str, group: str, why: str = "", status: Status = Status.FAILED) -> Verdict:
    return Verdict(
        probes, group, not why, status if why else Status.PASSED, why, "HIDDEN-DETAIL", "HIDDEN-INPUTS", 0.0, 1e-6
    )


def conv1d(right: bool = True) -> QuestionResult:
    why = "" if right else "wrong shape: got (7,), expected (5,). Your result has too many positions."
    verdicts = (
        verdict("a kernel of 2 on 5 samples, full", "full"),
        verdict("a kernel of 4 on 9 samples, full", "full"),
        verdict("only where the kernel lies on the signal", "valid and same"),
        verdict("as long as the signal, even kernel", "valid and same", why),
    )
    status, score = (Status.PASSED, 4.0) if right else (Status.PARTIAL, 2.0)
    return QuestionResult("conv1d", status, score, 4.0, "" if right else why, "", "", verdicts, "", CONV1D, 0.012)


def conv2d(
    mistake: int = 0, code: str = CONV2D, output: str = "output (2, 3, 3, 4)\noutput (1, 5, 5, 2)\n"
) -> QuestionResult:
    name, say = MISTAKES[mistake]
    why = "wrong shape: got (1, 3, 3, 1), expected (1, 3, 2, 1). Your result has too many columns."
    verdicts = (
        verdict("one square image, one filter", "one filter"),
        verdict("3x2 kernel on a 7x5 image", "one filter", why),
        verdict("stride 2, rectangular kernel 3x2", "stride and padding", why),
        verdict("padding 1 on a wide image", "stride and padding", "wrong values: 12 of 40 differ."),
        verdict("3 square images of 5 channels", "batches and channels"),
    )
    return QuestionResult("conv2d", Status.PARTIAL, 2.0, 6.0, why, say, name, verdicts, output, code, 0.031)


def shape_question(status: Status = Status.PASSED, why: str = "not written yet.") -> QuestionResult:
    passed = status is Status.PASSED
    cases = [
        verdict(name, "sizes", "" if passed else why, status) for name in ("a square image", "a wide image, stride 3")
    ]
    score = 2.0 if passed else 0.0
    code = "def conv_output_shape(image, kernel, stride=1, padding=0):\n    raise NotImplementedError\n"
    return QuestionResult("conv_output_shape", status, score, 2.0, why, "", "", tuple(cases), "", code, 0.004)


def typical(student: str = "Ada Lovelace", **changes: object) -> SubmissionResult:
    """A hand-in with one right, one missing and one half right question."""
    made = SubmissionResult(
        student, "01_convolution", SubmissionStatus.GRADED,
        (conv1d(), shape_question(Status.MISSING), conv2d()), 12.0, path="submitted/ada/convolution.ipynb",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def of_every_status() -> SubmissionResult:
    """One question per status there is."""
    questions = tuple(
        replace(shape_question(status, "it went like this."), question=f"part_{status}") for status in Status
    )
    return typical(
        "Every Status", questions=questions, max_score=20.0, sandboxed=False, repairs=("A cell had lost its name.",)
    )


def unreadable(
    student: str = "Bo Broken", reason: str = "The file is no JSON: line 1 begins with `PK`."
) -> SubmissionResult:
    return SubmissionResult(
        student, "01_convolution", SubmissionStatus.UNREADABLE, reason=reason, path="submitted/bo/x.ipynb"
    )


def unknown(student: str = "Una Known") -> SubmissionResult:
    return SubmissionResult(
        student, "99_nothing", SubmissionStatus.UNKNOWN_ASSIGNMENT, reason="There is no assignment '99_nothing'."
    )


def made_up_class(size: int = 24, seed: int = 1) -> ClassResult:
    """A class in which most things happen, the same on every run."""
    draw = random.Random(seed)
    first = ("Ada", "Bo", "Chiara", "Dmitri", "Élodie", "Farid", "Grażyna", "Hiro", "Ines", "Jürgen", "Kofi", "Lían")
    last = (
        "Lovelace",
        "Nguyễn",
        "Okafor",
        "Öztürk",
        "Petrov",
        "Quispe",
        "Rossi",
        "Sørensen",
        "Tanaka",
        "Ullah",
        "Virtanen",
        "Weiß",
    )
    made = []
    for index in range(size):
        name = f"{draw.choice(first)} {draw.choice(last)} {index}"
        roll = draw.random()
        if roll < 0.04:
            made.append(unreadable(name))
            continue
        second = conv2d(draw.choice((0, 0, 0, 1, 1, 2))) if roll < 0.45 else replace(
            conv2d(), status=Status.PASSED, score=6.0, mistake="", advice="",
            verdicts=tuple(replace(each, passed=True, why="") for each in conv2d().verdicts))  # fmt: skip
        if roll > 0.94:
            second = replace(
                second, status=Status.TIMEOUT, score=0.0, verdicts=(), message="no answer within the time allowed."
            )
        shape = shape_question(draw.choice((Status.PASSED,) * 8 + (Status.MISSING, Status.ERROR)))
        made.append(typical(name, questions=(conv1d(draw.random() < 0.85), shape, second)))
    return ClassResult((*made, unknown()), 12.3, {"01_convolution": "Convolution"})
