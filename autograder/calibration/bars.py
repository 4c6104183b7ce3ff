"""From the accuracies of N runs to two bars. The rule, in order:

1. An accuracy a of n images becomes its log-odds x = ln((k + ½) / (n - k + ½)) with k = a n: near 100 % errors spread
   by factors, not by differences, and x is then close to normal.
2. The tolerance bound mean(x) - f s(x), with f from the noncentral t distribution, lies below 99.5 % of all future
   runs with a confidence of 95 %. f is 4.38 for 10 runs and 3.63 for 20: who runs fewer seeds gets a lower bar.
3. The printed bar is that bound or the lowest run, whichever is lower, rounded down to half a percent.
4. A model at the printed bar p must pass on hidden images too, although these are another sample. The difference of
   two samples has the deviation √(p (1 - p) (1/n_public + 1/n_hidden)); the grader's bar lies 2.58 of it lower, and
   not above the same tolerance bound for the accuracies on hidden images. It is rounded down to a tenth of a percent.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import numpy as np

MISSED = 1 / 200  # the part of all runs of a correct recipe that may miss the bar
CONFIDENCE = 0.95


@functools.cache
def factor(runs: int) -> float:
    """How many deviations below the mean the tolerance bound of a normal distribution lies."""
    from scipy import stats

    z = stats.norm.ppf(1 - MISSED)
    return float(stats.nct.ppf(CONFIDENCE, runs - 1, z * math.sqrt(runs)) / math.sqrt(runs))


def tolerance_bound(accuracies: Sequence[float], images: int) -> float:
    """An accuracy that all but 1 in 200 future runs exceed, with 95 % confidence."""
    right = np.asarray(accuracies) * images
    odds = np.log((right + 0.5) / (images - right + 0.5))
    bound = odds.mean() - factor(len(odds)) * odds.std(ddof=1)
    return float(1 / (1 + np.exp(-bound)))


def printed_bar(accuracies: Sequence[float], images: int) -> float:
    """The bar that students read."""
    return _down(min(tolerance_bound(accuracies, images), *accuracies), 200)


def graded_bar(bar: float, hidden: Sequence[float], images: int, hidden_images: int) -> float:
    """The bar on hidden images for who has just reached the printed one."""
    from scipy import stats

    spread = math.sqrt(bar * (1 - bar) * (1 / images + 1 / hidden_images))
    sampled = bar - float(stats.norm.ppf(1 - MISSED)) * spread
    return _down(max(0.0, min(sampled, tolerance_bound(hidden, hidden_images))), 1000)


def _down(value: float, steps: int) -> float:
    return math.floor(value * steps + 1e-9) / steps
