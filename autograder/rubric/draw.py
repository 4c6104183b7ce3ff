"""Inputs of cases as recipes: what to draw, not yet drawn. Public cases and fresh ones come from the same recipe.

Numbers are multiples of 1/64 between -2 and 2. Sums of their products are exact in float64 and almost always in
float32, so every correct way of computing gives the same bits, and the frozen cases are the same on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.cases import Value

STEPS = 64


class Dice:
    """A source of random bits for one case. Public dice always take the first choice that an author lists."""

    def __init__(self, *seed: str | bytes, public: bool) -> None:
        digest = hashlib.sha256(b"\0".join(part.encode() if isinstance(part, str) else part for part in seed))
        # The raw stream of a bit generator is fixed for ever; the methods of Generator may change between versions.
        self._bits = np.random.PCG64(int.from_bytes(digest.digest(), "big"))
        self._drawn: dict[int, Value] = {}
        self.public = public

    def integers(self, count: int, below: int) -> np.ndarray:
        """Whole numbers from 0 up to `below`, shape (count,)."""
        raw = self._bits.random_raw(count)
        return np.asarray((raw >> np.uint64(32)) % np.uint64(below), dtype=np.int64)

    def once(self, recipe: Recipe) -> Value:
        """What a recipe gives in this case: the same wherever the recipe stands in it."""
        if id(recipe) not in self._drawn:
            self._drawn[id(recipe)] = recipe.make(self)
        return self._drawn[id(recipe)]


@dataclass(frozen=True, eq=False)
class Recipe:
    """Something to draw when a case is made."""

    make: Callable[[Dice], Value]

    def map(self, change: Callable[[Any], Value]) -> Recipe:
        """The same, changed: `images(1, 4, 4, 1).map(np.abs)`."""
        return Recipe(lambda dice: change(dice.once(self)))


def resolve(value: Value | Recipe, dice: Dice) -> Value:
    """Draw every recipe inside a value."""
    if isinstance(value, Recipe):
        return dice.once(value)
    if isinstance(value, tuple | list):
        return type(value)(resolve(each, dice) for each in value)
    if isinstance(value, dict):
        return {key: resolve(each, dice) for key, each in value.items()}
    return value


def any_of(public: Value, *fresh: Value) -> Recipe:
    """The first value in the public case; one of all of them in a fresh one."""
    choices = (public, *fresh)
    return Recipe(lambda dice: public if dice.public else choices[dice.integers(1, len(choices))[0]])


def numbers(*shape: int | Recipe) -> Recipe:
    """Numbers between -2 and 2, none of them 0, of the given shape."""

    def make(dice: Dice) -> np.ndarray:
        size = resolve(shape, dice)
        steps = dice.integers(int(np.prod(size, dtype=int)), 2 * STEPS) + 1
        signs = 2 * dice.integers(steps.size, 2) - 1
        return np.reshape(signs * steps / STEPS, size)

    return Recipe(make)


def distinct(*shape: int | Recipe) -> Recipe:
    """Numbers no two of which are equal, none of them 0, about half of them negative: a maximum has no tie."""

    def make(dice: Dice) -> np.ndarray:
        size = resolve(shape, dice)
        count = int(np.prod(size, dtype=int))
        order = np.argsort(dice.integers(count, 2**31), kind="stable")
        return np.reshape((2 * order - count + (count % 2)) / STEPS + 1 / STEPS, size)

    return Recipe(make)


def in_float32(recipe: Recipe) -> Recipe:
    """The same numbers as float32, for a case that asks for the input's dtype."""
    return recipe.map(lambda array: array.astype(np.float32))


# The course's own words for the same numbers; the argument order is the array's.
signal = images = kernels = bias = numbers


def no_bias(filters: int) -> Recipe:
    """A bias of 0 for each filter."""
    return Recipe(lambda dice: np.zeros(filters))
