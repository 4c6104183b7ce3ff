"""Compare a student's value with the right one: type first, then shape, then numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.cases.case import Value
from common.cases.sealed import Sealed, opens, same_kind

FLOAT32_STEP = 2.0**-23  # the distance from 1 to the next float32
LARGEST_FLOAT = 10**308
# Factors between a wrong number and the right one that say what happened, where a unit is asked for.
FACTORS = (
    (1000, "It is 1000 times too large: look at the unit."),
    (1 / 1000, "It is 1000 times too small: look at the unit."),
    (10**6, "It is a million times too large: look at the unit."),
    (1 / 10**6, "It is a million times too small: look at the unit."),
    (2**20 / 10**6, "MB (10⁶ bytes) and MiB (2²⁰ bytes) are different units."),
    (10**6 / 2**20, "MB (10⁶ bytes) and MiB (2²⁰ bytes) are different units."),
    (4, "It is 4 times too large: are these bytes where numbers were asked for?"),
    (1 / 4, "It is 4 times too small: a float32 takes 4 bytes."),
)


@dataclass(frozen=True)
class Difference:
    """How a value differs. `why` gives no right value away; `detail` does, so it is for public cases only."""

    kind: str  # "type", "shape", "nonfinite" or "value"
    why: str
    detail: str = ""
    error: float | None = None
    got: Any = None  # the two arrays, where the shapes agree
    expected: Any = None


@dataclass(frozen=True)
class Agreement:
    """The largest error found and the error that is allowed; `difference` is None where the value is right."""

    difference: Difference | None
    error: float | None
    tolerance: float | None


def tolerance(expected: np.ndarray, terms: int) -> float:
    """Allowed absolute error: 16 · 2⁻²³ · √terms · max|expected|, so any order of summing in float32 passes."""
    if expected.dtype.kind in "biu":
        return 0.0
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size else 1.0
    return 16 * FLOAT32_STEP * math.sqrt(max(terms, 1)) * (scale or 1.0)


def compare(
    expected: Value, got: Value, terms: int = 1, place: str = "", rtol: float = 0.0, unit: str = ""
) -> Agreement:
    """Judge `got` against `expected`, entry by entry for tuples, lists and dicts; `place` names the entry."""
    if isinstance(expected, Sealed):
        return _compare_sealed(expected, got, unit)
    if isinstance(expected, tuple | list):
        return _compare_sequences(expected, got, terms, place)
    if isinstance(expected, dict):
        return _compare_dicts(expected, got, terms, place)
    if isinstance(expected, np.ndarray):
        return _compare_arrays(expected, got, terms, place)
    return _compare_scalars(expected, got, terms, place, rtol, unit)


def describe_type(value: Value) -> str:
    """The kind of a value in a student's words: "a list", "an array of shape (2, 3)"."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"a NumPy number ({value.dtype})" if value.ndim == 0 else f"an array of shape {value.shape}"
    article = {int: "an int", bool: "a bool (True or False)", float: "a float", str: "a string"}
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return article.get(type(value), f"a {type(value).__name__}")


def _wrong_type(expected: str, got: Value, place: str) -> Agreement:
    hint = " Did you forget `return`?" if got is None else ""
    return _differs("type", f"wrong type{_at(place)}: got {describe_type(got)}, expected {expected}.{hint}")


def _differs(kind: str, why: str, detail: str = "") -> Agreement:
    return Agreement(Difference(kind, why, detail), None, None)


def _at(place: str) -> str:
    return f" in {place}" if place else ""


def _compare_sequences(expected: tuple[Value, ...] | list[Value], got: Value, terms: int, place: str) -> Agreement:
    if isinstance(got, np.ndarray) and got.ndim == 1 and all(isinstance(each, int | float) for each in expected):
        got = got.tolist()
    if not isinstance(got, tuple | list):
        return _wrong_type(describe_type(expected), got, place)
    if len(got) != len(expected):
        return _differs("shape", f"wrong length{_at(place)}: got {len(got)} values, expected {len(expected)}.")
    names = (f"value {index + 1} of {len(expected)}" for index in range(len(expected)))
    return _worst([compare(right, mine, terms, name) for right, mine, name in zip(expected, got, names, strict=True)])


def _compare_dicts(expected: dict[Any, Value], got: Value, terms: int, place: str) -> Agreement:
    if not isinstance(got, dict):
        return _wrong_type("a dict", got, place)
    if missing := [key for key in expected if key not in got]:
        return _differs("shape", f"missing{_at(place)}: the entry {missing[0]!r}.")
    return _worst([compare(expected[key], got[key], terms, f"entry {key!r}") for key in expected])


def _worst(parts: list[Agreement]) -> Agreement:
    """The first part that differs, else the largest error of all."""
    for part in parts:
        if part.difference:
            return part
    errors = [part for part in parts if part.error is not None]
    return max(errors, key=lambda part: part.error or 0.0, default=Agreement(None, 0.0, 0.0))


