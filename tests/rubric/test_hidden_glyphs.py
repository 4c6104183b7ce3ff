"""A question's hidden glyphs: fresh for each secret, quick, and never on the disk."""

import time

import numpy as np
import pytest

from autograder.rubric.draw import Dice
from common.data import glyphs
from common.data.kept import folder


def hidden(dice):
    """As docs/data.md shows it."""
    drawn = glyphs(train=0, validation=0, test=1000, seed=int(dice.integers(1, 2**32)[0])).test
    return drawn.images / 255, drawn.labels


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_another_secret_draws_other_glyphs_and_the_same_one_the_same():
    (first, labels), (again, _), (other, _) = (hidden(Dice(secret, "lenet", public=False)) for secret in "aab")
    np.testing.assert_array_equal(first, again)
    assert not any((image == other).all((1, 2, 3)).any() for image in first[:50])
    assert first.shape == (1000, 28, 28, 1) and np.bincount(labels, minlength=10).min() > 60
    assert not folder().exists()


def test_a_thousand_are_drawn_in_half_a_second():
    hidden(Dice("warm", "lenet", public=False))
    start = time.process_time()
    hidden(Dice("timed", "lenet", public=False))
    assert time.process_time() - start < 0.5
