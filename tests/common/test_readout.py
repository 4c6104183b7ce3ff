"""A linear readout finds what is in the features, and only that; digits lie where they are said to lie."""

import numpy as np

from common.data import digit_scans, scattered_digits
from common.readout import mean_miss, share_wrong

DICE = np.random.default_rng(0)


def test_what_is_a_weighted_sum_of_the_features_is_read_off():
    features = DICE.normal(size=(200, 3, 4, 1))
    places = 7 + features.reshape(200, -1) @ DICE.normal(size=(12, 2))
    assert mean_miss(features, places) < 0.05 < mean_miss(features[:, :1], places)


def test_classes_far_apart_are_told_apart_and_noise_says_nothing():
    labels = DICE.integers(0, 4, 400)
    assert share_wrong(np.eye(4)[labels] + DICE.normal(scale=0.1, size=(400, 4)), labels) == 0
    assert share_wrong(DICE.normal(size=(400, 4)), labels) > 0.5


def test_a_scattered_digit_lies_at_its_corner_and_nowhere_else():
    canvas, labels, corners = scattered_digits(20)
    images, names = digit_scans(20)
    assert canvas.shape == (20, 32, 32, 1) and (labels == names).all()
    for image, whole, (top, left) in zip(images, canvas, corners, strict=True):
        np.testing.assert_array_equal(whole[top : top + 8, left : left + 8], image)
        assert whole.sum() == image.sum()
