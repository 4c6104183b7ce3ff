"""Number types: the dtype an answer came in, and values that lost digits on their way."""

from __future__ import annotations

import numpy as np

from common.cases.case import Value

DIGITS = {"float16": 3, "float32": 7, "float64": 16}


def describe_dtype(expected: Value, got: Value) -> str:
    """One sentence where a right answer has another dtype than asked, or ""."""
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        pairs = zip(expected, got, strict=False)
        return next((sentence for right, mine in pairs if (sentence := describe_dtype(right, mine))), "")
    if not isinstance(expected, np.ndarray) or not isinstance(got, np.ndarray) or expected.dtype == got.dtype:
        return ""
    asked, mine = expected.dtype.name, got.dtype.name
    sentence = f"the values are right, but their type is {mine}; expected {asked}."
    if mine in DIGITS and asked in DIGITS and DIGITS[mine] < DIGITS[asked]:
        return f"{sentence} That is a lower precision than asked: {mine} keeps about {DIGITS[mine]} digits."
    return sentence


def describe_precision(got: np.ndarray, expected: np.ndarray) -> str:
    """One sentence where wrong values are the right ones with digits lost, or "". Both arrays hold floats."""
    if not np.isfinite(got).all() or not np.isfinite(expected).all() or not expected.any():
        return ""
    for rounded in (np.trunc, np.floor, np.round):
        if expected.any() and np.array_equal(got, rounded(expected)) and got.any():
            return "Your values are the right ones as whole numbers: is there a `//`, or an array of ints?"
    scale = float(np.abs(expected).max())
    error = float(np.abs(got - expected).max())
    if error > 8 * 2.0**-11 * scale:
        return ""
    with np.errstate(over="ignore"):
        if np.array_equal(got.astype(np.float16).astype(np.float64), got):
            return "Your values have about 3 digits, a lower precision than asked: do they pass through float16?"
    return f"The largest error is {error / scale:.0e} of the largest value: close, but more than rounding explains."
