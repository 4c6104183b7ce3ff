"""max_pool_backward: 8 points. 35 of 74 students who finished one had it wrong: ties, overlap, windows not square."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, gradient_of, numbers

from .windows import back, cut, positive, windows_of

BY_DIFFERENCES = gradient_of("max_pool", "x")


def flat(*shape):
    """Every value is the same, so every window is one tie."""
    return numbers(1).map(lambda value: np.full(shape, value[0]))


def twins(count, high, wide, channels):
    """Every pixel has a twin to its right."""
    return positive(count, high, wide // 2, channels).map(lambda x: np.repeat(x, 2, axis=2))


# --- right answers in other styles ------------------------------------------------------------------------------------


def back_by_view(dout, x, size, stride):
    """argmax over flattened windows, then one unbuffered addition."""
    place = windows_of(x, size, stride).reshape(*dout.shape, -1).argmax(-1)
    n, i, j, c = np.indices(dout.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, (n, i * stride + place // size[1], j * stride + place % size[1], c), dout)
    return dx


def back_by_first_claim(dout, x, size, stride):
    """Each place of the window in turn takes the gradients that nobody took before, in float32."""
    largest = windows_of(x, size, stride).max(axis=(4, 5))
    (_, high, wide, _), free = largest.shape, np.ones(largest.shape, bool)
    dx = np.zeros(x.shape, np.float32)
    for u, v in np.ndindex(*size):
        here = np.s_[:, u : u + (high - 1) * stride + 1 : stride, v : v + (wide - 1) * stride + 1 : stride]
        taken = free & (x[here] == largest)
        dx[here] += taken * dout
        free &= ~taken
    return dx


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


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


def spread_evenly(right, dout, x, size, stride):
    """Average pooling's gradient."""
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        dx[n, i * stride : i * stride + size[0], j * stride : j * stride + size[1], c] += dout[n, i, j, c] / (size[0] * size[1])
    return dx


# --- the question -----------------------------------------------------------------------------------------------------

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
        Mistake("window's start forgotten", edit=("dx[n, top + row, left + column, c]", "dx[n, row, column, c]"),
                say="The largest pixel's place is counted within its window. Add where the window starts."),
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
