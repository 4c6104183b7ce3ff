"""Painting things into scenes: where they stand, what colours they have, which pixel belongs to which part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from common.data.objects import PARTS, Ellipse, Shape, Thing
from common.data.places import COLOURS, RGB, TEXTURES, texture

SMALLEST, LARGEST = 0.32, 0.46  # of the image's side to the unit of a thing's frame
TURN = 0.1  # tan of half the angle: 11 degrees to either side
SLIMMEST = 0.75
DARK = 30.0

Paints = dict[str, np.ndarray]  # for each paint of a part its colours, (N, side * side or 1, 3)


@dataclass(frozen=True)
class Poses:
    """Where N things stand in their images, each array (N, 1): pixels, and the turn as cosine and sine."""

    side: int
    size: np.ndarray
    down: np.ndarray
    right: np.ndarray
    cosine: np.ndarray
    sine: np.ndarray
    slim: np.ndarray  # the width of the frame's unit beside its height; negative where mirrored

    @classmethod
    def drawn(cls, dice: np.ndarray, side: int, mirrored: bool) -> Poses:
        """Poses anywhere as long as the thing stays in the image. dice (6, N)"""
        about = dice[..., None]
        size = side * (SMALLEST + (LARGEST - SMALLEST) * about[0])
        down, right = (size + (side - 2 * size) * each for each in about[1:3])
        half = TURN * (2 * about[3] - 1)  # cos and sin as fractions of tan(angle / 2)
        cosine, sine = (1 - half * half) / (1 + half * half), 2 * half / (1 + half * half)
        slim = SLIMMEST + (1 - SLIMMEST) * about[4]
        return cls(side, size, down, right, cosine, sine, np.where(mirrored & (about[5] < 0.5), -slim, slim))

    def frame(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the middle of each pixel lies in the thing's frame: down and right, (N, side * side)."""
        pixels = np.indices((self.side, self.side), np.float32).reshape(2, 1, -1) + 0.5
        y, x = (pixels[0] - self.down) / self.size, (pixels[1] - self.right) / self.size
        return self.cosine * y + self.sine * x, (self.cosine * x - self.sine * y) / self.slim

    def image(self, v: float, u: float) -> np.ndarray:
        """Where a point of the frame lies in the image, in pixels: (N, 2)."""
        down = self.down + self.size * (self.cosine * v - self.sine * self.slim * u)
        right = self.right + self.size * (self.cosine * self.slim * u + self.sine * v)
        return np.concatenate([down, right], axis=1)


def mixed(colour: np.ndarray, pattern: np.ndarray, dice: np.ndarray, poses: Poses) -> Paints:
    """The paints of N things, the body's with its texture. colour (N,), pattern (N,), dice (4, N)"""
    y, x = poses.frame()
    light = np.empty_like(y)
    for kind in range(len(TEXTURES)):
        chosen = np.flatnonzero(pattern == kind)
        light[chosen] = texture(kind, y[chosen], x[chosen], 0.35 + 0.2 * dice[0, chosen, None])
    first = np.clip(RGB[colour] + 40 * (dice[1, :, None] - 0.5), 0, 255)
    other = (colour + 1 + (dice[2] * (len(COLOURS) - 1)).astype(np.int64)) % len(COLOURS)
    return {
        "body": first[:, None] * (0.5 + 0.5 * light)[..., None],
        "accent": RGB[other][:, None],
        "dark": np.full((len(colour), 1, 3), DARK, np.float32),
    }


def paint(thing: Thing, canvas: np.ndarray, poses: Poses, paints: Paints) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Paint part after part. canvas (N, P, 3) -> painted (N, P, 3), masks (N, side, side), keypoints (N, parts, 2)"""
    y, x = poses.frame()
    masks = np.zeros(y.shape, np.uint8)
    keypoints = np.full((len(y), len(PARTS), 2), np.nan, np.float32)
    for part in thing.parts:
        number = PARTS.index(part.name)
        for shape in part.shapes:
            cover = np.clip(0.5 + poses.size * inside(shape, y, x), 0, 1)
            canvas = canvas + cover[..., None] * (paints[part.paint] - canvas)
            masks[cover >= 0.5] = number + 1
        keypoints[:, number] = poses.image(*middle(part.shapes[0]))
    return canvas, masks.reshape(-1, poses.side, poses.side), keypoints


def inside(shape: Shape, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """How far points of the frame lie inside a shape, negative outside; nearly exact at its outline."""
    if isinstance(shape, Ellipse):
        v, u = (y - shape.middle[0]) / shape.radii[0], (x - shape.middle[1]) / shape.radii[1]
        result: np.ndarray = min(shape.radii) * (1 - np.sqrt(v * v + u * u))
        return result
    result = np.full_like(y, np.inf)
    for (top, left), (bottom, right) in shape.edges():
        length = ((bottom - top) ** 2 + (right - left) ** 2) ** 0.5
        np.minimum(result, (y - top) * ((right - left) / length) - (x - left) * ((bottom - top) / length), out=result)
    return result


def middle(shape: Shape) -> tuple[float, float]:
    """The middle of a shape: of a polygon, the mean of its corners."""
    if isinstance(shape, Ellipse):
        return shape.middle
    down, right = zip(*shape.corners, strict=True)
    return sum(down) / len(down), sum(right) / len(right)
