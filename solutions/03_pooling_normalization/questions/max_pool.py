"""max_pool: 8 points. Groups that are not about overlap use windows that tile, square ones on square images."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, backwards, case, distinct

from .windows import positive, windows_of

LECTURE = np.array([[0.01, 0.15, 0.14, 0.10], [0.02, 0.15, 0.15, 0.02], [0.40, 0.60, 0.02, 0.03], [0.70, 0.40, 0.03, 0.02]])

# --- right answers in other styles ------------------------------------------------------------------------------------


def max_by_view(x, size, stride):
    """All windows at once."""
    return windows_of(x, size, stride).max(axis=(4, 5))


def max_by_slices(x, size, stride):
    """One strided slice per place in the window, in float32."""
    high, wide = (x.shape[1] - size[0]) // stride + 1, (x.shape[2] - size[1]) // stride + 1
    seen = [x[:, u:, v:][:, ::stride, ::stride][:, :high, :wide] for u, v in np.ndindex(*size)]
    return np.maximum.reduce(seen).astype(np.float32)


def max_by_loops(x, size, stride):
    """Six loops in plain Python."""
    (n, h, w, c), (kh, kw) = x.shape, size
    rows, columns = range(0, h - kh + 1, stride), range(0, w - kw + 1, stride)
    return np.array([[[[max(x[m, i + u, j + v, k] for u in range(kh) for v in range(kw)) for k in range(c)]
                       for j in columns] for i in rows] for m in range(n)])


# --- a mistake that is longer than a line -----------------------------------------------------------------------------


def rounded_up(right, x, size, stride):
    """Windows that hang over the edge count as well."""
    (_, h, w, _), (kh, kw) = x.shape, size
    more = ((0, 0), (0, -(h - kh) % stride), (0, -(w - kw) % stride), (0, 0))
    return right(np.pad(x, more, constant_values=x.min()), size, stride)


# --- the question -----------------------------------------------------------------------------------------------------

max_pool = Function(
    "max_pool",
    points=8,
    groups=[
        Group("windows that tile", 1, [
            case("2x2 windows on one 4x4 image", positive(1, 4, 4, 1), (2, 2), 2),
            case("the lectures' example", LECTURE.reshape(1, 4, 4, 1), (2, 2), 2),
            case("3x3 windows", positive(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3),
        ]),
        Group("windows that overlap", 2, [
            case("3x3 windows, stride 2", positive(1, any_of(7, 5, 9), any_of(7, 5, 9), 1), (3, 3), 2),
            case("3x3 windows, stride 1", positive(1, any_of(5, 6), any_of(5, 6), 1), (3, 3), 1, fresh=2),
        ]),
        Group("images and windows that are not square", 2, [
            case("2x2 windows on a wide image", positive(1, 4, any_of(8, 6, 10), 1), (2, 2), 2),
            case("2x2 windows on a high image", positive(1, any_of(8, 6, 10), 4, 1), (2, 2), 2),
            case("2x3 windows", positive(1, any_of(6, 8), any_of(7, 9), 1), (2, 3), 2),
            case("3x1 windows", positive(1, any_of(9, 6), any_of(4, 7), 1), (3, 1), 3),
        ]),
        Group("a batch and channels", 1, [
            case("3 channels", positive(1, 4, 4, 3), (2, 2), 2),
            case("3 images of 2 channels", positive(3, any_of(4, 6), any_of(4, 6), 2), (2, 2), 2),
            case("images in reverse order", positive(3, 4, 4, 2), (2, 2), 2, holds=backwards("x")),
        ]),
        Group("negative values", 1, [
            case("negative values only", positive(1, 4, 4, 1).map(lambda x: -x), (2, 2), 2),
            case("about half are negative", distinct(1, any_of(6, 8), any_of(6, 8), 1).map(lambda x: x), (2, 2), 2),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("a last row and column that fill no window", positive(1, any_of(5, 7), any_of(5, 7), 1), (2, 2), 2),
            case("two rows and columns left over", positive(1, any_of(5, 8), any_of(5, 8), 1), (3, 3), 3),
        ]),
    ],
    mistakes=[
        Mistake("stride taken from the window", by=lambda right, x, size, stride: right(x, size, size[0]),
                say="Your windows start one window apart. They should start `stride` apart; the two differ as soon as windows "
                    "overlap."),
        Mistake("stride of 1", by=lambda right, x, size, stride: right(x, size, 1),
                say="`stride` has no effect in your code: the window moves by one pixel."),
        Mistake("stride in the size only", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="The output has the right size, but window (i, j) starts at pixel (i, j). It should start `stride` times as "
                    "far down and across."),
        Mistake("output size from the height alone", edit=("(w - kw) // stride", "(h - kh) // stride"),
                say="The output's width was computed from the input's height. On square images this cannot be seen."),
        Mistake("height and width swapped", edit=("(h - kh) // stride + 1, (w - kw) // stride + 1",
                                                  "(w - kw) // stride + 1, (h - kh) // stride + 1"),
                say="Height and width are swapped in the output's size. On square images this cannot be seen."),
        Mistake("window assumed square", edit=("left : left + kw", "left : left + kh"),
                say="The window is as wide as it is high. It must be `kw` columns wide."),
        Mistake("maximum over channels too", by=lambda right, x, size, stride: right(x.max(-1, keepdims=True), size, stride),
                say="Each channel is pooled by itself: the output has as many channels as the input."),
        Mistake("maximum over images too", by=lambda right, x, size, stride: right(x.max(0, keepdims=True), size, stride),
                say="Each image is pooled by itself: the output has as many images as the input."),
        Mistake("first image for all", by=lambda right, x, size, stride: np.repeat(right(x[:1], size, stride), len(x), axis=0),
                say="Every image got the first image's result."),
        Mistake("starts from zero", by=lambda right, x, size, stride: np.maximum(right(x, size, stride), 0),
                say="A 0 takes part in every maximum, and it wins against negative values."),
        Mistake("largest size instead of largest value", by=lambda right, x, size, stride: right(np.abs(x), size, stride),
                say="You look for the value that is farthest from 0. The largest value is asked for."),
        Mistake("mean instead of maximum", edit=(".max(axis=(1, 2))", ".mean(axis=(1, 2))"),
                say="These are means. Max pooling keeps the largest value of each window."),
        Mistake("minimum instead of maximum", edit=(".max(axis=(1, 2))", ".min(axis=(1, 2))"),
                say="These are the smallest values. Max pooling keeps the largest."),
        Mistake("rounded up", by=rounded_up,
                say="Your output has a place for windows that hang over the edge. Rows and columns that fill no whole window are "
                    "left out."),
        Mistake("one row and column too few", edit=("(h - kh) // stride + 1, (w - kw) // stride + 1",
                                                    "(h - kh) // stride, (w - kw) // stride"),
                say="Your output is one row and one column short. The window at the start counts too."),
        Mistake("works on the input itself", by=lambda right, x, size, stride: (right(x, size, stride), x.fill(0))[0],
                say="Your function changes `x`. Whoever called it still needs those images: work on a copy."),
    ],
    variants=[max_by_view, max_by_slices, max_by_loops],
)
