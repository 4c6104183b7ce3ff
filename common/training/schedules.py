"""Learning rates by epoch, counted from 0. They hold no state, so a resumed training finds its place by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Schedule = Callable[[int], float]  # an epoch, counted from 0 -> its learning rate


def drops(start: float, at: Sequence[int], by: float = 0.1) -> Schedule:
    """Begin at `start` and multiply by `by` at the beginning of each epoch in `at`."""
    return lambda epoch: start * by ** sum(epoch >= each for each in at)


def cosine(start: float, epochs: int, warm_up: int = 0) -> Schedule:
    """Climb in even steps for `warm_up` epochs, then fall along half a cosine: start · (1 + cos(π t)) / 2."""

    def rate(epoch: int) -> float:
        if epoch < warm_up:
            return start * (epoch + 1) / (warm_up + 1)
        return start * (1 + math.cos(math.pi * (epoch - warm_up) / max(epochs - warm_up, 1))) / 2

    return rate
