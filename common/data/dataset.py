"""What every data set looks like, embedded or downloaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Examples:
    """Images uint8 (N, H, W, C) from 0 to 255 with their labels int64 (N,)."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class Dataset:
    """Three parts that share no example. A label is an index into `classes`."""

    name: str
    classes: tuple[str, ...]
    train: Examples
    validation: Examples
    test: Examples
