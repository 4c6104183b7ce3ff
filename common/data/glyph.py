"""Glyphs: digits printed in many fonts and moved, turned, bent, thickened, faded. Endless, and fresh for each seed.

An image goes backwards: each of its pixels asks where it came from on the undistorted glyph, and how deep in the ink
that place lies. Only sums, products and roots of float32 are taken, so every machine gives the same bytes.
"""

from __future__ import annotations

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.draw import uniform
from common.data.fonts import CHARACTERS, FIELD, TALL, fields, fingerprint
from common.data.kept import kept

VERSION = 1  # of the drawing: another one gives other images for the same seed
SIDE = 28
BLOCK = 500  # images drawn at a time
MOST = 1_000_000
# How far the dice may go to either side. Pixels are those of the image.
SHIFT = 3.0  # pixels, down and across
TURN = 0.12  # tan of half the angle: 14 degrees
SLANT = 0.25  # pixels across for a pixel down
BEND = 0.009  # pixels for each product of two coordinates
HEIGHT, TALLER, WIDER = 20.0, 2.5, 0.12  # pixels, pixels, share of the width
STROKE, EDGE, SOFTER = 0.3, 1.1, 0.4  # pixels: added to the ink; width of its edge
PAPER, DARKER, INK, PALER = 20.0, 20.0, 215.0, 40.0  # grey values
GRAIN = 16.0  # grey values


def glyphs(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Printed digits, images (N, 28, 28, 1). Each part is drawn anew, in fonts of its own."""
    return Dataset(
        "glyphs",
        classes=tuple(CHARACTERS),
        train=_part("train", train, seed),
        validation=_part("validation", validation, seed),
        test=_part("test", test, seed),
    )


def _part(part: str, count: int, seed: int) -> Examples:
    """The first `count` images of a part: asking for more adds some and changes none."""
    if not 0 <= count <= MOST:
        raise ValueError(f"glyphs draws up to {MOST:,} images for {part}; asked for {count:,}")
    fonts = fingerprint(part) if count else ""  # they are read when they are needed
    key = ("glyphs", VERSION, fonts, part, count, seed)
    return Examples(**kept(key, count, lambda: _draw(part, count, seed)))


def _draw(part: str, count: int, seed: int) -> dict[str, np.ndarray]:
    images, labels = np.empty((count, SIDE, SIDE, 1), np.uint8), np.empty(count, np.int64)
    for start in range(0, count, BLOCK):
        here = slice(start, start + BLOCK)
        drawn, chosen = _block(part, seed, start // BLOCK)
        images[here], labels[here] = drawn[: count - start], chosen[: count - start]
    return {"images": images, "labels": labels}


def _block(part: str, seed: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Images (BLOCK, 28, 28, 1) and labels (BLOCK,)."""
    bank = fields(part)
    key = ("glyphs", VERSION, part, seed, number)
    dice = uniform((19, BLOCK, 1), *key).astype(np.float32)
    character = (dice[0, :, 0] * len(CHARACTERS)).astype(np.int64)
    font = (dice[1, :, 0] * len(bank)).astype(np.int64)
    about = 2 * dice[2:] - 1  # from -1 to 1

    tall = HEIGHT + TALLER * about[0]
    y, x = _origin(about[1:11])
    inside = _sample(bank, font, character, y * (TALL / tall), x * (TALL / tall)) * (tall / TALL)
    ink = np.clip(0.5 + (inside + STROKE * about[11]) / (EDGE + SOFTER * about[12]), 0, 1)

    paper, dark = PAPER + DARKER * about[13], INK + PALER * about[14]
    grain = uniform((4, BLOCK, SIDE * SIDE), "grain", *key).astype(np.float32)
    noise = (grain[0] + grain[1] + grain[2] + grain[3] - 2) * (GRAIN + GRAIN * about[15])  # four make a bell
    grey = np.clip(np.rint(paper + (dark - paper) * ink + noise), 0, 255).astype(np.uint8)
    return grey.reshape(BLOCK, SIDE, SIDE, 1), character


def _origin(about: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel came from, in pixels down and across from the middle. about (10, N, 1) -> two of (N, 784)"""
    places = np.indices((SIDE, SIDE), np.float32).reshape(2, 1, -1) - (SIDE - 1) / 2
    y, x = places[0] - SHIFT * about[0], places[1] - SHIFT * about[1]
    half = TURN * about[2]  # cos and sin as fractions of tan(angle / 2)
    cosine, sine = (1 - half * half) / (1 + half * half), 2 * half / (1 + half * half)
    y, x = cosine * y + sine * x, cosine * x - sine * y
    x = (x + SLANT * about[3] * y) / (1 + WIDER * about[4])
    bend = BEND * about[5:10]
    return y + bend[0] * y * x + bend[1] * x * x, x + bend[2] * y * y + bend[3] * y * x + bend[4] * x * x


def _sample(bank: np.ndarray, font: np.ndarray, character: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The chosen fields at y, x (N, P) from their middle, between their pixels. -> (N, P)"""
    y, x = (np.clip(each + (FIELD - 1) / 2, 0, FIELD - 1.001) for each in (y, x))
    top, left = y.astype(np.int64), x.astype(np.int64)
    y, x = y - top.astype(np.float32), x - left.astype(np.float32)
    flat = bank.ravel()
    place = ((font * len(CHARACTERS) + character)[:, None] * FIELD + top) * FIELD + left
    above = flat[place] * (1 - x) + flat[place + 1] * x
    below = flat[place + FIELD] * (1 - x) + flat[place + FIELD + 1] * x
    result: np.ndarray = above * (1 - y) + below * y
    return result
