"""Backgrounds and textures, colours from 0 to 255. Waves are triangles: sums and products only, equal everywhere."""

from __future__ import annotations

import numpy as np

PLACES = ("sky", "sea", "meadow", "sand", "bricks", "night")
TEXTURES = ("plain", "striped", "dotted", "checked")
COLOURS = ("red", "orange", "yellow", "green", "blue", "violet", "white", "black")
RGB = np.array(
    [[205, 45, 40], [235, 135, 30], [240, 215, 60], [50, 150, 60], [45, 85, 200], [140, 65, 165], [235, 235, 230],
     [40, 40, 45]],
    np.float32,
)  # fmt: skip
MORTAR, STARLIGHT = 195.0, 240.0
# Each place: the colour on top, the colour at the bottom.
GROUND = np.array(
    [
        [[110, 165, 230], [205, 225, 245]],
        [[40, 95, 140], [60, 140, 165]],
        [[120, 175, 80], [65, 120, 45]],
        [[225, 205, 150], [200, 170, 110]],
        [[165, 90, 70], [150, 80, 65]],
        [[15, 18, 45], [45, 40, 85]],
    ],
    np.float32,
)


def wave(t: np.ndarray) -> np.ndarray:
    """A triangle wave of period 1, from 0 to 1."""
    wave: np.ndarray = np.abs(2 * (t - np.floor(t)) - 1)
    return wave


def texture(kind: int, down: np.ndarray, right: np.ndarray, period: np.ndarray) -> np.ndarray:
    """How bright a texture is, 0 or 1, at places in units of which `period` make one repeat."""
    u, v = wave(down / period), wave(right / period)
    light: dict[str, np.ndarray] = {
        "plain": np.ones_like(u),
        "striped": u > 0.5,
        "dotted": (1 - u) ** 2 + (1 - v) ** 2 > 0.35,
        "checked": (u > 0.5) == (v > 0.5),
    }
    return light[TEXTURES[kind]].astype(np.float32)


def place(kind: int, down: np.ndarray, right: np.ndarray, dice: np.ndarray, grain: np.ndarray) -> np.ndarray:
    """A background at places from 0 to 1, dice (4, N, 1), grain (N, P). -> (N, P, 3)"""
    depth = np.clip(down + 0.3 * (dice[0] - 0.5), 0, 1)[..., None]
    ground: np.ndarray = GROUND[kind, 0] * (1 - depth) + GROUND[kind, 1] * depth
    y, x, pitch = down + dice[1], right + dice[2], 5 + 4 * dice[3]
    name = PLACES[kind]
    if name == "sky":
        cloud = np.clip(3 * (wave(1.3 * x + 0.4 * wave(3 * y)) * wave(1.7 * y) - 0.55), 0, 1)[..., None]
        ground += 0.8 * cloud * (250 - ground)
    elif name == "sea":
        ground += 45 * (wave(pitch * y + 0.5 * wave(2.5 * x)) - 0.5)[..., None]
    elif name == "meadow":
        ground += (70 * (grain - 0.5) + 25 * (wave(2 * pitch * x) - 0.5))[..., None]
    elif name == "sand":
        ground += (30 * (wave(0.4 * pitch * (y + 0.5 * x)) - 0.5) + 30 * (grain - 0.5))[..., None]
    elif name == "bricks":
        ground += 25 * (grain - 0.5)[..., None]
        course = np.floor(pitch * y)
        ground[(wave(pitch * y) > 0.75) | (wave(0.5 * pitch * x + 0.5 * course) > 0.87)] = MORTAR
    else:
        ground[grain > 0.985] = STARLIGHT
    return ground
