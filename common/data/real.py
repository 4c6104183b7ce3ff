"""Real data sets through `keras.datasets`, when they are cached or can be downloaded."""

from __future__ import annotations

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.files import REAL
from common.data.small import DIGITS, deal

CLOTHES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


class NotHere(Exception):
    """A real data set is not on this machine and cannot be downloaded now."""


def mnist(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Handwritten digits, images (N, 28, 28, 1): 60,000 to train and validate on, 10,000 to test."""
    return _real("mnist", DIGITS, (train, validation, test), seed)


def fashion_mnist(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Clothes, images (N, 28, 28, 1): 60,000 to train and validate on, 10,000 to test."""
    return _real("fashion_mnist", CLOTHES, (train, validation, test), seed)


def cifar10(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Colour photographs of ten things, images (N, 32, 32, 3): 50,000 to train and validate on, 10,000 to test."""
    return _real("cifar10", THINGS, (train, validation, test), seed)


def _real(name: str, classes: tuple[str, ...], counts: tuple[int, int, int], seed: int) -> Dataset:
    known, unseen = _load(name)
    train, validation = deal(known, counts[:2], name, seed)
    (test,) = deal(unseen, counts[2:], name, seed)
    return Dataset(name, classes, train, validation, test)


def _load(name: str) -> tuple[Examples, Examples]:
    """What was published to train on, and to test on."""
    from keras import datasets

    try:
        parts = getattr(datasets, name).load_data()
    except Exception as problem:
        raise NotHere(f"{name} is not here; use `{REAL[name].instead}` instead.") from problem
    return _examples(*parts[0]), _examples(*parts[1])


def _examples(images: np.ndarray, labels: np.ndarray) -> Examples:
    return Examples(images if images.ndim == 4 else images[..., None], labels.reshape(-1).astype(np.int64))
