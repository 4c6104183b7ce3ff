"""What counts in 01_small: how many unseen digits are right."""

import numpy as np

from autograder.rubric import Assignment, Band, Mistake, Trained
from common.data import digit_scans


def scans(dice):
    """400 digits, as bytes, beyond the first 1,000; hidden ones are other draws of them."""
    x, y = digit_scans()
    chosen = 1000 + np.unique(dice.integers(600, 797))
    return np.rint(x[chosen] * 255).astype(np.uint8), y[chosen]


def shifted(right):
    """The kept model with its scores shifted by one class."""
    model = right()
    weights, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([np.roll(weights, 1, 1), np.roll(bias, 1)])
    return model


small_net = Trained(
    "small_net",
    points=4,
    bands=[Band(0.5, 2), Band("calibrated", 2)],
    data=scans,
    classes=10,
    mistakes=[Mistake("classes shifted", by=shifted, say="Your classes are shifted by one.")],
)

assignment = Assignment("A calibrated bar", minutes=15, questions=[small_net])
