"""A convolution written once more, one number at a time, from the formula alone: a loop for every index."""

import itertools

import numpy as np


def places(size, kernel, stride, padding):
    """How often a kernel fits, counted."""
    return sum(1 for start in range(-padding, size + padding - kernel + 1, stride))


def conv2d(x, w, b, stride=1, padding=0):
    (n, height, width, channels), (kh, kw, _, filters) = x.shape, w.shape
    out = np.zeros((n, places(height, kh, stride, padding), places(width, kw, stride, padding), filters))
    for m, i, j, f in np.ndindex(out.shape):
        total = b[f]
        for u, v, c in np.ndindex(kh, kw, channels):
            row, column = i * stride + u - padding, j * stride + v - padding
            if 0 <= row < height and 0 <= column < width:
                total += x[m, row, column, c] * w[u, v, c, f]
        out[m, i, j, f] = total
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    (_, height, width, channels), (kh, kw, _, filters) = x.shape, w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(filters)
    for m, i, j, f in np.ndindex(dout.shape):
        db[f] += dout[m, i, j, f]
        for u, v, c in np.ndindex(kh, kw, channels):
            row, column = i * stride + u - padding, j * stride + v - padding
            if 0 <= row < height and 0 <= column < width:
                dx[m, row, column, c] += dout[m, i, j, f] * w[u, v, c, f]
                dw[u, v, c, f] += dout[m, i, j, f] * x[m, row, column, c]
    return dx, dw, db


def conv1d(x, h):
    """All values of a convolution, from the definition."""
    y = np.zeros(len(x) + len(h) - 1)
    for n, k in itertools.product(range(len(y)), range(len(x))):
        if 0 <= n - k < len(h):
            y[n] += x[k] * h[n - k]
    return y
