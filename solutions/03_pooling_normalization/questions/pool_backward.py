"""pool_backward: 8 points. A fixed share for the mean, x / out for the norm, 0 where the norm is 0."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, gradient_of, images

from .windows import back, cut, windows_of

BY_DIFFERENCES = gradient_of("pool", "x")


def dark(x):
    """The first window of every image and channel holds nothing but zeros."""
    return x.map(lambda image: image * (np.add.outer(np.arange(image.shape[1]) // 2, np.arange(image.shape[2]) // 2) > 0)[:, :, None])


# --- right answers in other styles ------------------------------------------------------------------------------------


def back_by_slices(dout, x, size, stride, mode):
    """One strided slice per place in the window, no loop over positions."""
    (_, high, wide, _), dx = dout.shape, np.zeros(x.shape)
    norm = np.linalg.norm(windows_of(x, size, stride), axis=(-2, -1))
    share = dout / (size[0] * size[1]) if mode == "average" else np.divide(dout, norm, out=np.zeros(dout.shape), where=norm > 0)
    for u, v in np.ndindex(*size):
        here = np.s_[:, u : u + (high - 1) * stride + 1 : stride, v : v + (wide - 1) * stride + 1 : stride]
        dx[here] += share if mode == "average" else share * x[here]
    return dx


def back_by_loops(dout, x, size, stride, mode):
    """One gradient at a time, in float32."""
    x, dx = x.astype(np.float32), np.zeros(x.shape, np.float32)
    for n, i, j, c in np.ndindex(*dout.shape):
        window = np.s_[n, i * stride : i * stride + size[0], j * stride : j * stride + size[1], c]
        if mode == "average":
            dx[window] += dout[n, i, j, c] / (size[0] * size[1])
        elif x[window].any():
            dx[window] += dout[n, i, j, c] * x[window] / np.linalg.norm(x[window])
    return dx


# --- the question -----------------------------------------------------------------------------------------------------

pool_backward = Function(
    "pool_backward",
    points=8,
    groups=[
        Group("back through a mean", 1, [
            case("mean, 2x2 windows on one 4x4 image", *back(images(1, 4, 4, 1), (2, 2), 2), "average", against=BY_DIFFERENCES),
            case("mean, 3x3 windows", *back(images(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3), "average"),
        ]),
        Group("back through a norm", 1, [
            case("L2, 2x2 windows on one 4x4 image", *back(images(1, 4, 4, 1), (2, 2), 2), "l2", against=BY_DIFFERENCES),
            case("L2, 3x3 windows", *back(images(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3), "l2"),
        ]),
        Group("windows that overlap", 2, [
            case("mean, 3x3 windows, stride 2", *back(images(1, any_of(5, 7), any_of(5, 7), 1), (3, 3), 2), "average"),
            case("L2, 3x3 windows, stride 2", *back(images(1, 5, 5, 1), (3, 3), 2), "l2", against=BY_DIFFERENCES),
        ]),
        Group("images and windows that are not square", 1, [
            case("a wide image", *back(images(1, 4, any_of(8, 6), 1), (2, 2), 2), "average"),
            case("mean, 1x3 windows", *back(images(1, any_of(4, 7), any_of(9, 12), 1), (1, 3), 3), "average"),
            case("L2, 3x2 windows", *back(images(1, any_of(6, 9), any_of(8, 5), 1), (3, 2), 3), "l2"),
        ]),
        Group("a batch and channels", 1, [
            case("mean, 3 images of 2 channels", *back(images(3, any_of(4, 6), any_of(4, 6), 2), (2, 2), 2), "average"),
            case("L2, 2 images of 3 channels", *back(images(2, any_of(4, 6), any_of(4, 6), 3), (2, 2), 2), "l2"),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("a last row and column that fill no window", *back(images(1, any_of(5, 7), any_of(5, 7), 1), (2, 2), 2), "average"),
        ]),
        Group("the norm of a window of zeros", 1, [
            case("a dark corner", *back(dark(images(1, 4, any_of(4, 6), 1)), (2, 2), 2), "l2"),
        ]),
    ],
    mistakes=[
        Mistake("not divided", edit=("1 / (kh * kw)", "1.0"),
                say="In a mean every pixel of yours gets the whole gradient. Its share is one part in `kh` times `kw`."),
        Mistake("divided by the square of the height", edit=("(kh * kw)", "(kh * kh)"),
                say="Your mean divides by the window's height squared. A window has `kh` times `kw` values."),
        Mistake("share times the value", edit=("np.full(window.shape, 1 / (kh * kw))", "window / (kh * kw)"),
                say="The gradient of a mean was multiplied by the pixels. A mean passes on a fixed share, whatever the values are."),
        Mistake("not divided by the norm", edit=("window / np.where(norm > 0, norm, 1)", "window"),
                say="In a norm the slope is the pixel divided by the norm. Yours is the pixel alone."),
        Mistake("divided by the squared norm", edit=("window / np.where(norm > 0, norm, 1)", "window / np.where(norm > 0, norm**2, 1)"),
                say="In a norm you divide by the sum of squares. Its root belongs there."),
        Mistake("the value left out", edit=("window / np.where(norm > 0, norm, 1)", "1 / np.where(norm > 0, norm, 1)"),
                say="In a norm the large pixels count more: the slope of each holds its own value."),
        Mistake("twice the slope", edit=("window / np.where(norm > 0, norm, 1)", "2 * window / np.where(norm > 0, norm, 1)"),
                say="Your slope of the norm is twice too large: the 2 of the square and the 1/2 of the root cancel."),
        Mistake("one norm for all channels", edit=("sum(axis=(1, 2), keepdims", "sum(axis=(1, 2, 3), keepdims"),
                say="Your norm runs over the channels too. Each channel was pooled by itself."),
        Mistake("no guard", edit=("window / np.where(norm > 0, norm, 1)", "window / norm"),
                say="Where a window holds nothing but zeros, your slope is 0/0. Its gradient is 0."),
        Mistake("gradient 1 from a window of zeros", edit=("window / np.where(norm > 0, norm, 1)", "np.where(norm > 0, window / norm, 1)"),
                say="Where a window holds nothing but zeros, a gradient still comes through in your code. It is 0."),
        Mistake("modes swapped", by=lambda right, *args: right(*args[:-1], {"l2": "average"}.get(args[-1], "l2")),
                say='The two modes have changed places: "average" uses the slope of the norm and "l2" that of the mean.'),
        Mistake("always the mean", by=lambda right, *args: right(*args[:-1], "average"),
                say='`mode` has no effect: "l2" uses the slope of the mean as well.'),
        Mistake("l2 under another name", by=lambda right, *args: right(*args) * (args[4] == "average"),
                say='In the mode "l2" nothing is filled in. Is the name of the mode written as in the table?'),
        Mistake("assigned instead of added", edit=("] += slope", "] = slope"),
                say="Windows overlap, so a pixel gets a share from each of them. Yours keeps the last share only."),
        Mistake("stride taken from the window", edit=("top, left = i * stride, j * stride", "top, left = i * kh, j * kw"),
                say="Your windows start one window apart. They should start `stride` apart; the two differ as soon as windows "
                    "overlap."),
        Mistake("columns counted by rows", by=lambda right, dout, *rest: right(dout[:, :, : dout.shape[1]], *rest),
                say="As many columns of `dout` are visited as it has rows. On square images this cannot be seen."),
        Mistake("not in the size of x", by=lambda right, dout, x, *rest: right(dout, cut(dout, x, *rest[:2]), *rest),
                say="`dx` lacks the rows and columns that fill no window. It must have the shape of `x`, with 0 there."),
        Mistake("dout left out", edit=(" * dout[:, i : i + 1, j : j + 1]", ""),
                say="`dout` has no effect on the values of `dx`: the slopes alone are added up."),
    ],
    variants=[back_by_slices, back_by_loops],
    terms=lambda inputs: 16,
)
