"""Random numbers that a key fixes for ever, on every machine."""

from __future__ import annotations

import hashlib

import numpy as np


def uniform(shape: tuple[int, ...], *key: str | int) -> np.ndarray:
    """Numbers from 0 up to 1, float64: the same for the same key, wherever and with whatever NumPy."""
    digest = hashlib.sha256(repr(key).encode()).digest()
    # The raw stream of a bit generator is fixed for ever; the methods of Generator may change between versions.
    raw = np.random.PCG64(int.from_bytes(digest, "big")).random_raw(int(np.prod(shape, dtype=int)))
    return ((raw >> np.uint64(11)) * 2.0**-53).reshape(shape)


def order(count: int, *key: str | int) -> np.ndarray:
    """The numbers from 0 to count - 1, shuffled."""
    return np.argsort(uniform((count,), *key), kind="stable")
