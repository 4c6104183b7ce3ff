"""Convolution by SciPy."""

from __future__ import annotations

import numpy as np


def conv1d(x: np.ndarray, h: np.ndarray, mode: str = "full") -> np.ndarray:
    """Convolution of a signal with a kernel. x (L,), h (K,) -> (L+K-1,), (L-K+1,) or (L,)."""
    from scipy.signal import convolve

    y: np.ndarray = convolve(x, h, mode)
    return y


def conv2d(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Convolution layer. x (N, H, W, C_in), w (kh, kw, C_in, C_out), b (C_out,) -> (N, H_out, W_out, C_out)."""
    from scipy.signal import correlate

    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    maps = [correlate(x, w[None, ..., f], "valid")[:, ::stride, ::stride, 0] for f in range(w.shape[-1])]
    y: np.ndarray = np.stack(maps, axis=-1) + b
    return y
