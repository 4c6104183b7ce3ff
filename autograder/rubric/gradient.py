"""Gradients by central differences of the reference's forward pass, in float64: right answers nobody had to derive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.cases import Value

# A power of two: for sums of products of drawn numbers the difference is then exact.
STEP = 2.0**-17
DECIMALS = 9  # rounding noise is cut off, so that frozen cases are the same on every machine


@dataclass(frozen=True)
class GradientOf:
    """The answer is the gradient of `forward` with respect to these of its inputs, for a gradient from above."""

    forward: str
    inputs: Sequence[str]
    above: str = "dout"


def gradient_of(forward: str, *inputs: str, above: str = "dout") -> GradientOf:
    """`against=gradient_of("conv2d", "x", "w", "b")`; an input that the backward pass does not get counts as 0."""
    return GradientOf(forward, inputs, above)


def central_differences(
    forward: Callable[..., np.ndarray], inputs: Mapping[str, Value], names: Sequence[str], above: np.ndarray
) -> tuple[np.ndarray, ...]:
    """d sum(above * forward(**inputs)) / d inputs[name] for each name."""
    return tuple(_differences(forward, inputs, name, above.astype(np.float64)) for name in names)


def _differences(
    forward: Callable[..., np.ndarray], inputs: Mapping[str, Value], name: str, above: np.ndarray
) -> np.ndarray:
    x = np.array(inputs[name], dtype=np.float64)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = x.copy()
            moved[index] += step
            ends.append(forward(**{**inputs, name: moved}))
        gradient[index] = (above * (ends[0] - ends[1])).sum() / (2 * STEP)
    return np.round(gradient, DECIMALS) + 0.0  # + 0.0: no negative zeros
