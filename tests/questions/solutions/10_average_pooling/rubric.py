"""What counts in average pooling. Groups that are not about overlap use windows that tile, square ones on square images."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import (
    Assignment,
    Function,
    Group,
    Mistake,
    any_of,
    case,
    gradient_of,
    images,
    linear,
    numbers,
    shifted,
)


def back(x, size, stride):
    """The arguments of a backward pass: a gradient of the output's size, then what the forward pass was given."""

    def places(axis):
        return x.map(lambda image: (image.shape[axis] - size[axis - 1]) // stride + 1)

    return numbers(x.map(len), places(1), places(2), x.map(lambda image: image.shape[3])), x, size, stride


# --- right answers in other styles ------------------------------------------------------------------------------------


def windows_of(x, size, stride):
    """All windows as a view. x (N, H, W, C) -> (N, H_out, W_out, C, kh, kw)."""
    return sliding_window_view(x, size, axis=(1, 2))[:, ::stride, ::stride]


def mean_by_view(x, size, stride):
    """All windows at once."""
    return windows_of(x, size, stride).mean(axis=(-2, -1))


def mean_by_sums(x, size, stride):
    """Sums over rectangles from cumulated sums, in float32."""
    total = np.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))).cumsum(1).cumsum(2)
    (kh, kw), (_, h, w, _) = size, x.shape
    rows, columns = np.arange(0, h - kh + 1, stride)[:, None], np.arange(0, w - kw + 1, stride)
    sums = total[:, rows + kh, columns + kw] - total[:, rows, columns + kw] - total[:, rows + kh, columns]
    return ((sums + total[:, rows, columns]) / (kh * kw)).astype(np.float32)


def mean_back_by_slices(dout, x, size, stride):
    """One strided slice per place in the window."""
    (_, high, wide, _), dx = dout.shape, np.zeros_like(x)
    for u, v in np.ndindex(*size):
        dx[:, u : u + (high - 1) * stride + 1 : stride, v : v + (wide - 1) * stride + 1 : stride] += dout
    return dx / np.prod(size)


def mean_back_by_loops(dout, x, size, stride):
    """One gradient at a time, in float32."""
    dx = np.zeros(x.shape, np.float32)
    for n, i, j, c in np.ndindex(*dout.shape):
        dx[n, i * stride : i * stride + size[0], j * stride : j * stride + size[1], c] += dout[n, i, j, c] / (size[0] * size[1])
    return dx


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


def padded_with_zeros(right, x, size, stride):
    """Windows that hang over the edge are filled with zeros."""
    (_, h, w, _), (kh, kw) = x.shape, size
    return right(np.pad(x, ((0, 0), (0, -(h - kh) % stride), (0, -(w - kw) % stride), (0, 0))), size, stride)


def cut(dout, x, size, stride):
    """The part of x that windows cover."""
    return x[:, : (dout.shape[1] - 1) * stride + size[0], : (dout.shape[2] - 1) * stride + size[1]]


# --- average_pool -----------------------------------------------------------------------------------------------------

