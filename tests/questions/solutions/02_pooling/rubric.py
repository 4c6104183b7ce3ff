"""What counts in pooling. Groups that are not about overlap use windows that tile, square ones on square images."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import (
    Assignment,
    Function,
    Group,
    Mistake,
    any_of,
    backwards,
    case,
    distinct,
    gradient_of,
    numbers,
)


def positive(*shape):
    """Images without ties and without negative values: only the group that is about them has any."""
    return distinct(*shape).map(lambda x: x - x.min() + 1)


def flat(*shape):
    """Every value is the same, so every window is one tie."""
    return numbers(1).map(lambda value: np.full(shape, value[0]))


def twins(count, high, wide, channels):
    """Every pixel has a twin to its right."""
    return positive(count, high, wide // 2, channels).map(lambda x: np.repeat(x, 2, axis=2))


def back(x, size, stride):
    """The arguments of a backward pass: a gradient of the output's size, then what the forward pass was given."""

    def places(axis):
        return x.map(lambda image: (image.shape[axis] - size[axis - 1]) // stride + 1)

    return numbers(x.map(len), places(1), places(2), x.map(lambda image: image.shape[3])), x, size, stride


# --- right answers in other styles ------------------------------------------------------------------------------------


def windows_of(x, size, stride):
    """All windows as a view. x (N, H, W, C) -> (N, H_out, W_out, C, kh, kw)."""
    return sliding_window_view(x, size, axis=(1, 2))[:, ::stride, ::stride]


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


def back_by_view(dout, x, size, stride):
    """argmax over flattened windows, then one unbuffered addition."""
    place = windows_of(x, size, stride).reshape(*dout.shape, -1).argmax(-1)
    n, i, j, c = np.indices(dout.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, (n, i * stride + place // size[1], j * stride + place % size[1], c), dout)
    return dx


def back_by_first_claim(dout, x, size, stride):
    """Each place of the window in turn takes the gradients that nobody took before, in float32."""
    largest = max_by_view(x, size, stride)
    (_, high, wide, _), free = largest.shape, np.ones(largest.shape, bool)
    dx = np.zeros(x.shape, np.float32)
    for u, v in np.ndindex(*size):
        here = np.s_[:, u : u + (high - 1) * stride + 1 : stride, v : v + (wide - 1) * stride + 1 : stride]
        taken = free & (x[here] == largest)
        dx[here] += taken * dout
        free &= ~taken
    return dx


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


def rounded_up(right, x, size, stride):
    """Windows that hang over the edge count as well."""
    (_, h, w, _), (kh, kw) = x.shape, size
    more = ((0, 0), (0, -(h - kh) % stride), (0, -(w - kw) % stride), (0, 0))
    return right(np.pad(x, more, constant_values=x.min()), size, stride)


def to_every_maximum(right, dout, x, size, stride):
    """Each of the largest pixels gets the whole gradient."""
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        window = np.s_[n, i * stride : i * stride + size[0], j * stride : j * stride + size[1], c]
        dx[window] += (x[window] == x[window].max()) * dout[n, i, j, c]
    return dx


def split_among_maxima(right, dout, x, size, stride):
    """The largest pixels share the gradient."""
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        window = np.s_[n, i * stride : i * stride + size[0], j * stride : j * stride + size[1], c]
        largest = x[window] == x[window].max()
        dx[window] += largest / largest.sum() * dout[n, i, j, c]
    return dx


def to_the_last_maximum(right, dout, x, size, stride):
    """The last of the largest pixels gets the gradient."""
    return right(dout[:, ::-1, ::-1], cut(dout, x, size, stride)[:, ::-1, ::-1], size, stride)[:, ::-1, ::-1]


def cut(dout, x, size, stride):
    """The part of x that windows cover."""
    return x[:, : (dout.shape[1] - 1) * stride + size[0], : (dout.shape[2] - 1) * stride + size[1]]


def spread_evenly(right, dout, x, size, stride):
    """Average pooling's gradient."""
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        dx[n, i * stride : i * stride + size[0], j * stride : j * stride + size[1], c] += dout[n, i, j, c] / (size[0] * size[1])
    return dx


# --- max_pool ---------------------------------------------------------------------------------------------------------

max_pool = Function(
    "max_pool",
    points=8,
    groups=[
        Group("windows that tile", 1, [
            case("2x2 windows on one 4x4 image", positive(1, 4, 4, 1), (2, 2), 2),
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

# --- max_pool_backward ------------------------------------------------------------------------------------------------

BY_DIFFERENCES = gradient_of("max_pool", "x")

max_pool_backward = Function(
    "max_pool_backward",
    points=8,
    groups=[
        Group("windows that tile", 1, [
            case("2x2 windows on one 4x4 image", *back(positive(1, 4, 4, 1), (2, 2), 2), against=BY_DIFFERENCES),
            case("3x3 windows", *back(positive(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3)),
        ]),
        Group("windows that overlap", 2, [
            case("3x3 windows, stride 2", *back(positive(1, 5, 5, 1), (3, 3), 2), against=BY_DIFFERENCES, fresh=2),
            case("3x3 windows, stride 1", *back(positive(1, any_of(6, 7), any_of(6, 7), 1), (3, 3), 1)),
        ]),
        Group("images and windows that are not square", 1, [
            case("2x2 windows on a wide image", *back(positive(1, 4, any_of(8, 6, 10), 1), (2, 2), 2)),
            case("2x2 windows on a high image", *back(positive(1, any_of(8, 6, 10), 4, 1), (2, 2), 2)),
            case("1x3 windows", *back(positive(1, any_of(4, 7), any_of(9, 12), 1), (1, 3), 3)),
            case("3x2 windows", *back(positive(1, any_of(9, 6), any_of(8, 11), 1), (3, 2), 3)),
        ]),
        Group("a batch and channels", 1, [
            case("3 channels", *back(positive(1, 4, 4, 3), (2, 2), 2)),
            case("3 images of 2 channels", *back(positive(3, any_of(4, 6), any_of(4, 6), 2), (2, 2), 2)),
        ]),
        Group("negative values", 1, [
            case("negative values only", *back(positive(1, 4, 4, 1).map(lambda x: -x), (2, 2), 2)),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("a last row and column that fill no window", *back(positive(1, any_of(5, 7), any_of(5, 7), 1), (2, 2), 2)),
        ]),
        Group("ties: the first of the largest", 1, [
            case("a flat image", *back(flat(1, 4, 4, 1), (2, 2), 2)),
            case("twins side by side", *back(twins(1, 4, 4, 1), (2, 2), 2)),
        ]),
    ],
    mistakes=[
        Mistake("assigned instead of added", edit=("c] += dout", "c] = dout"),
                say="A pixel can be the largest of several windows and gets a share from each. Yours keeps the last share only."),
        Mistake("stride taken from the window", edit=("top, left = i * stride, j * stride", "top, left = i * kh, j * kw"),
                say="Your windows start one window apart. They should start `stride` apart; the two differ as soon as windows "
                    "overlap."),
        Mistake("stride ignored", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="`stride` has no effect in your code: window (i, j) is taken from pixel (i, j)."),
        Mistake("columns counted by rows", by=lambda right, dout, *rest: right(dout[:, :, : dout.shape[1]], *rest),
                say="As many columns of `dout` are visited as it has rows. On square images this cannot be seen."),
        Mistake("window assumed square", edit=("left : left + kw", "left : left + kh"),
                say="The window is as wide as it is high. It must be `kw` columns wide."),
        Mistake("place unravelled with the wrong width",
                edit=("np.unravel_index(window.argmax(), window.shape)", "divmod(int(window.argmax()), kh)"),
                say="`argmax` counts row by row, and a row of the window has `kw` values. Yours counts as if it had `kh`."),
        Mistake("ties go to every maximum", by=to_every_maximum,
                say="Where several pixels are equally large, each of them gets the gradient. It goes to the first one only."),
        Mistake("ties are split", by=split_among_maxima,
                say="Where several pixels are equally large, they share the gradient. All of it goes to the first one."),
        Mistake("ties go to the last maximum", by=to_the_last_maximum,
                say="Where several pixels are equally large, the last one gets the gradient. It goes to the first one."),
        Mistake("gradient times the value", edit=("+= dout[n, i, j, c]", "+= dout[n, i, j, c] * window.max()"),
                say="The gradient was multiplied by the largest value. That pixel passes its value on as it is, with a factor of 1."),
        Mistake("gradient left out", edit=("+= dout[n, i, j, c]", "+= 1"),
                say="`dout` has no effect on the values of `dx`: they only count maxima."),
        Mistake("gradient spread evenly", by=spread_evenly,
                say="Every pixel of a window gets a share. In max pooling only the largest one had any effect."),
        Mistake("to the smallest value", edit=("window.argmax()", "window.argmin()"),
                say="The gradient went to the smallest pixel of each window."),
        Mistake("first image only", by=lambda right, dout, x, *rest: np.pad(right(dout[:1], x[:1], *rest),
                                                                            ((0, len(x) - 1), (0, 0), (0, 0), (0, 0))),
                say="Only the first image has a gradient. Every image of the batch needs its own."),
        Mistake("place taken from the first channel", edit=("left : left + kw, c]", "left : left + kw, 0]"),
                say="All channels send their gradient to where channel 0 is largest. Each has its own largest pixel."),
        Mistake("not in the size of x", by=lambda right, dout, x, size, stride: right(dout, cut(dout, x, size, stride), size, stride),
                say="`dx` lacks the rows and columns that fill no window. It must have the shape of `x`, with 0 there."),
        Mistake("works on dout itself", by=lambda right, dout, *rest: (right(dout, *rest), dout.fill(0))[0],
                say="Your function changes `dout`. Whoever called it still needs that gradient: work on a copy."),
    ],
    variants=[back_by_view, back_by_first_claim],
    terms=lambda inputs: 9,
)

assignment = Assignment("Pooling", minutes=60, questions=[max_pool, max_pool_backward])
