"""col2im: the adjoint of im2col, and the mistakes that students really make."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, case, numbers


def args(n, height, width, channels, kernel, stride):
    """A matrix of the size that im2col would make, then the rest of the call."""
    rows = [(size - window) // stride + 1 for size, window in zip((height, width), kernel)]
    matrix = numbers(n * rows[0] * rows[1], kernel[0] * kernel[1] * channels)
    return matrix, (n, height, width, channels), kernel, stride


def by_place(matrix, shape, kernel, stride=1):
    """One row of the matrix after the other."""
    (n, height, width, channels), (kh, kw), x = shape, kernel, np.zeros(shape)
    places = [(m, i, j) for m in range(n) for i in range(0, height - kh + 1, stride) for j in range(0, width - kw + 1, stride)]
    for row, (m, i, j) in zip(matrix, places):
        x[m, i : i + kh, j : j + kw] += row.reshape(kh, kw, channels)
    return x


def by_index(matrix, shape, kernel, stride=1):
    """Number the pixels, take their windows, count every pixel's shares together; float32."""
    (_, height, width, _), (kh, kw) = shape, kernel
    down = np.arange(0, height - kh + 1, stride)[:, None, None, None] + np.arange(kh)[:, None]
    across = np.arange(0, width - kw + 1, stride)[:, None, None] + np.arange(kw)
    pixels = np.arange(np.prod(shape)).reshape(shape)[:, down, across].ravel()
    return np.bincount(pixels, matrix.ravel(), np.prod(shape)).reshape(shape).astype(np.float32)


def averaged(right, matrix, shape, kernel, stride):
    """Every pixel's mean share, as if windows had to be put together to a picture again."""
    return right(matrix, shape, kernel, stride) / np.maximum(right(np.ones_like(matrix), shape, kernel, stride), 1)


def channels_first(right, matrix, shape, kernel, stride):
    """The rows read as (C, kh, kw)."""
    rows = matrix.reshape(len(matrix), shape[3], -1).transpose(0, 2, 1).reshape(matrix.shape)
    return right(rows, shape, kernel, stride)


def images_last(right, matrix, shape, kernel, stride):
    """The rows read as if all images of the first place came first."""
    rows = matrix.reshape(-1, shape[0], matrix.shape[1]).transpose(1, 0, 2).reshape(matrix.shape)
    return right(rows, shape, kernel, stride)


def left_over_cut(right, matrix, shape, kernel, stride):
    """Only as many rows and columns as windows reach."""
    high, wide = (size - (size - window) % stride for size, window in zip(shape[1:3], kernel))
    return right(matrix, shape, kernel, stride)[:, :high, :wide]


def squares(right, matrix, shape, kernel, stride):
    """The rows read as windows of (kw, kh)."""
    rows = matrix.reshape(len(matrix), kernel[1], kernel[0], -1).transpose(0, 2, 1, 3).reshape(matrix.shape)
    return right(rows, shape, kernel, stride)


col2im = Function(
    "col2im",
    points=4,
    groups=[
        # Windows lie side by side or alone in all groups but the first: what overlaps is asked there.
        Group("windows that overlap", 1, [
            case("2x2 windows", *args(1, 3, 3, 1, (2, 2), 1)),
            case("3x3 windows", *args(1, 5, 5, 1, (3, 3), 1)),
        ]),
        Group("images and windows that are not square", 1, [
            case("a wide image, windows side by side", *args(1, 4, 6, 1, (2, 2), 2)),
            case("3x2 windows, side by side down", *args(1, 3, 6, 1, (3, 2), 2)),
            case("one window of 2x4", *args(1, 2, 4, 1, (2, 4), 1)),
        ]),
        Group("channels and a batch", 1, [
            case("three channels", *args(1, 4, 4, 3, (2, 2), 2)),
            case("three images", *args(3, 4, 4, 1, (2, 2), 2)),
            case("two of both", *args(2, 3, 3, 2, (1, 1), 1)),
        ]),
        Group("pixels that no window sees", 1, [
            case("a last row and column left over", *args(1, 5, 5, 1, (2, 2), 2)),
            case("gaps between the windows", *args(1, 7, 7, 1, (2, 2), 3)),
        ]),
    ],
    mistakes=[
        Mistake("assigned instead of added", edit=("] += patches", "] = patches"),
                say="Windows overlap, so a pixel gets a share from each of them. Yours keeps the last share only."),
        Mistake("averaged", by=averaged,
                say="You divide by the number of windows that see a pixel. The adjoint adds the shares and divides by nothing."),
        Mistake("channels first", by=channels_first,
                say="Each row of the matrix holds (kh, kw, C) flattened: the channel changes fastest."),
        Mistake("windows transposed", by=squares,
                say="Each row of the matrix holds its window row by row: (kh, kw, C), not (kw, kh, C)."),
        Mistake("images last", by=images_last,
                say="The matrix holds all windows of the first image, then all of the second. Yours mixes the images."),
        Mistake("left over cut off", by=left_over_cut,
                say="The result must have the given `shape`. Pixels that no window sees get 0."),
        Mistake("stride ignored", edit=("u : u + rows * stride : stride, v : v + columns * stride : stride",
                                        "u : u + rows, v : v + columns"),
                say="The windows are put back one pixel apart. They were taken `stride` apart."),
        Mistake("stride down only", edit=("v : v + columns * stride : stride", "v : v + columns"),
                say="`stride` is used down but not across."),
        Mistake("starts with ones", edit=("np.zeros(shape)", "np.ones(shape)"),
                say="Your sum does not begin at 0."),
    ],
    variants=[by_place, by_index],
    terms=lambda inputs: inputs["kernel"][0] * inputs["kernel"][1],
)
