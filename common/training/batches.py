"""Batches of images for Keras. Order and augmentation follow from (seed, epoch), not from what ran before."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from common.data import Examples
from common.pixels import as_input

Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]  # images (N, H, W, C) -> images of the same shape


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """One epoch of (images, labels) in float32; in the given order without a generator."""

    def __init__(
        self, part: Examples, size: int, shuffle: tuple[int, int] | None = None, augment: Augment | None = None
    ) -> None:
        super().__init__()
        self.part, self.size, self.shuffle, self.augment = part, size, shuffle, augment
        count = len(part.images)
        self.order = np.arange(count) if shuffle is None else np.random.default_rng(shuffle).permutation(count)

    def __len__(self) -> int:
        return math.ceil(len(self.order) / self.size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self.order[index * self.size : (index + 1) * self.size]
        images = self.part.images[chosen]
        if self.augment and self.shuffle:
            images = self.augment(images, np.random.default_rng([*self.shuffle, index]))
        return as_input(images), self.part.labels[chosen]


@dataclass(frozen=True)
class ShiftAndFlip:
    """The augmentation of `shift_and_flip`. Its settings can be compared and written down."""

    pixels: int = 4
    flip: bool = True

    def __call__(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Images (N, H, W, C) -> images of the same shape."""
        count, height, width, _ = images.shape
        room = self.pixels
        wide = np.pad(images, ((0, 0), (room, room), (room, room), (0, 0)))
        top, left = np.asarray(random.integers(0, 2 * room + 1, (2, count, 1)))
        rows, columns = top + np.arange(height), left + np.arange(width)  # (N, H), (N, W)
        if self.flip:
            mirrored = np.asarray(random.random(count) < 0.5)
            columns = np.where(mirrored[:, None], columns[:, ::-1], columns)
        moved: Any = wide[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
        return np.asarray(moved)


def shift_and_flip(pixels: int = 4, flip: bool = True) -> Augment:
    """Move each image by up to `pixels` both ways, with zeros at the border; mirror it half of the times, if `flip`."""
    return ShiftAndFlip(pixels, flip)
