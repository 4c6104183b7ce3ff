"""Name a wrong array by what it resembles: flipped, shifted, scaled, right only inside the border."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from common.cases.case import Value
from common.cases.compare import Difference, tolerance
from common.cases.outline import axis_names, close, describe_shape, in_another_order
from common.cases.precision import describe_precision

Names = Sequence[str]
EDGED = ("position", "row", "column")  # axes along which a loop may stop too early

SMALLEST_WITH_A_BORDER = 5  # pixels; of fewer, an interior that happens to be right says nothing


def describe(difference: Difference, inputs: Mapping[str, Value], terms: int) -> str:
    """One sentence on what a wrong array resembles, or "" where it resembles nothing known."""
    got, expected = difference.got, difference.expected
    if got is None or expected is None or got.dtype.kind not in "biuf" or expected.dtype.kind not in "biuf":
        return ""
    if difference.kind not in ("shape", "value"):
        return ""
    names = axis_names(expected, inputs)
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    if difference.kind == "shape":
        return describe_shape(got, expected, names, terms)
    return next(_likenesses(got, expected, names, inputs, terms), "")


def _likenesses(
    got: np.ndarray, expected: np.ndarray, names: Names, inputs: Mapping[str, Value], terms: int
) -> Iterator[str]:
    """Sentences that hold for this pair, the most telling first."""
    if got.size < 2:
        return
    if not got.any():
        yield "Every value is 0: is the result filled before it is returned?"
    for name, value in inputs.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and close(got, value.astype(float), terms):
            yield f"Your result is `{name}`, unchanged."
    yield from _without_sign(got, expected, terms)
    yield from _rearranged(got, expected, names, terms)
    yield from _shifted_by_one(got, expected, names, terms)
    yield from _scaled_or_offset(got, expected, terms)
    if lost := describe_precision(got, expected):
        yield lost
    yield from _right_in_part(got, expected, names, terms)


def _without_sign(got: np.ndarray, expected: np.ndarray, terms: int) -> Iterator[str]:
    if close(got, -expected, terms):
        yield "Every value has the wrong sign."
    elif close(got, np.abs(expected), terms):
        yield "Negative values lost their sign."
    elif (expected > 0).any() and close(got, np.maximum(expected, 0), terms):
        yield "Negative values became 0."


def _rearranged(got: np.ndarray, expected: np.ndarray, names: Names, terms: int) -> Iterator[str]:
    long_axes = [axis for axis in range(expected.ndim) if expected.shape[axis] > 1]
    for count in (1, 2):
        for axes in itertools.combinations(long_axes, count):
            if close(got, np.flip(expected, axes), terms):
                along = " and the ".join(f"{names[axis]}s" for axis in axes)
                yield f"Your result is the right one, reversed along the {along}."
    yield from in_another_order(got, expected, names, terms)


def _shifted_by_one(got: np.ndarray, expected: np.ndarray, names: Names, terms: int) -> Iterator[str]:
    """Shifted along one axis or two; what left at one end may have come in at the other."""
    axes = [axis for axis in range(expected.ndim) if expected.shape[axis] > 2]
    groups = [*itertools.combinations(axes, 1), *itertools.combinations(axes, 2)]
    moves = [(group, steps) for group in groups for steps in itertools.product((1, -1), repeat=len(group))]
    for moved, steps in moves:
        here, there = [slice(None)] * expected.ndim, [slice(None)] * expected.ndim
        for axis, step in zip(moved, steps, strict=True):
            ends = (slice(1, None), slice(None, -1))
            here[axis], there[axis] = ends if step > 0 else ends[::-1]
        if not close(got[tuple(here)], expected[tuple(there)], terms):
            continue
        round_the_end = close(got, np.roll(expected, steps, moved), terms)
        by = " and ".join(f"one {names[axis]}" for axis in moved)
        yield f"Your result is the right one, shifted by {by}{', round the end' if round_the_end else ''}."


def _scaled_or_offset(got: np.ndarray, expected: np.ndarray, terms: int) -> Iterator[str]:
    norm = float((expected * expected).sum())
    factor = float((got * expected).sum()) / norm if norm else 0.0
    if factor and close(got / factor, expected, terms):
        yield f"Every value is {factor:.4g} times the right one."
    offset = got - expected
    if close(offset, np.full_like(offset, offset.flat[0]), terms):
        yield "Every value is off by the same amount."
    elif expected.ndim > 1 and close(offset, np.broadcast_to(offset[(0,) * (expected.ndim - 1)], offset.shape), terms):
        yield "Within each channel, every value is off by the same amount."


def _right_in_part(got: np.ndarray, expected: np.ndarray, names: Names, terms: int) -> Iterator[str]:
    right = np.abs(got - expected) <= tolerance(expected, terms)
    yield from _right_but_for_an_edge(right, names)
    space = {1: (0,), 2: (0, 1), 4: (1, 2)}.get(expected.ndim)
    if space is None or min(expected.shape[axis] for axis in space) < 3:
        return
    if min(expected.shape[axis] for axis in space) >= SMALLEST_WITH_A_BORDER:
        inside = tuple(slice(1, -1) if axis in space else slice(None) for axis in range(expected.ndim))
        border = np.ones(expected.shape, bool)
        border[inside] = False
        if right[inside].all():
            yield "The interior is right; only the border is wrong."
        elif right[border].all():
            yield "The border is right; only the interior is wrong."
    if expected.ndim == 4:
        yield from _right_for_some(right, names)


def _right_but_for_an_edge(right: np.ndarray, names: Names) -> Iterator[str]:
    """Only the first or the last place along an axis or two is wrong."""
    axes = [axis for axis in range(right.ndim) if right.shape[axis] > 2 and names[axis] in EDGED]
    for count in (1, 2):
        for edges in itertools.combinations(itertools.product(axes, (0, -1)), count):
            rest = right.copy()
            for axis, place in edges:
                np.moveaxis(rest, axis, 0)[place] = True
            if rest.all():
                where = " and the ".join(f"{'first' if place == 0 else 'last'} {names[axis]}" for axis, place in edges)
                yield f"Everything is right but the {where}."
                return


def _right_for_some(right: np.ndarray, names: Names) -> Iterator[str]:
    """Whole images or whole channels that are right while others are not."""
    for axis in (0, 3):
        flags = [bool(right.take(index, axis).all()) for index in range(right.shape[axis])]
        if any(flags) and not all(flags):
            name = names[axis]
            yield f"{sum(flags)} of {len(flags)} {name}s are right, the first wrong one is {name} {flags.index(False)}."
