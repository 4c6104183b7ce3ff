"""Random numbers that a key fixes for ever, on every machine."""

from __future__ import annotations

import hashlib
import operator

import numpy as np

Key = tuple[str | int, ...]


def digest(key: Key) -> bytes:
    """32 bytes for a key of words and whole numbers, of Python or of NumPy."""
    plain = [each if isinstance(each, str) else operator.index(each) for each in key]
    return hashlib.sha256(repr(plain).encode()).digest()


def uniform(shape: tuple[int, ...], *key: str | int) -> np.ndarray:
    """Numbers from 0 up to 1, float64: the same for the same key, wherever and with whatever NumPy."""
    # The raw stream of a bit generator is fixed for ever; the methods of Generator may change between versions.
    raw = np.random.PCG64(int.from_bytes(digest(key), "big")).random_raw(int(np.prod(shape, dtype=int)))
    return ((raw >> np.uint64(11)) * 2.0**-53).reshape(shape)


def order(count: int, *key: str | int) -> np.ndarray:
    """The numbers from 0 to count - 1, shuffled."""
    return np.argsort(uniform((count,), *key), kind="stable")
