"""Glyphs: digits printed in many fonts and moved, turned, bent, thickened, faded. Endless, and fresh for each seed."""

from __future__ import annotations

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.draw import uniform
from common.data.fonts import CHARACTERS, FIELD, TALL, fields

VERSION = 1  # of the drawing: another one gives other images for the same seed
SIDE = 28
BLOCK = 500  # images drawn at a time


def glyphs(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Printed digits, images (N, 28, 28, 1). Each part is drawn anew, in fonts of its own."""
    parts = {"train": train, "validation": validation, "test": test}
    return Dataset("glyphs", tuple(CHARACTERS), *(draw(part, count, seed) for part, count in parts.items()))


def draw(part: str, count: int, seed: int) -> Examples:
    """The first `count` images of a part: asking for more adds some and changes none."""
    if count < 0:
        raise ValueError(f"glyphs cannot draw {count} images")
    blocks = [_block(part, seed, number) for number in range(-(-count // BLOCK))]
    images = np.concatenate([np.empty((0, SIDE, SIDE, 1), np.uint8), *(images for images, _ in blocks)])
    labels = np.concatenate([np.empty(0, np.int64), *(labels for _, labels in blocks)])
    return Examples(images[:count], labels[:count])


def _block(part: str, seed: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    """BLOCK images (BLOCK, 28, 28, 1) and labels. Sums, products and roots only, so every machine gives these bytes."""
    bank = fields(part)
    dice = uniform((20, BLOCK, 1), "glyphs", VERSION, part, seed, number).astype(np.float32)
    choice, font = (
        (dice[row, :, 0] * count).astype(np.int64) for row, count in enumerate((len(CHARACTERS), len(bank)))
    )
    about = 2 * dice[2:] - 1  # from -1 to 1

    row, column = (each.reshape(1, -1).astype(np.float32) for each in np.indices((SIDE, SIDE)) - (SIDE - 1) / 2)
    y, x = row - 2 * about[0], column - 2 * about[1]
    half = 0.09 * about[2]  # tan of half the angle: the turn needs no sine
    cosine, sine = (1 - half * half) / (1 + half * half), 2 * half / (1 + half * half)
    y, x = cosine * y + sine * x, cosine * x - sine * y
    x = x + 0.15 * about[3] * y
    bend = 0.006 * about[4:10]
    y, x = (
        y + bend[0] * y * y + bend[1] * y * x + bend[2] * x * x,
        x + bend[3] * y * y + bend[4] * y * x + bend[5] * x * x,
    )
    tall = 20 + 2.5 * about[10]  # height of the glyph in pixels
    wide = tall * (1 + 0.12 * about[11])
    inside = _sample(bank, font, choice, y * (TALL / tall), x * (TALL / wide)) * (tall / TALL)

    ink = np.clip(0.5 + (inside + 0.3 * about[12]) / (1.1 + 0.4 * about[13]), 0, 1)
    paper, dark = 20 + 20 * about[14], 215 + 40 * about[15]
    noise = uniform((4, BLOCK, SIDE * SIDE), "glyphs noise", VERSION, part, seed, number).astype(np.float32)
    grain = (noise[0] + noise[1] + noise[2] + noise[3] - 2) * (16 + 16 * about[16])
    grey = np.clip(np.rint(paper + (dark - paper) * ink + grain), 0, 255).astype(np.uint8)
    return grey.reshape(BLOCK, SIDE, SIDE, 1), choice


def _sample(bank: np.ndarray, font: np.ndarray, choice: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The chosen fields between their pixels, at y, x (N, P) from the middle. -> (N, P)"""
    middle, last = (FIELD - 1) / 2, FIELD - 1.001
    y, x = np.clip(y + middle, 0, last), np.clip(x + middle, 0, last)
    top, left = y.astype(np.int64), x.astype(np.int64)
    y, x = y - top.astype(np.float32), x - left.astype(np.float32)
    start = (font * len(CHARACTERS) + choice)[:, None] * FIELD * FIELD
    place = start + top * FIELD + left
    flat = bank.ravel()
    above = flat[place] * (1 - x) + flat[place + 1] * x
    below = flat[place + FIELD] * (1 - x) + flat[place + FIELD + 1] * x
    result: np.ndarray = above * (1 - y) + below * y
    return result
