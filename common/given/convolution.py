"""Convolution by SciPy, NumPy's windows and Keras."""

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


def filter2d(x: np.ndarray, h: np.ndarray, flip: bool) -> np.ndarray:
    """Convolution or correlation of an image. x (H, W), h (kh, kw) -> (H-kh+1, W-kw+1)."""
    from scipy.signal import convolve, correlate

    y: np.ndarray = (convolve if flip else correlate)(x, h, "valid")
    return y


def gaussian_kernel(size: int, sigma: float) -> np.ndarray:
    """Gaussian weights that sum to 1. -> (size, size)."""
    from scipy.signal.windows import gaussian

    line = gaussian(size, sigma)
    weights: np.ndarray = np.outer(line, line) / line.sum() ** 2
    return weights


def im2col(x: np.ndarray, kernel: tuple[int, int], stride: int = 1) -> np.ndarray:
    """Every window as a row. x (N, H, W, C) -> (N·H_out·W_out, kh·kw·C)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(1, 2))[:, ::stride, ::stride]
    rows: np.ndarray = np.moveaxis(windows, 3, -1).reshape(-1, kernel[0] * kernel[1] * x.shape[3])
    return rows


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a convolution layer. dout (N, H_out, W_out, C_out) -> dx like x, dw like w, db (C_out,)."""
    from scipy.signal import convolve, correlate

    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, channels, filters = w.shape
    above = np.zeros((len(x), x.shape[1] - kh + 1, x.shape[2] - kw + 1, filters))
    above[:, ::stride, ::stride] = dout
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for c, f in np.ndindex(channels, filters):
        dx[..., c] += convolve(above[..., f], w[None, :, :, c, f], "full")
        dw[..., c, f] = correlate(x[..., c], above[..., f], "valid")[0]
    rows, columns = (slice(padding, size - padding) for size in x.shape[1:3])
    return dx[:, rows, columns], dw, dout.sum((0, 1, 2))


def learning_step(x: np.ndarray, y: np.ndarray, w: np.ndarray, rate: float) -> tuple[np.ndarray, float]:
    """One step of gradient descent. x (N, H, W), y (N, H-kh+1, W-kw+1), w (kh, kw) -> new w, loss before the step."""
    from scipy.signal import correlate

    error = correlate(x, w[None], "valid") - y
    gradient: np.ndarray = correlate(x, error, "valid")[0]
    return w - rate * 2 * gradient / error.size, float(np.mean(error**2))


def conv_output_shape(
    image: tuple[int, int], kernel: tuple[int, int], stride: int = 1, padding: int = 0, strict: bool = False
) -> tuple[int, int]:
    """Output size of a convolution, as Keras finds it. (H, W), (kh, kw), stride, padding, strict -> (H_out, W_out)."""
    from keras import layers

    height, width = (int(size) + 2 * padding for size in image)
    rest = [(size - window) % stride for size, window in zip((height, width), kernel, strict=True)]
    if strict and any(rest):
        raise ValueError(f"a kernel of {kernel} in steps of {stride} leaves pixels of {image} over")
    layer = layers.Conv2D(1, tuple(map(int, kernel)), int(stride), "valid")
    _, down, across, _ = layer.compute_output_shape((1, height, width, 1))
    return down, across


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after one axis for "same": what is missing in the first and the last window of Keras' own."""
    from keras import ops

    line, ones = np.ones((1, int(size), 1), np.float32), np.ones((int(kernel), 1, 1), np.float32)
    seen = np.asarray(ops.conv(line, ones, int(stride), "same", data_format="channels_last"))[0, :, 0]
    return int(kernel - seen[0]), int(kernel - seen[-1])
