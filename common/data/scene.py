"""Scenes: a thing made of parts, textured and coloured, in front of a place. All that is drawn is also labelled."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.draw import uniform
from common.data.objects import PARTS, THINGS, Ellipse, Shape
from common.data.places import COLOURS, PLACES, RGB, TEXTURES, place, texture

VERSION = 1  # of the drawing: another one gives other images for the same seed
BLOCK = 250  # scenes drawn at a time
CONCEPTS = PARTS + COLOURS + TEXTURES + PLACES


@dataclass(frozen=True)
class SceneExamples(Examples):
    """Scenes with all that is known about them. Places in an image are (down, right) in pixels.

    places      int64 (N,): the background, an index into the data set's `places`
    boxes       int64 (N, 4): top, left, bottom, right of the thing; `images[n, top:bottom, left:right]` holds it
    keypoints   float32 (N, P, 2): the middle of each part; NaN where the thing has no such part
    masks       uint8 (N, H, W): 0 for the background, 1 + the part elsewhere, so `masks > 0` is the thing
    concepts    bool (N, K): which concepts are in the image: parts, the thing's colour and texture, the place
    """

    places: np.ndarray
    boxes: np.ndarray
    keypoints: np.ndarray
    masks: np.ndarray
    concepts: np.ndarray


@dataclass(frozen=True)
class Scenes(Dataset):
    """A data set of scenes, with the names behind their numbers."""

    train: SceneExamples
    validation: SceneExamples
    test: SceneExamples
    places: tuple[str, ...] = PLACES
    parts: tuple[str, ...] = PARTS
    concepts: tuple[str, ...] = CONCEPTS


def scenes(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0, side: int = 32) -> Scenes:
    """Things in front of places, colour images (N, side, side, 3). Each part is drawn anew."""
    return Scenes(
        "scenes",
        classes=tuple(thing.name for thing in THINGS),
        train=draw("train", train, seed, side),
        validation=draw("validation", validation, seed, side),
        test=draw("test", test, seed, side),
    )


def draw(part: str, count: int, seed: int, side: int = 32) -> SceneExamples:
    """The first `count` scenes of a part: asking for more adds some and changes none."""
    if count < 0:
        raise ValueError(f"scenes cannot draw {count} images")
    blocks = [_block(part, seed, number, side) for number in range(max(1, -(-count // BLOCK)))]
    joined = {
        each.name: np.concatenate([getattr(block, each.name) for block in blocks])[:count]
        for each in fields(SceneExamples)
    }
    return SceneExamples(**joined)


def _block(part: str, seed: int, number: int, side: int) -> SceneExamples:
    key = ("scenes", VERSION, part, seed, number)
    dice = uniform((18, BLOCK), *key).astype(np.float32)
    grain = uniform((BLOCK, side * side), "grain", side, *key).astype(np.float32)
    choices = (len(THINGS), len(PLACES), len(TEXTURES), len(COLOURS))
    thing, where, pattern, colour = (
        (each * count).astype(np.int64) for each, count in zip(dice, choices, strict=False)
    )
    made = SceneExamples(
        images=np.empty((BLOCK, side, side, 3), np.uint8),
        labels=thing,
        places=where,
        boxes=np.empty((BLOCK, 4), np.int64),
        keypoints=np.full((BLOCK, len(PARTS), 2), np.nan, np.float32),
        masks=np.zeros((BLOCK, side, side), np.uint8),
        concepts=np.zeros((BLOCK, len(CONCEPTS)), bool),
    )
    canvas = _backgrounds(where, dice[4:8], grain, side)
    for kind in range(len(THINGS)):
        chosen = np.flatnonzero(thing == kind)
        if len(chosen):
            _paint(kind, chosen, dice[8:], pattern, colour, canvas, made)
    canvas += (30 * (grain - 0.5))[..., None]
    made.images[:] = np.clip(np.rint(canvas), 0, 255).reshape(made.images.shape)
    made.boxes[:] = _boxes(made.masks)
    first = (0, len(PARTS), len(PARTS) + len(COLOURS), len(PARTS) + len(COLOURS) + len(TEXTURES))
    rows = np.arange(BLOCK)
    seen: np.ndarray = np.equal(made.masks.reshape(BLOCK, -1, 1), np.arange(1, len(PARTS) + 1))
    made.concepts[:, : len(PARTS)] = seen.any(1)
    for start, index in zip(first[1:], (colour, pattern, where), strict=True):
        made.concepts[rows, start + index] = True
    return made


def _backgrounds(where: np.ndarray, dice: np.ndarray, grain: np.ndarray, side: int) -> np.ndarray:
    """The places alone. -> (N, P, 3)"""
    down, right = ((each.reshape(1, -1) + 0.5) / side for each in np.indices((side, side), np.float32))
    canvas = np.empty((*grain.shape, 3), np.float32)
    for kind in range(len(PLACES)):
        chosen = np.flatnonzero(where == kind)
        canvas[chosen] = place(kind, down, right, dice[:, chosen, None], grain[chosen])
    return canvas


def _paint(
    kind: int,
    chosen: np.ndarray,
    dice: np.ndarray,
    pattern: np.ndarray,
    colour: np.ndarray,
    canvas: np.ndarray,
    made: SceneExamples,
) -> None:
    """Paint one kind of thing into the chosen scenes, part by part, and note where the parts are."""
    thing, side = THINGS[kind], made.masks.shape[1]
    dice = dice[:, chosen, None]
    size = side * (0.25 + 0.17 * dice[0])  # pixels to the unit of the thing's frame
    half = 0.2 * (dice[1] - 0.5)  # tan of half the angle: the turn needs no sine
    cosine, sine = (1 - half * half) / (1 + half * half), 2 * half / (1 + half * half)
    mirror = np.where(thing.mirrored & (dice[2] < 0.5), -1.0, 1.0).astype(np.float32)
    slim = 0.75 + 0.25 * dice[3]
    middle = [size + (side - 2 * size) * dice[4 + axis] for axis in range(2)]

    row, column = (each.reshape(1, -1) + 0.5 for each in np.indices((side, side), np.float32))
    y, x = (row - middle[0]) / size, (column - middle[1]) / size
    y, x = cosine * y + sine * x, (cosine * x - sine * y) * mirror / slim

    first = np.clip(RGB[colour[chosen]] + 40 * (dice[6] - 0.5), 0, 255)[:, None]
    shift = 1 + (dice[7, :, 0] * (len(COLOURS) - 1)).astype(np.int64)
    second = RGB[(colour[chosen] + shift) % len(COLOURS)][:, None]
    bright = np.empty_like(y)
    for each in range(len(TEXTURES)):
        rows = np.flatnonzero(pattern[chosen] == each)
        bright[rows] = texture(each, y[rows], x[rows], 0.35 + 0.2 * dice[8, rows])
    paints = {"body": first * (0.5 + 0.5 * bright)[..., None], "accent": second, "dark": 30.0}

    masks = np.zeros(y.shape, np.uint8)
    paint = canvas[chosen]
    for part in thing.parts:
        number = PARTS.index(part.name)
        for shape in part.shapes:
            cover = np.clip(0.5 + size * _inside(shape, y, x), 0, 1)
            paint += cover[..., None] * (paints[part.paint] - paint)
            masks[cover >= 0.5] = number + 1
        v, u = _centre(part.shapes[0])
        u = u * slim * mirror
        made.keypoints[chosen, number, 0] = (middle[0] + size * (cosine * v - sine * u))[:, 0]
        made.keypoints[chosen, number, 1] = (middle[1] + size * (cosine * u + sine * v))[:, 0]
    canvas[chosen] = paint
    made.masks[chosen] = masks.reshape(-1, side, side)


def _inside(shape: Shape, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """How far a point lies inside a shape, negative outside, in the thing's frame. The distance is exact near edges."""
    if isinstance(shape, Ellipse):
        v, u = (y - shape.middle[0]) / shape.radii[0], (x - shape.middle[1]) / shape.radii[1]
        return min(shape.radii) * (1 - np.sqrt(v * v + u * u))
    result = np.full_like(y, np.inf)
    corners = np.array(shape.corners, np.float32)
    for (top, left), (down, right) in zip(np.roll(corners, -1, 0), corners, strict=True):
        length = np.sqrt((down - top) ** 2 + (right - left) ** 2)
        np.minimum(result, ((x - left) * (down - top) - (y - top) * (right - left)) / length, out=result)
    return result


def _centre(shape: Shape) -> tuple[float, float]:
    """The middle of a shape: of a polygon, the mean of its corners."""
    if isinstance(shape, Ellipse):
        return shape.middle
    down, right = zip(*shape.corners, strict=True)
    return sum(down) / len(down), sum(right) / len(right)


def _boxes(masks: np.ndarray) -> np.ndarray:
    """Top, left, bottom, right around all that is not 0. masks (N, H, W) -> (N, 4)"""
    rows: np.ndarray = np.any(masks, 2)
    columns: np.ndarray = np.any(masks, 1)
    ends = [(each.argmax(1), each.shape[1] - each[:, ::-1].argmax(1)) for each in (rows, columns)]
    return np.stack([ends[0][0], ends[1][0], ends[0][1], ends[1][1]], axis=1).astype(np.int64)
