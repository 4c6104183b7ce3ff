"""The rule by which bars follow from runs keeps what it promises, on simulated recipes."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.calibration.bars import factor, graded_bar, printed_bar, tolerance_bound


def test_the_factor_is_the_published_one() -> None:
    """One-sided tolerance factors with 95 % confidence; for 99 % of all runs, tables give 3.981 (10) and 3.295 (20)."""
    from scipy import stats

    for runs, published in ((10, 3.981), (20, 3.295)):
        noncentral = stats.nct.ppf(0.95, runs - 1, stats.norm.ppf(0.99) * runs**0.5) / runs**0.5
        assert noncentral == pytest.approx(published, abs=0.002)
    assert (round(factor(10), 2), round(factor(20), 2)) == (4.38, 3.63)


@pytest.mark.parametrize(("odds", "spread"), [(4.0, 0.2), (3.0, 0.1), (1.5, 0.3)])
@pytest.mark.parametrize("runs", [10, 20])
def test_a_correct_recipe_misses_the_printed_bar_in_fewer_than_1_of_200_runs(
    odds: float, spread: float, runs: int
) -> None:
    """The chance to miss is computed for each of 2,000 calibrations, of runs on the same 1,000 images."""
    from scipy import stats

    drawn = np.random.default_rng(0).normal(odds, spread, (2000, runs))
    accuracies = np.round(1000 / (1 + np.exp(-drawn))) / 1000
    bars = np.array([printed_bar(list(each), 1000) for each in accuracies])
    missed = stats.norm.cdf((np.log(bars / (1 - bars)) - odds) / spread)
    assert np.mean(missed) < 1 / 500
    assert np.mean(missed < 1 / 200) > 0.94  # 95 % is promised; 2,000 calibrations show it to within half a percent


def test_the_bar_lies_below_every_run_and_is_a_half_percent() -> None:
    bar = printed_bar([0.97, 0.971, 0.9704, 0.971, 0.9709, 0.93, 0.97, 0.97, 0.972, 0.97], 1000)
    assert bar <= 0.93 and bar * 200 == round(bar * 200)
    assert printed_bar([1.0] * 10, 500) < 1


def test_who_reaches_the_printed_bar_reaches_the_graders() -> None:
    random = np.random.default_rng(1)
    hidden = [0.975] * 10
    for public, others in ((1000, 1000), (500, 2000)):
        graded = graded_bar(0.96, hidden, public, others)
        assert 0.90 < graded < 0.96
        accuracy = random.normal(0.96, 0.004, 200_000).clip(0, 1)
        seen, unseen = random.binomial(public, accuracy) / public, random.binomial(others, accuracy) / others
        at_the_bar = np.abs(seen - 0.96) < 0.003
        assert np.mean(unseen[at_the_bar] < graded) < 1 / 200


def test_images_that_are_harder_when_hidden_lower_the_graders_bar() -> None:
    hard = [0.88, 0.89, 0.90, 0.89, 0.885, 0.895, 0.89, 0.88, 0.9, 0.89]
    assert graded_bar(0.96, hard, 1000, 1000) <= tolerance_bound(hard, 1000) < 0.88
