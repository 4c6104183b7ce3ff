"""Say how a wrong shape came about: axes in another order, a border too much, the last row missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from common.cases.case import Value
from common.cases.compare import tolerance

AXES = {1: ("position",), 2: ("row", "column"), 4: ("image", "row", "column", "channel")}
FILTER_AXES = ("row", "column", "input channel", "filter")  # of an array shaped as the filters `w` are


def axis_names(expected: np.ndarray, inputs: Mapping[str, Value]) -> Sequence[str]:
    """What the axes of a result are called."""
    w = inputs.get("w")
    others = [value.shape for name, value in inputs.items() if name != "w" and isinstance(value, np.ndarray)]
    if isinstance(w, np.ndarray) and w.ndim == 4 and w.shape == expected.shape and expected.shape not in others:
        return FILTER_AXES
    return AXES.get(expected.ndim, tuple(f"axis {axis}" for axis in range(expected.ndim)))


def close(a: np.ndarray, b: np.ndarray, terms: int) -> bool:
    """Whether two arrays of floats are equal up to what float32 may lose."""
    return a.shape == b.shape and bool((np.abs(a - b) <= max(tolerance(b, terms), 1e-12)).all())


def describe_shape(got: np.ndarray, expected: np.ndarray, names: Sequence[str], terms: int) -> str:
    """One sentence on an array of the wrong shape."""
    if got.size == expected.size and close(got.ravel(), expected.ravel(), terms):
        return "The values are right, in the right order: only the shape is not."
    if got.ndim != expected.ndim:
        return f"Your result has {got.ndim} {'axis' if got.ndim == 1 else 'axes'}, the right one has {expected.ndim}."
    sentences = itertools.chain(
        in_another_order(got, expected, names, terms),
        _something_around(got, expected, terms),
        _something_cut_off(got, expected, names, terms),
    )
    return next(sentences, "") or _too_long_or_short(got, expected, names)


def in_another_order(got: np.ndarray, expected: np.ndarray, names: Sequence[str], terms: int) -> Iterator[str]:
    """The right values with axes swapped."""
    for order in itertools.permutations(range(expected.ndim)):
        moved = [axis for axis in range(expected.ndim) if order[axis] != axis]
        if not moved or not close(got, expected.transpose(order), terms):
            continue
        if len(moved) == 2 and expected.ndim in AXES:
            yield f"Your result is the right one with {names[moved[0]]}s and {names[moved[1]]}s swapped."
        else:
            yield "Your result is the right one with its axes in another order."


def _something_around(got: np.ndarray, expected: np.ndarray, terms: int) -> Iterator[str]:
    """The right result lies in a larger one."""
    more = [mine - right for mine, right in zip(got.shape, expected.shape, strict=True)]
    if min(more) < 0 or expected.size < 2 or not expected.any():
        return
    for where, places in _places(more):
        inside = tuple(slice(place, place + size) for place, size in zip(places, expected.shape, strict=True))
        if close(got[inside], expected, terms):
            rest = got.copy()
            rest[inside] = 0
            yield _around(where, max(places), empty=not rest.any())


def _around(where: str, width: int, empty: bool) -> str:
    if where == "middle":
        what = "a border of zeros" if empty else "a border"
        return f"Your result is the right one with {what} around it, {width} wide: was too much padding put there?"
    if where == "beginning":
        return f"The right result is the beginning of yours; {'zeros follow' if empty else 'what follows is too much'}."
    return f"The right result is the end of yours; {'zeros stand' if empty else 'too much stands'} before it."


def _something_cut_off(got: np.ndarray, expected: np.ndarray, names: Sequence[str], terms: int) -> Iterator[str]:
    """A part of the right result."""
    less = [right - mine for mine, right in zip(got.shape, expected.shape, strict=True)]
    if min(less) < 0 or got.size < 2 or not got.any():
        return
    axes = " and ".join(f"{names[axis]}s" for axis, missing in enumerate(less) if missing)
    for where, places in _places(less):
        inside = tuple(slice(place, place + size) for place, size in zip(places, got.shape, strict=True))
        if close(got, expected[inside], terms):
            if where == "middle":
                yield f"Your result is the right one without its border, {max(places)} wide: is padding missing?"
            else:
                yield f"Your result is the right one without its {'last' if where == 'beginning' else 'first'} {axes}."


def _places(extra: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Where a smaller array may lie in a larger one: its offset along each axis."""
    if all(each % 2 == 0 for each in extra):
        yield "middle", [each // 2 for each in extra]
    yield "beginning", [0] * len(extra)
    yield "end", extra


def _too_long_or_short(got: np.ndarray, expected: np.ndarray, names: Sequence[str]) -> str:
    parts = []
    for axis, (mine, right) in enumerate(zip(got.shape, expected.shape, strict=True)):
        if mine != right and got.ndim in AXES:
            parts.append(f"{'too many' if mine > right else 'too few'} {names[axis]}s")
        elif mine != right:
            parts.append(f"{names[axis]} is {'too long' if mine > right else 'too short'}")
    return f"Your result has {' and '.join(parts)}." if got.ndim in AXES else f"{' and '.join(parts).capitalize()}."