average_pool = Function(
    "average_pool",
    points=6,
    groups=[
        Group("windows that tile", 1, [
            case("2x2 windows on one 4x4 image", images(1, 4, 4, 1), (2, 2), 2),
            case("3x3 windows", images(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3),
        ]),
        Group("windows that overlap", 1, [
            case("3x3 windows, stride 2", images(1, any_of(7, 5, 9), any_of(7, 5, 9), 1), (3, 3), 2),
        ]),
        Group("images and windows that are not square", 1, [
            case("2x2 windows on a wide image", images(1, 4, any_of(8, 6, 10), 1), (2, 2), 2),
            case("2x2 windows on a high image", images(1, any_of(8, 6, 10), 4, 1), (2, 2), 2),
            case("2x3 windows", images(1, any_of(6, 8), any_of(7, 9), 1), (2, 3), 2),
        ]),
        Group("a batch and channels", 1, [
            case("3 images of 2 channels", images(3, any_of(4, 6), any_of(4, 6), 2), (2, 2), 2),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("a last row and column that fill no window", images(1, any_of(5, 7), any_of(5, 7), 1), (2, 2), 2),
        ]),
        Group("linear, and the same everywhere", 1, [
            case("2x - 3y pools to 2 pools of x - 3 of y", images(1, 4, 4, 1), (2, 2), 2, holds=linear("x")),
            case("two columns further", images(1, 6, 6, 1), (2, 2), 2, holds=shifted("x", 2, by=2, moves=1)),
        ]),
    ],
    mistakes=[
        Mistake("sum instead of mean", edit=(".mean(axis=(1, 2))", ".sum(axis=(1, 2))"),
                say="These are sums. A mean divides by the number of values in the window."),
        Mistake("maximum instead of mean", edit=(".mean(axis=(1, 2))", ".max(axis=(1, 2))"),
                say="These are the largest values. The mean of each window is asked for."),
        Mistake("mean over channels too", edit=(".mean(axis=(1, 2))", ".mean(axis=(1, 2, 3), keepdims=True)[:, 0, 0]"),
                say="Each channel is pooled by itself. Yours averages over the channels as well."),
        Mistake("divided by the square of the height", by=lambda right, x, size, stride: right(x, size, stride) * size[1] / size[0],
                say="You divide by the window's height squared. A window has `kh` times `kw` values."),
        Mistake("stride taken from the window", by=lambda right, x, size, stride: right(x, size, size[0]),
                say="Your windows start one window apart. They should start `stride` apart; the two differ as soon as windows "
                    "overlap."),
        Mistake("output size from the height alone", edit=("(w - kw) // stride", "(h - kh) // stride"),
                say="The output's width was computed from the input's height. On square images this cannot be seen."),
        Mistake("window assumed square", edit=("left : left + kw", "left : left + kh"),
                say="The window is as wide as it is high. It must be `kw` columns wide."),
        Mistake("filled up with zeros", by=padded_with_zeros,
                say="Your output has a place for windows that hang over the edge, filled up with zeros. Rows and columns that "
                    "fill no whole window are left out."),
        Mistake("whole numbers", edit=("(w - kw) // stride + 1, c))", "(w - kw) // stride + 1, c), int)"),
                say="The means were cut to whole numbers: the array that you fill holds ints."),
        Mistake("result left empty", edit=("out[:, i, j] = ", "out[:, i, i] = "),
                say="Only the diagonal of the output is filled, the rest is as it was made."),
    ],
    variants=[mean_by_view, mean_by_sums],
    terms=lambda inputs: 4 * inputs["x"][..., 0].size,
)

# --- average_pool_backward --------------------------------------------------------------------------------------------

average_pool_backward = Function(
    "average_pool_backward",
    points=4,
    groups=[
        Group("windows that tile", 1, [
            case("2x2 windows on one 4x4 image", *back(images(1, 4, 4, 1), (2, 2), 2), against=gradient_of("average_pool", "x")),
            case("3 images of 2 channels", *back(images(3, any_of(4, 6), any_of(4, 6), 2), (2, 2), 2)),
        ]),
        Group("windows that overlap", 1, [
            case("3x3 windows, stride 2", *back(images(1, any_of(5, 7), any_of(5, 7), 1), (3, 3), 2)),
        ]),
        Group("images and windows that are not square", 1, [
            case("2x2 windows on a wide image", *back(images(1, 4, any_of(8, 6), 1), (2, 2), 2)),
            case("1x3 windows", *back(images(1, any_of(4, 7), any_of(9, 12), 1), (1, 3), 3)),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("a last row and column that fill no window", *back(images(1, any_of(5, 7), any_of(5, 7), 1), (2, 2), 2)),
        ]),
    ],
    mistakes=[
        Mistake("not divided", edit=(" / (kh * kw)", ""),
                say="Every pixel gets the whole gradient. Its share in the mean is one part in `kh` times `kw`."),
        Mistake("divided by the square of the height", edit=("(kh * kw)", "(kh * kh)"),
                say="You divide by the window's height squared. A window has `kh` times `kw` values."),
        Mistake("assigned instead of added", edit=("] += share", "] = share"),
                say="Windows overlap, so a pixel gets a share from each of them. Yours keeps the last share only."),
        Mistake("stride taken from the window", edit=("top, left = i * stride, j * stride", "top, left = i * kh, j * kw"),
                say="Your windows start one window apart. They should start `stride` apart; the two differ as soon as windows "
                    "overlap."),
        Mistake("columns counted by rows", by=lambda right, dout, *rest: right(dout[:, :, : dout.shape[1]], *rest),
                say="As many columns of `dout` are visited as it has rows. On square images this cannot be seen."),
        Mistake("window assumed square", edit=("left : left + kw", "left : left + kh"),
                say="The window is as wide as it is high. It must be `kw` columns wide."),
        Mistake("share times the value", by=lambda right, dout, x, *rest: right(dout, x, *rest) * x,
                say="The gradient was multiplied by the pixels. A mean passes on a fixed share, whatever the values are."),
        Mistake("not in the size of x", by=lambda right, dout, x, size, stride: right(dout, cut(dout, x, size, stride), size, stride),
                say="`dx` lacks the rows and columns that fill no window. It must have the shape of `x`, with 0 there."),
    ],
    variants=[mean_back_by_slices, mean_back_by_loops],
    terms=lambda inputs: 9,
)

assignment = Assignment("Average pooling", minutes=30, questions=[average_pool, average_pool_backward])
