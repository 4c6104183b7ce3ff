"""Scenes: a thing made of parts, textured and coloured, in front of a place. All that is drawn is also labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.draw import uniform
from common.data.kept import kept
from common.data.objects import PARTS, THINGS
from common.data.painting import Poses, mixed, paint
from common.data.places import COLOURS, PLACES, TEXTURES, place

VERSION = 1  # of the drawing: another one gives other images for the same seed
BLOCK = 100  # scenes drawn at a time
NOISE = 20.0  # grey values from the darkest to the brightest grain
MOST, SIDES = 200_000, (16, 256)
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
        train=_part("train", train, seed, side),
        validation=_part("validation", validation, seed, side),
        test=_part("test", test, seed, side),
    )


def _part(part: str, count: int, seed: int, side: int) -> SceneExamples:
    """The first `count` scenes of a part: asking for more adds some and changes none."""
    if not 0 <= count <= MOST or not SIDES[0] <= side <= SIDES[1]:
        raise ValueError(
            f"scenes draws up to {MOST:,} images of {SIDES[0]} to {SIDES[1]} pixels a side for {part};"
            f" asked for {count:,} of {side}"
        )
    return SceneExamples(
        **kept(("scenes", VERSION, part, count, seed, side), count, lambda: _draw(part, count, seed, side))
    )


def _draw(part: str, count: int, seed: int, side: int) -> dict[str, np.ndarray]:
    whole = _empty(count, side)
    for start in range(0, count, BLOCK):
        block = vars(_block(part, seed, start // BLOCK, side))
        for name, array in vars(whole).items():
            array[start : start + BLOCK] = block[name][: count - start]
    return vars(whole)


def _empty(count: int, side: int) -> SceneExamples:
    """Room for examples of which nothing is known."""
    return SceneExamples(
        images=np.empty((count, side, side, 3), np.uint8),
        labels=np.empty(count, np.int64),
        places=np.empty(count, np.int64),
        boxes=np.empty((count, 4), np.int64),
        keypoints=np.full((count, len(PARTS), 2), np.nan, np.float32),
        masks=np.zeros((count, side, side), np.uint8),
        concepts=np.zeros((count, len(CONCEPTS)), bool),
    )


def _block(part: str, seed: int, number: int, side: int) -> SceneExamples:
    """BLOCK scenes: first the places, then the things kind by kind, then some noise over all."""
    key = ("scenes", VERSION, part, seed, number)
    dice = uniform((18, BLOCK), *key).astype(np.float32)
    grain = uniform((BLOCK, side * side), "grain", side, *key).astype(np.float32)
    choices = (len(THINGS), len(PLACES), len(COLOURS), len(TEXTURES))
    thing, where, colour, pattern = (
        (each * count).astype(np.int64) for each, count in zip(dice, choices, strict=False)
    )
    made = _empty(BLOCK, side)
    canvas = _backgrounds(where, dice[4:8], grain, side)
    for kind in range(len(THINGS)):
        chosen = np.flatnonzero(thing == kind)
        poses = Poses.drawn(dice[8:14, chosen], side, THINGS[kind].mirrored)
        paints = mixed(colour[chosen], pattern[chosen], dice[14:, chosen], poses)
        canvas[chosen], made.masks[chosen], made.keypoints[chosen] = paint(THINGS[kind], canvas[chosen], poses, paints)
    canvas += (NOISE * (grain - 0.5))[..., None]
    made.images[:] = np.clip(np.rint(canvas), 0, 255).reshape(made.images.shape)
    made.labels[:], made.places[:], made.boxes[:] = thing, where, _boxes(made.masks)
    for number in range(len(PARTS)):
        made.concepts[:, number] = np.any(made.masks == number + 1, axis=(1, 2))
    for names, index in ((COLOURS, colour), (TEXTURES, pattern), (PLACES, where)):
        made.concepts[np.arange(BLOCK), CONCEPTS.index(names[0]) + index] = True
    return made


def _backgrounds(where: np.ndarray, dice: np.ndarray, grain: np.ndarray, side: int) -> np.ndarray:
    """The places alone. where (N,), dice (4, N), grain (N, side * side) -> (N, side * side, 3)"""
    down, right = ((each.reshape(1, -1) + 0.5) / side for each in np.indices((side, side), np.float32))
    canvas = np.empty((*grain.shape, 3), np.float32)
    for kind in range(len(PLACES)):
        chosen = np.flatnonzero(where == kind)
        canvas[chosen] = place(kind, down, right, dice[:, chosen, None], grain[chosen])
    return canvas


def _boxes(masks: np.ndarray) -> np.ndarray:
    """Top, left, bottom, right around all that is not 0. masks (N, H, W) -> (N, 4)"""
    rows: np.ndarray = np.any(masks, 2)
    columns: np.ndarray = np.any(masks, 1)
    ends = [(each.argmax(1), each.shape[1] - each[:, ::-1].argmax(1)) for each in (rows, columns)]
    return np.stack([ends[0][0], ends[1][0], ends[0][1], ends[1][1]], axis=1)
