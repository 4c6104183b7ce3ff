"""Pooling by SciPy's filters: every place is filtered, then the windows that were asked for are kept."""

from __future__ import annotations

import numpy as np

Size = tuple[int, int]


def max_pool(x: np.ndarray, size: Size, stride: int) -> np.ndarray:
    """Largest value of each window. x (N, H, W, C) -> (N, H_out, W_out, C)."""
    from scipy.ndimage import maximum_filter

    return _whole_windows(maximum_filter(x, (1, *size, 1)), size, stride)


def pool(x: np.ndarray, size: Size, stride: int, mode: str) -> np.ndarray:
    """Mean ("average") or root of the sum of squares ("l2"). x (N, H, W, C) -> (N, H_out, W_out, C)."""
    from scipy.ndimage import correlate

    ones = np.ones((1, *size, 1))
    if mode == "average":
        return _whole_windows(correlate(x.astype(float), ones), size, stride) / ones.size
    norm: np.ndarray = np.sqrt(_whole_windows(correlate(x.astype(float) ** 2, ones), size, stride))
    return norm


def pool_features(x: np.ndarray, size: int) -> np.ndarray:
    """Root of the sum of squares over groups of neighbouring maps. x (N, H, W, C) -> (N, H, W, C/size)."""
    return np.stack([np.linalg.norm(group, axis=-1) for group in np.split(x, x.shape[-1] // size, axis=-1)], axis=-1)


def _whole_windows(filtered: np.ndarray, size: Size, stride: int) -> np.ndarray:
    """The places of a filtered image whose windows lie wholly on it, every `stride`-th of them."""
    (kh, kw), (_, height, width, _) = size, filtered.shape
    rows = slice(kh // 2, height - kh + 1 + kh // 2, stride)
    columns = slice(kw // 2, width - kw + 1 + kw // 2, stride)
    return filtered[:, rows, columns]