def _compare_sealed(expected: Sealed, got: Value, unit: str) -> Agreement:
    names = {"int": "a whole number", "float": "a number", "shape": "a tuple of whole numbers", "str": "a string"}
    if not same_kind(expected, got):
        return _wrong_type(names.get(expected.kind, f"a {expected.kind}"), got, "")
    if opens(expected, got):
        return Agreement(None, None, None)
    return _differs("value", f"wrong value. {_factor_between(lambda value: opens(expected, value), got, unit)}".strip())


def _compare_scalars(expected: Value, got: Value, terms: int, place: str, rtol: float, unit: str) -> Agreement:
    if isinstance(got, np.ndarray) and got.ndim == 0 and got.dtype.kind in "biufc":
        got = got.item()
    if expected is None or isinstance(expected, bool | str):
        if type(got) is not type(expected):
            return _wrong_type(describe_type(expected), got, place)
        right = got == expected
        return Agreement(None, 0.0, 0.0) if right else _wrong_value(expected, got, place, unit)
    if isinstance(got, bool) or not isinstance(got, int | float):
        return _wrong_type("a whole number" if isinstance(expected, int) else "a number", got, place)
    if isinstance(expected, int) and isinstance(got, float):
        return _wrong_type("an int (a count or a size is a whole number)", got, place)
    allowed = 0.0 if isinstance(expected, int) else tolerance(np.asarray(expected), terms)
    allowed = max(allowed, rtol * abs(expected))
    if got == expected or (got != got and expected != expected):  # the right answer may be NaN
        return Agreement(None, 0.0, allowed)
    if isinstance(got, int) and abs(got) > LARGEST_FLOAT:
        return _wrong_value(expected, "an enormous number", place, unit)
    if abs(got - expected) <= allowed:  # false for NaN
        return Agreement(None, float(abs(got - expected)), allowed)
    return _wrong_value(expected, got, place, unit)


def _wrong_value(expected: Value, got: Value, place: str, unit: str) -> Agreement:
    name = place or "the result"

    def right(value: float) -> bool:
        return math.isclose(value, expected, rel_tol=1e-6)

    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (expected, got))
    likeness = _factor_between(right, got, unit) if numbers else ""
    why = f"wrong value: {name} differs. {likeness}".strip()
    return _differs("value", why, f"{name}: got {got!r:.80}, expected {expected!r}.")


def _factor_between(right: Callable[[float], bool], got: Value, unit: str) -> str:
    """A sentence when a factor that units bring in makes a wrong number right; any other would be half the answer."""
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    if isinstance(got, bool) or not isinstance(got, int | float) or not got or not abs(got) < LARGEST_FLOAT:
        return ""
    for factor, sentence in FACTORS if unit else ():
        scaled = got / factor
        if right(int(scaled) if isinstance(got, int) and got % factor == 0 else scaled):
            return sentence
    return "It has the wrong sign." if right(-got) else ""


def _compare_arrays(expected: np.ndarray, got: Value, terms: int, place: str) -> Agreement:
    if isinstance(got, int | float) and not isinstance(got, bool) and expected.ndim == 0:
        got = np.asarray(got)
    if not isinstance(got, np.ndarray):
        return _wrong_type(f"an array of shape {expected.shape}", got, place)
    if got.shape != expected.shape:
        return Agreement(
            Difference(
                "shape",
                f"wrong shape{_at(place)}: got {got.shape}, expected {expected.shape}.",
                got=got,
                expected=expected,
            ),
            None,
            None,
        )
    if got.dtype.kind == "c" and expected.dtype.kind != "c":
        return _differs("type", f"wrong type{_at(place)}: got complex numbers, expected real ones.")
    return _compare_numbers(expected, got, terms, place)


def _compare_numbers(expected: np.ndarray, got: np.ndarray, terms: int, place: str) -> Agreement:
    allowed = tolerance(expected, terms)
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        right, mine = expected.astype(wide, copy=False), got.astype(wide, copy=False)
        gap = np.abs(mine - right)
        error = float(gap.max()) if gap.size else 0.0
        if error <= allowed:  # false where there is a NaN, or infinities that may be the same
            return Agreement(None, error, allowed)
        same = (mine == right) | (np.isnan(mine) & np.isnan(right))  # also where both are the same infinity
        wrong = ~(same | (gap <= allowed))
    error = float(np.where(same, 0.0, gap).max()) if gap.size else 0.0
    if not wrong.any():
        return Agreement(None, error, allowed)
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    strange = np.isfinite(right) & ~np.isfinite(mine)
    if strange.any():
        what = "NaN (not a number)" if np.isnan(mine[strange]).any() else "infinite"
        why = f"{int(strange.sum())} of {mine.size} values{_at(place)} are {what}."
        kind = "nonfinite"
    else:
        why = f"wrong values{_at(place)}: {int(wrong.sum())} of {wrong.size} differ, by up to {error:.3g}."
        kind = "value"
    detail = f"First at index {list(index)}: got {mine[index]:.6g}, expected {right[index]:.6g}."
    return Agreement(Difference(kind, why, detail, error, got, expected), error, allowed)
