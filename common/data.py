"""Images that need no download: they come with scikit-learn, which loads when they are first asked for."""

from __future__ import annotations

import numpy as np


def photo() -> np.ndarray:
    """A grey photograph of a temple's roofs, (160, 240), values from 0 to 1. It comes with scikit-learn."""
    from sklearn.datasets import load_sample_image

    colour: np.ndarray = load_sample_image("china.jpg")[60:380:2, 100:580:2] / 255.0
    grey: np.ndarray = colour @ np.array([0.299, 0.587, 0.114])
    return grey


def digits(count: int = 1797) -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits, at most 1797. -> images (N, 8, 8, 1) from 0 to 1, labels (N,). From scikit-learn."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return data.images[:count, :, :, None] / 16, data.target[:count]


def scattered_digits(count: int, side: int = 32) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each digit anywhere on a dark canvas. -> images (N, side, side, 1), labels (N,), upper left corners (N, 2)."""
    images, labels = digits(count)
    corners = np.random.default_rng(0).integers(0, side - 7, (len(images), 2))
    canvas = np.zeros((len(images), side, side, 1))
    for index, (top, left) in enumerate(corners):
        canvas[index, top : top + 8, left : left + 8] = images[index]
    return canvas, labels, corners
