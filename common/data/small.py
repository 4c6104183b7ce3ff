"""What comes with scikit-learn: a photograph, and 1,797 handwritten digits of 8x8 pixels."""

from __future__ import annotations

import itertools

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.draw import order

DIGITS = tuple("0123456789")


def photo() -> np.ndarray:
    """A grey photograph of a temple's roofs, (160, 240), values from 0 to 1."""
    from sklearn.datasets import load_sample_image

    colour: np.ndarray = load_sample_image("china.jpg")[60:380:2, 100:580:2] / 255.0
    grey: np.ndarray = colour @ np.array([0.299, 0.587, 0.114])
    return grey


def digit_scans(count: int = 1797) -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits, at most 1797, in the order of scanning. -> images (N, 8, 8, 1) from 0 to 1, labels (N,)."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return data.images[:count, :, :, None] / 16, data.target[:count]


def scattered_digits(count: int, side: int = 32) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each digit anywhere on a dark canvas. -> images (N, side, side, 1), labels (N,), upper left corners (N, 2)."""
    images, labels = digit_scans(count)
    corners = np.random.default_rng(0).integers(0, side - 7, (len(images), 2))
    canvas = np.zeros((len(images), side, side, 1))
    for index, (top, left) in enumerate(corners):
        canvas[index, top : top + 8, left : left + 8] = images[index]
    return canvas, labels, corners


def digits(train: int = 1000, validation: int = 300, test: int = 497, seed: int = 0) -> Dataset:
    """Handwritten digits, images (N, 8, 8, 1), 1797 in all; the seed shuffles them before they are parted."""
    scans, labels = digit_scans()
    images = np.rint(scans * 255).astype(np.uint8)
    known = Examples(images, labels.astype(np.int64))
    unseen, held_out, learned = deal(known, (test, validation, train), "digits", seed)
    return Dataset("digits", DIGITS, learned, held_out, unseen)


def deal(pool: Examples, counts: tuple[int, ...], name: str, seed: int) -> list[Examples]:
    """Parts of a shuffled pool, none with an example of another. The size of the last one changes no other."""
    if min(counts) < 0 or sum(counts) > len(pool):
        raise ValueError(f"{name} has {len(pool)} examples to share out; asked for {' + '.join(map(str, counts))}")
    shuffled = order(len(pool), name, seed)
    ends = np.cumsum([0, *counts])
    places = [shuffled[start:end] for start, end in itertools.pairwise(ends)]
    return [Examples(pool.images[each], pool.labels[each]) for each in places]
