"""Transposed convolution and the tent by SciPy."""

from __future__ import annotations

import numpy as np


def conv2d_transpose(x: np.ndarray, w: np.ndarray, stride: int = 1) -> np.ndarray:
    """Transposed convolution. x (N, h, w, C_in), w (kh, kw, C_out, C_in) -> (N, (h-1)s+kh, (w-1)s+kw, C_out)."""
    from scipy.signal import upfirdn

    def one_map(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        across = (upfirdn(row, image, up=stride, axis=1) for row in kernel)
        down = (upfirdn(unit, each, up=stride, axis=0) for unit, each in zip(np.eye(len(kernel)), across, strict=True))
        added: np.ndarray = np.sum(list(down), axis=0)
        return added

    (filters, channels), maps = w.shape[2:], []
    for image in x:
        one = [sum(one_map(image[..., c], w[..., f, c]) for c in range(channels)) for f in range(filters)]
        maps.append(np.stack(one, axis=-1))
    return np.stack(maps)


def tent(factor: int, size: int) -> np.ndarray:
    """Bilinear kernel. factor, size -> (size, size)."""
    from scipy.signal.windows import triang

    whole = triang(2 * factor - size % 2)
    spare = (len(whole) - size) // 2
    line = whole[spare : spare + size]
    kernel: np.ndarray = np.multiply.outer(line, line)
    return kernel
