"""local_contrast: 7 points. A c above every spread leaves the mean alone, a tiny one the quotient; flat patches stand apart."""

import numpy as np
from scipy import ndimage

from autograder.rubric import Function, Group, Mistake, any_of, case, images

HUGE, TINY = 8.0, 2.0**-10


def flat_corner(x):
    """Every value of the upper left 4x4 corner is the same."""
    def paint(image):
        image = image.copy()
        image[:, :4, :4] = 0.5
        return image

    return x.map(paint)


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_sums(x, size, c, across=False):
    """Count, sum and sum of squares of each neighbourhood by SciPy, around the image's own mean."""
    weights = np.ones((1, size, size, 1))
    shifted = x - x.mean()
    def around(values):
        values = values.sum(-1, keepdims=True) if across else values
        return ndimage.correlate(values, weights, mode="constant")

    count = around(np.ones(x.shape))
    mean = around(shifted) / count
    variance = around(shifted**2) / count - mean**2
    return (shifted - mean) / np.maximum(np.sqrt(np.maximum(variance, 0)), c)


def by_flat_loops(x, size, c, across=False):
    """One number at a time, in float32."""
    x, out, r = x.astype(np.float32), np.zeros(x.shape, np.float32), size // 2
    for n, i, j, k in np.ndindex(*x.shape):
        near = x[n, max(0, i - r) : i + r + 1, max(0, j - r) : j + r + 1]
        near = near if across else near[..., k]
        out[n, i, j, k] = (x[n, i, j, k] - near.mean()) / max(near.std(), c)
    return out


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


def padded(how):
    """Neighbourhoods are filled up past the edge."""
    def wrong(right, x, size, c, across):
        r = size // 2
        full = right(np.pad(x, ((0, 0), (r, r), (r, r), (0, 0)), mode=how), size, c, across)
        return full[:, r : r + x.shape[1], r : r + x.shape[2]]

    return wrong


# --- the question -----------------------------------------------------------------------------------------------------

local_contrast = Function(
    "local_contrast",
    points=7,
    groups=[
        Group("the mean taken off", 1, [
            case("c above every spread", images(1, any_of(5, 6), any_of(5, 6), 1), 3, HUGE),
            case("a neighbourhood of 5", images(1, any_of(7, 6), any_of(7, 6), 1), 5, HUGE),
        ]),
        Group("divided by the spread", 2, [
            case("c below every spread", images(1, any_of(5, 6), any_of(5, 6), 1), 3, TINY),
            case("a neighbourhood of 5, c below every spread", images(1, any_of(7, 8), any_of(7, 8), 1), 5, TINY),
        ]),
        Group("not square, a batch and channels", 1, [
            case("a wide image", images(1, any_of(4, 5), any_of(7, 8), 1), 3, TINY),
            case("3 images of 2 channels", images(3, any_of(4, 5), any_of(5, 6), 2), 3, TINY),
        ]),
        Group("flat patches", 2, [
            case("a flat corner", flat_corner(images(1, any_of(6, 7), any_of(6, 7), 1)), 3, 0.25),
            case("spreads below and above c", images(1, any_of(5, 6), any_of(6, 5), 1), 3, any_of(1.25, 1.0)),
        ]),
        Group("across channels", 1, [
            case("three channels share mean and spread", images(2, any_of(4, 5), any_of(5, 4), 3), 3, TINY, True),
        ]),
    ],
    mistakes=[
        Mistake("c added", edit=("np.maximum(spread, c)", "(spread + c)"),
                say="`c` is added to the spread. It only takes its place where the spread is smaller."),
        Mistake("no guard", edit=("np.maximum(spread, c)", "spread"),
                say="`c` has no effect: on a flat patch you divide by 0, as the slide does."),
        Mistake("the smaller of the two", edit=("np.maximum(spread, c)", "np.minimum(spread, c)"),
                say="You divide by the smaller of spread and `c`. The larger of the two keeps noise small."),
        Mistake("divided by the variance", edit=("near.std(", "near.var("),
                say="You divide by the variance. Its root is the spread."),
        Mistake("spread with n - 1", edit=("near.std(axis=axes, keepdims=True)", "near.std(axis=axes, keepdims=True, ddof=1)"),
                say="Your spread divides by one less than the number of values. Here it is a plain mean of squares."),
        Mistake("spread about 0", edit=("near.std(axis=axes, keepdims=True)", "np.sqrt((near**2).mean(axis=axes, keepdims=True))"),
                say="Your spread is measured from 0. It is the distance from the mean of the neighbourhood."),
        Mistake("mean kept", edit=("(centre - mean)", "centre"),
                say="The neighbourhood's mean is not taken off."),
        Mistake("not divided", edit=(" / np.maximum(spread, c)", ""),
                say="The mean is taken off, but nothing is divided by the spread."),
        Mistake("size taken for the reach", edit=("size // 2", "size"),
                say="Your neighbourhood reaches `size` pixels to each side. It is `size` pixels wide in all."),
        Mistake("right end left out", edit=("i + reach + 1, max(j - reach, 0) : j + reach + 1", "i + reach, max(j - reach, 0) : j + reach"),
                say="The last row and column of each neighbourhood are missing: `a : b` leaves out b."),
        Mistake("slice begins below 0", edit=("max(i - reach, 0) : i + reach + 1, max(j - reach, 0)", "i - reach : i + reach + 1, j - reach"),
                say="Near the first row and column your slice begins below 0. NumPy counts that from the end, and the slice is empty."),
        Mistake("zeros past the edge", by=padded("constant"),
                say="Past the edge your neighbourhoods are filled up with zeros. They are cut off there."),
        Mistake("edge repeated", by=padded("edge"),
                say="Past the edge your neighbourhoods repeat the edge pixel. They are cut off there."),
        Mistake("the whole image", by=lambda right, x, size, c, across: right(x, 2 * max(x.shape[1:3]) + 1, c, across),
                say="Your mean and spread are those of the whole image. Each pixel has a neighbourhood of its own."),
        Mistake("statistics of the batch", edit=("else (1, 2)", "else (0, 1, 2)"),
                say="Your mean and spread run over all images of the batch. Each image is normalized by itself."),
        Mistake("channels always together", by=lambda right, x, size, c, across: right(x, size, c, True),
                say="All channels share one mean and spread, even where `across` is False."),
        Mistake("channels always apart", by=lambda right, x, size, c, across: right(x, size, c, False),
                say="`across` has no effect: each channel has its own mean and spread."),
    ],
    variants=[by_sums, by_flat_loops],
    terms=lambda inputs: 16 * inputs["size"] ** 2,
)
