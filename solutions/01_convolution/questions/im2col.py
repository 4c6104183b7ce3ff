"""im2col: cases, and the mistakes that students really make."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, images


def by_windows(x, kernel, stride=1):
    """All windows as a view, brought into order."""
    windows = sliding_window_view(x, kernel, axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, kernel[0] * kernel[1] * x.shape[3])


def by_place(x, kernel, stride=1):
    """One window after the other, flattened."""
    (kh, kw), (_, height, width, _) = kernel, x.shape
    return np.array([
        image[i : i + kh, j : j + kw].ravel()
        for image in x
        for i in range(0, height - kh + 1, stride)
        for j in range(0, width - kw + 1, stride)
    ])


def by_index(x, kernel, stride=1):
    """One fancy index for all windows; float32."""
    (kh, kw), (_, height, width, _) = kernel, x.shape
    down = np.arange(0, height - kh + 1, stride)[:, None, None, None] + np.arange(kh)[:, None]
    across = np.arange(0, width - kw + 1, stride)[:, None, None] + np.arange(kw)
    return x.astype(np.float32)[:, down, across].reshape(-1, kh * kw * x.shape[3])


def places_by_column(right, x, kernel, stride):
    """The places of an image column by column."""
    turned = right(x.transpose(0, 2, 1, 3), kernel[::-1], stride)
    return turned.reshape(len(turned), kernel[1], kernel[0], -1).transpose(0, 2, 1, 3).reshape(turned.shape)


def images_last(right, x, kernel, stride):
    """All images of the first place, then all of the second."""
    rows = right(x, kernel, stride)
    return rows.reshape(len(x), -1, rows.shape[1]).transpose(1, 0, 2).reshape(rows.shape)


def channels_first(right, x, kernel, stride):
    """One channel's window after the other in each row."""
    rows = right(x, kernel, stride)
    return rows.reshape(len(rows), -1, x.shape[3]).transpose(0, 2, 1).reshape(rows.shape)


im2col = Function(
    "im2col",
    points=5,
    groups=[
        Group("one image, one channel", 1, [
            case("2x2 windows", images(1, any_of(3, 4), any_of(3, 4), 1), (2, 2), 1),
            case("3x3 windows", images(1, any_of(5, 6), any_of(5, 6), 1), (3, 3), 1),
        ]),
        Group("images and windows that are not square", 1, [
            case("a wide image", images(1, any_of(3, 4), any_of(6, 7), 1), (2, 2), 1),
            case("3x2 windows", images(1, any_of(5, 6), any_of(5, 4), 1), (3, 2), 1),
            case("1x3 windows", images(1, any_of(4, 3), any_of(6, 5), 1), (1, 3), 1),
        ]),
        Group("channels", 1, [
            case("three channels", images(1, any_of(4, 3), any_of(4, 3), 3), (2, 2), 1),
        ]),
        Group("a batch", 1, [
            case("three images", images(3, any_of(4, 5), any_of(4, 5), 1), (2, 2), 1),
        ]),
        Group("stride", 1, [
            case("stride 2 that divides", images(1, any_of(5, 7), any_of(5, 7), 1), (3, 3), 2),
            case("stride 3, a row and a column left over", images(1, any_of(6, 9), any_of(6, 9), 1), (2, 2), 3),
        ]),
    ],
    mistakes=[
        Mistake("windows as columns", by=lambda right, *args: right(*args).T,
                say="Your windows stand in columns. Here each window is a row of the matrix."),
        Mistake("channels first", by=channels_first,
                say="Within a row, the channel changes fastest: (kh, kw, C) flattened, in the order of `w`."),
        Mistake("windows transposed", by=lambda right, x, kernel, stride: right(x, kernel, stride).reshape(-1, *kernel, x.shape[3])
                .transpose(0, 2, 1, 3).reshape(-1, kernel[0] * kernel[1] * x.shape[3]),
                say="Within a row, a window is flattened row by row. Yours goes column by column."),
        Mistake("places column by column", by=places_by_column,
                say="The places of an image follow each other row by row. Yours go column by column."),
        Mistake("images last", by=images_last,
                say="All windows of the first image come before those of the second. Yours mixes the images."),
        Mistake("first image only", by=lambda right, x, kernel, stride: right(x[:1], kernel, stride),
                say="Only the first image's windows are in your matrix."),
        Mistake("stride ignored", by=lambda right, x, kernel, stride: right(x, kernel, 1),
                say="`stride` has no effect in your code: the window moves by one pixel."),
        Mistake("stride in the size only", edit=("x[:, u : u + rows * stride : stride, v : v + columns * stride : stride]",
                                                 "x[:, u : u + rows, v : v + columns]"),
                say="There are as many windows as there should be, but they start one pixel apart, not `stride`."),
        Mistake("stride down only", edit=("v : v + columns * stride : stride", "v : v + columns"),
                say="`stride` is used down but not across."),
        Mistake("kernel assumed square", by=lambda right, x, kernel, stride: right(x, (kernel[0], kernel[0]), stride),
                say="Your windows are as wide as they are high. They must be `kw` columns wide."),
        Mistake("square image assumed", by=lambda right, x, kernel, stride: right(x[:, :, : x.shape[1]], kernel, stride),
                say="The number of columns was taken from the image's height. On square images this cannot be seen."),
        Mistake("last place forgotten", by=lambda right, x, kernel, stride: right(x[:, :-1, :-1], kernel, stride),
                say="The last window down and across is missing. The place where the kernel starts counts too."),
    ],
    variants=[by_windows, by_place, by_index],
)
