"""pool: 8 points. The mean and the L2 norm of windows; the geometry is max_pool's and is asked in groups of its own."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, images, linear, shifted

from .max_pool import LECTURE
from .windows import windows_of

# --- right answers in other styles ------------------------------------------------------------------------------------


def pool_by_view(x, size, stride, mode):
    """All windows at once."""
    windows = windows_of(x.astype(float), size, stride)
    return windows.mean((-2, -1)) if mode == "average" else np.linalg.norm(windows, axis=(-2, -1))


def pool_by_slices(x, size, stride, mode):
    """One strided slice per place in the window, in float32."""
    high, wide = (x.shape[1] - size[0]) // stride + 1, (x.shape[2] - size[1]) // stride + 1
    x = x.astype(np.float32) if mode == "average" else x.astype(np.float32) ** 2
    total = sum(x[:, u:, v:][:, ::stride, ::stride][:, :high, :wide] for u, v in np.ndindex(*size))
    return total / np.float32(size[0] * size[1]) if mode == "average" else np.sqrt(total)


def pool_by_cumulated_sums(x, size, stride, mode):
    """Sums over rectangles from sums over all that lies above and to the left."""
    total = np.pad(x if mode == "average" else x * x, ((0, 0), (1, 0), (1, 0), (0, 0))).cumsum(1).cumsum(2)
    (kh, kw), (_, h, w, _) = size, x.shape
    rows, columns = np.arange(0, h - kh + 1, stride)[:, None], np.arange(0, w - kw + 1, stride)
    sums = total[:, rows + kh, columns + kw] - total[:, rows, columns + kw] - total[:, rows + kh, columns]
    sums = sums + total[:, rows, columns]
    return sums / (kh * kw) if mode == "average" else sums**0.5


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


def filled_up(right, x, size, stride, mode):
    """Windows that hang over the edge are filled with zeros."""
    (_, h, w, _), (kh, kw) = x.shape, size
    return right(np.pad(x, ((0, 0), (0, -(h - kh) % stride), (0, -(w - kw) % stride), (0, 0))), size, stride, mode)


def by_height_squared(right, x, size, stride, mode):
    """The mean of a window of kh times kw values is divided by kh twice."""
    return right(x, size, stride, mode) * (size[1] / size[0] if mode == "average" else 1)


def whole(x):
    """Whole numbers; the mean of the first 2x2 window is not one."""
    def rounded(image):
        image = np.round(8 * image).astype(np.int64)
        image[0, 0, 0] += (1 - image[0, :2, :2].sum()) % 4
        return image

    return x.map(rounded)


# --- the question -----------------------------------------------------------------------------------------------------

pool = Function(
    "pool",
    points=8,
    groups=[
        Group("the mean", 1, [
            case("means of 2x2 windows", images(1, 4, 4, 1), (2, 2), 2, "average"),
            case("means of the lectures' example", LECTURE.reshape(1, 4, 4, 1), (2, 2), 2, "average"),
            case("means of 3x3 windows", images(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3, "average"),
        ]),
        Group("the L2 norm", 1, [
            case("L2 of 2x2 windows", images(1, 4, 4, 1), (2, 2), 2, "l2"),
            case("L2 of the lectures' example", LECTURE.reshape(1, 4, 4, 1), (2, 2), 2, "l2"),
            case("L2 of 3x3 windows", images(1, any_of(6, 9), any_of(6, 9), 1), (3, 3), 3, "l2"),
        ]),
        Group("windows that overlap", 1, [
            case("means, 3x3 windows, stride 2", images(1, any_of(7, 5, 9), any_of(7, 5, 9), 1), (3, 3), 2, "average"),
            case("L2, 3x3 windows, stride 1", images(1, any_of(5, 6), any_of(5, 6), 1), (3, 3), 1, "l2"),
        ]),
        Group("images and windows that are not square", 1, [
            case("a wide image", images(1, 4, any_of(8, 6, 10), 1), (2, 2), 2, "average"),
            case("a high image", images(1, any_of(8, 6, 10), 4, 1), (2, 2), 2, "l2"),
            case("means of 2x3 windows", images(1, any_of(6, 8), any_of(7, 9), 1), (2, 3), 2, "average"),
            case("L2 of 3x1 windows", images(1, any_of(9, 6), any_of(4, 7), 1), (3, 1), 3, "l2"),
        ]),
        Group("a batch and channels", 1, [
            case("means of 3 images of 2 channels", images(3, any_of(4, 6), any_of(4, 6), 2), (2, 2), 2, "average"),
            case("L2 of 2 images of 3 channels", images(2, any_of(4, 6), any_of(4, 6), 3), (2, 2), 2, "l2"),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("a last row and column that fill no window", images(1, any_of(5, 7), any_of(5, 7), 1), (2, 2), 2, "average"),
        ]),
        Group("images of whole numbers", 1, [
            case("means of whole numbers", whole(images(1, any_of(4, 6), 4, 1)), (2, 2), 2, "average"),
        ]),
        Group("a mean is a convolution", 1, [
            case("the mean of 2x - 3y is 2 means of x - 3 of y", images(1, 4, 4, 1), (2, 2), 2, "average", holds=linear("x")),
            case("two columns further", images(1, 6, 6, 1), (2, 2), 2, "average", holds=shifted("x", 2, by=2, moves=1)),
        ]),
    ],
    mistakes=[
        Mistake("sum instead of mean", edit=("window.mean(axis=(1, 2))", "window.sum(axis=(1, 2))"),
                say='In the mode "average" these are sums. A mean divides by the number of values in the window.'),
        Mistake("maximum instead of mean", edit=("window.mean(axis=(1, 2))", "window.max(axis=(1, 2))"),
                say='In the mode "average" these are the largest values. The mean of each window is asked for.'),
        Mistake("mean over channels too", edit=("window.mean(axis=(1, 2))", "window.mean(axis=(1, 2, 3), keepdims=True)[:, 0, 0]"),
                say="Each channel is pooled by itself. Your mean runs over the channels as well."),
        Mistake("mean over the batch too", edit=("window.mean(axis=(1, 2))", "window.mean(axis=(0, 1, 2))"),
                say="Each image is pooled by itself. Your mean runs over the batch as well."),
        Mistake("divided by the square of the height", by=by_height_squared,
                say="Your mean divides by the window's height squared. A window has `kh` times `kw` values."),
        Mistake("root forgotten", edit=("np.sqrt((window**2).sum(axis=(1, 2)))", "(window**2).sum(axis=(1, 2))"),
                say='In the mode "l2" the root is missing.'),
        Mistake("mean under the root", edit=("(window**2).sum", "(window**2).mean"),
                say='In the mode "l2" a mean stands under the root. The lectures\' formula has the sum there.'),
        Mistake("magnitudes added", edit=("np.sqrt((window**2).sum(axis=(1, 2)))", "np.abs(window).sum(axis=(1, 2))"),
                say='In the mode "l2" these are sums of magnitudes. The values are squared before they are added.'),
        Mistake("root of each value", edit=("np.sqrt((window**2).sum(axis=(1, 2)))", "np.abs(window.sum(axis=(1, 2)))"),
                say='In the mode "l2" values are added before they are squared, so that positive and negative ones cancel.'),
        Mistake("modes swapped", by=lambda right, x, size, stride, mode: right(x, size, stride, {"l2": "average"}.get(mode, "l2")),
                say='The two modes have changed places: "average" gives the norm and "l2" the mean.'),
        Mistake("always the mean", by=lambda right, x, size, stride, mode: right(x, size, stride, "average"),
                say='`mode` has no effect: "l2" gives the mean as well.'),
        Mistake("l2 under another name", by=lambda right, *args: right(*args) * (args[3] == "average"),
                say='In the mode "l2" nothing is filled in. Is the name of the mode written as in the table?'),
        Mistake("stride taken from the window", by=lambda right, x, size, stride, mode: right(x, size, size[0], mode),
                say="Your windows start one window apart. They should start `stride` apart; the two differ as soon as windows "
                    "overlap."),
        Mistake("stride ignored", by=lambda right, x, size, stride, mode: right(x, size, 1, mode),
                say="`stride` has no effect in your code: the window moves by one pixel."),
        Mistake("output size from the height alone", edit=("(w - kw) // stride", "(h - kh) // stride"),
                say="The output's width was computed from the input's height. On square images this cannot be seen."),
        Mistake("window assumed square", edit=("left : left + kw", "left : left + kh"),
                say="The window is as wide as it is high. It must be `kw` columns wide."),
        Mistake("filled up with zeros", by=filled_up,
                say="Your output has a place for windows that hang over the edge, filled up with zeros. Rows and columns that "
                    "fill no whole window are left out."),
        Mistake("means rounded down", edit=("window.mean(axis=(1, 2))", "window.sum(axis=(1, 2)) // (kh * kw)"),
                say="`//` rounds each mean down to a whole number. A mean is a quotient: `/`."),
        Mistake("means cut to whole numbers", edit=("(w - kw) // stride + 1, c))", "(w - kw) // stride + 1, c), x.dtype)"),
                say="The array that you fill has the type of the images. Where they hold whole numbers, it cuts the means."),
    ],
    variants=[pool_by_view, pool_by_slices, pool_by_cumulated_sums],
    terms=lambda inputs: 4 * inputs["x"][..., 0].size,
)
