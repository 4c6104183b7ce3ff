"""What a student who makes a common slip reads, on the public cases: a sentence about that slip, not an exception."""

from __future__ import annotations

import linecache
from typing import Any

import numpy as np
import pytest

from autograder.course import find_course
from common.cases.frozen import FILE, thaw
from common.cases.judge import judge
from common.cases.verdict import QuestionResult
from common.kinds import try_out

CONV2D = """
def conv2d(x, w, b, stride=1, padding=0):
    (n, high, wide, depth), (kh, kw, _, filters) = x.shape, w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    out = np.zeros((n, (high + 2 * padding - kh) // stride + 1, (wide + 2 * padding - kw) // stride + 1, filters))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            window = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, i, j] = np.tensordot(window, w, 3) + b
    return out
"""
PADS = "((0, 0), (padding, padding), (padding, padding), (0, 0))"
PRODUCT = "np.tensordot(window, w, 3) + b"

DILATED = """
def dilated_conv2d(x, w, dilation=1, stride=1, padding=0):
    (n, high, wide, depth), (kh, kw, _, filters) = x.shape, w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    down, across = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    out = np.zeros((n, (high + 2 * padding - down) // stride + 1, (wide + 2 * padding - across) // stride + 1, filters))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            top, left = i * stride, j * stride
            out[:, i, j] = np.tensordot(x[:, top : top + down : dilation, left : left + across : dilation], w, 3)
    return out
"""

SLIPS = [
    ("01_convolution", CONV2D, (PADS, "padding"), "only where `padding` is above 0"),
    (
        "01_convolution",
        CONV2D,
        (PADS, "((0, 0), (padding, 0), (padding, 0), (0, 0))"),
        "only where `padding` is above 0",
    ),
    (
        "01_convolution",
        CONV2D,
        (PADS, PADS.replace("(0, 0))", "(padding, padding))")),
        "only where `padding` is above 0",
    ),
    (
        "01_convolution",
        CONV2D,
        (PRODUCT, "sum(np.tensordot(window[..., c], w[:, :, c], 2) + b for c in range(depth))"),
        "once per input channel",
    ),
    ("02_convolution_variants", DILATED, ("dilation * (kh - 1) + 1, dilation * (kw - 1) + 1", "kh, kw"), "dilation"),
    (
        "02_convolution_variants",
        DILATED,
        (
            "(high + 2 * padding - down) // stride + 1, (wide + 2 * padding - across)",
            "(high + 2 * padding - kh) // stride + 1, (wide + 2 * padding - kw)",
        ),
        "only where `dilation` is above 1",
    ),
    (
        "02_convolution_variants",
        DILATED,
        ("i * stride, j * stride", "i * stride * dilation, j * stride * dilation"),
        "only where `dilation` is above 1",
    ),
]


def checked(assignment: str, question: str, answer: Any) -> QuestionResult:
    """What check() would show."""
    sheet = thaw(find_course().assignments / assignment / FILE)[question]
    return judge(sheet, try_out(answer, sheet))


def written(source: str, *names: str) -> list[Any]:
    """Functions as a notebook's cell defines them, with their lines at hand."""
    label = f"<cell of {names[0]}, {len(source)}>"
    linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
    cell: dict[str, Any] = {"np": np}
    exec(compile(source, label, "exec"), cell)
    return [cell[name] for name in names]


@pytest.mark.parametrize(("assignment", "source", "slip", "sentence"), SLIPS)
def test_a_common_slip_is_told_in_a_sentence(
    assignment: str, source: str, slip: tuple[str, str], sentence: str
) -> None:
    name = source.split("(")[0].removeprefix("\ndef ")
    (right,) = written(source, name)
    assert checked(assignment, name, right).score == checked(assignment, name, right).max_score
    assert source.count(slip[0]) == 1
    (wrong,) = written(source.replace(*slip), name)
    result = checked(assignment, name, wrong)
    assert result.score < result.max_score
    assert sentence in result.advice, result.message


def test_an_earlier_function_that_is_called_is_named_when_it_is_not_written_or_fails() -> None:
    leaning = (
        "def conv2d_input_gradient(dout, w, size, stride=1, padding=0):\n    return conv2d_transpose(dout, w, stride)\n"
    )
    for body, told in {
        "raise NotImplementedError": "`conv2d_transpose`, which your code calls, is not written yet.",
        "return x[9]": "(in `conv2d_transpose`, line 2: `return x[9]`)",
    }.items():
        earlier = f"def conv2d_transpose(x, w, stride=1):\n    {body}\n"
        (called,) = written(earlier, "conv2d_transpose")
        (answer,) = written(leaning, "conv2d_input_gradient")
        answer.__globals__["conv2d_transpose"] = called
        assert told in checked("02_convolution_variants", "conv2d_input_gradient", answer).message


@pytest.mark.parametrize(
    ("assignment", "table", "answers"),
    [
        ("01_convolution", "slides", {"corner": 1}),
        ("01_convolution", "slides", {"corner": 44}),
        ("01_convolution", "slides", {"maps": (28, 28, 3)}),
        ("01_convolution", "slides", {"padding 31": 4}),
        ("01_convolution", "slides", {"shared": (6, 9)}),
        ("02_convolution_variants", "dilated_slide", {"p=1": 4}),
        ("03_pooling_normalization", "slides", {"updates": 300}),
        ("03_pooling_normalization", "slides", {"field_vgg": 211}),
        ("03_pooling_normalization", "slides", {"K": 864}),
    ],
)
def test_a_wrong_entry_of_a_table_is_told_what_is_wrong(assignment: str, table: str, answers: dict[str, Any]) -> None:
    solution = find_course().load(assignment).reference[table]
    assert checked(assignment, table, solution | answers).advice


def test_an_entry_that_is_not_asked_for_is_named_with_those_that_are() -> None:
    message = checked("02_convolution_variants", "transposed_slide", {"Valid": 5}).message
    assert "your code has an unknown entry 'Valid'. The entries are 'valid', 'same'" in message
