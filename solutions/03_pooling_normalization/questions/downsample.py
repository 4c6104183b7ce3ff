"""downsample: 6 points. Dark borders in all groups but the one about edges, even sizes in all but the one about odd ones."""

import numpy as np
from scipy import ndimage

from autograder.rubric import Function, Group, Mistake, any_of, case, images

NONE, THREE, FIVE = np.ones(1), np.array([1.0, 2.0, 1.0]) / 4, np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16


def dark_border(x, width):
    """Zeros along the rim, so that it does not matter how the image is continued."""
    def paint(image):
        inside = np.zeros_like(image)
        inside[:, width:-width, width:-width] = image[:, width:-width, width:-width]
        return inside

    return x.map(paint)


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_scipy(x, blur):
    """SciPy's filter along one axis, then the other."""
    for axis in (1, 2):
        x = ndimage.correlate1d(x, blur, axis=axis, mode="nearest")
    return x[:, ::2, ::2]


def by_outer_product(x, blur):
    """One K by K kernel, each output position by itself, in float32."""
    x, kernel, reach = x.astype(np.float32), np.outer(blur, blur).astype(np.float32), len(blur) // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    rows, columns = range(0, x.shape[1], 2), range(0, x.shape[2], 2)
    taps = len(blur)
    out = [[np.tensordot(kernel, padded[:, i : i + taps, j : j + taps], ((0, 1), (1, 2))) for j in columns] for i in rows]
    return np.array(out).transpose(2, 0, 1, 3)


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


def one_axis(axis):
    """Blurred along one axis only."""
    def wrong(right, x, blur):
        return ndimage.correlate1d(x, blur, axis=axis, mode="nearest")[:, ::2, ::2]

    return wrong


def continued(how):
    """Another rule at the edge."""
    def wrong(right, x, blur):
        reach = len(blur) // 2
        padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode=how)
        for axis in (1, 2):
            padded = ndimage.correlate1d(padded, blur, axis=axis)
        return padded[:, reach : reach + x.shape[1], reach : reach + x.shape[2]][:, ::2, ::2]

    return wrong


def edges_lost(right, x, blur):
    """Only the places where the blur fits."""
    reach = len(blur) // 2
    full = ndimage.correlate1d(ndimage.correlate1d(x, blur, axis=1), blur, axis=2)
    return full[:, reach : x.shape[1] - reach, reach : x.shape[2] - reach][:, ::2, ::2]


# --- the question -----------------------------------------------------------------------------------------------------

downsample = Function(
    "downsample",
    points=6,
    groups=[
        Group("every second sample", 1, [
            case("no blur", images(1, any_of(6, 4), any_of(6, 8), 1), NONE),
        ]),
        Group("the blur", 2, [
            case("one bright pixel, three weights", np.pad(np.ones((1, 1, 1, 1)), ((0, 0), (3, 4), (3, 4), (0, 0))), THREE),
            case("three weights", dark_border(images(1, any_of(8, 6), any_of(8, 6), 1), 1), THREE),
            case("five weights", dark_border(images(1, any_of(10, 8), any_of(10, 8), 1), 2), FIVE),
        ]),
        Group("odd sizes", 1, [
            case("no blur, an odd size", images(1, any_of(5, 7), any_of(5, 7), 1), NONE),
            case("three weights, an odd size", dark_border(images(1, any_of(7, 9), any_of(7, 9), 1), 1), THREE),
        ]),
        Group("the edges", 1, [
            case("edges, three weights", images(1, any_of(6, 4), any_of(6, 8), 1), THREE),
            case("edges, five weights", images(1, any_of(8, 6), any_of(6, 8), 1), FIVE),
        ]),
        Group("not square, a batch and channels", 1, [
            case("a wide image", dark_border(images(1, any_of(6, 4), any_of(10, 12), 1), 1), THREE),
            case("3 images of 2 channels", dark_border(images(3, any_of(8, 10), any_of(4, 6), 2), 1), THREE),
        ]),
    ],
    mistakes=[
        Mistake("decimated first", by=lambda right, x, blur: by_blur(x[:, ::2, ::2], blur),
                say="You throw samples away first and blur what is left. By then the false patterns are in the image."),
        Mistake("not blurred at all", by=lambda right, x, blur: right(x, NONE),
                say="`blur` has no effect in your code: the samples are those of the image itself."),
        Mistake("blurred down only", by=one_axis(1),
                say="The image is blurred down the columns but not across the rows."),
        Mistake("blurred across only", by=one_axis(2),
                say="The image is blurred across the rows but not down the columns."),
        Mistake("blurred twice", by=lambda right, x, blur: by_blur(by_blur(x, blur), blur)[:, ::2, ::2],
                say="Your image is blurred twice over, once too often along each axis."),
        Mistake("nothing thrown away", edit=("across[:, ::2, ::2]", "across"),
                say="The blurred image still has all its samples. Every second row and column is kept."),
        Mistake("rows only", edit=("across[:, ::2, ::2]", "across[:, ::2]"),
                say="Every second row is left out, but no column."),
        Mistake("started at 1", edit=("across[:, ::2, ::2]", "across[:, 1::2, 1::2]"),
                say="You keep the rows and columns 1, 3, 5, … . They start at 0."),
        Mistake("last sample lost", edit=("across[:, ::2, ::2]", "across[:, : high // 2 * 2 : 2, : wide // 2 * 2 : 2]"),
                say="With an odd size your last row and column are missing: the result has (H + 1) // 2 rows."),
        Mistake("zeros past the edge", by=continued("constant"),
                say="Past the edge you blur with zeros, so the rim gets dark. The edge pixel is repeated there."),
        Mistake("mirrored at the edge", by=continued("reflect"),
                say="Past the edge the image is mirrored. Here the edge pixel is repeated."),
        Mistake("mirrored with the edge pixel", by=continued("symmetric"),
                say="Past the edge the image is mirrored, edge pixel first. Here the edge pixel alone is repeated."),
        Mistake("round the end", by=continued("wrap"),
                say="Past the edge the image goes on from its other side. The edge pixel is repeated there."),
        Mistake("edges lost", by=edges_lost,
                say="Your blurred image is smaller than `x`: only places where the whole blur fits are in it."),
        Mistake("shifted by the reach of the blur",
                edit=("np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0))",
                      "np.pad(x, ((0, 0), (0, 2 * reach), (0, 2 * reach), (0, 0))"),
                say="The edge is repeated on one side only, so the blurred image is shifted. K // 2 belong on each side."),
        Mistake("sum not 1", by=lambda right, x, blur: right(x, blur / blur[len(blur) // 2]),
                say="Your weights are scaled once more and do not add up to 1."),
    ],
    variants=[by_scipy, by_outer_product],
    terms=lambda inputs: len(inputs["blur"]) ** 2,
)


def by_blur(x, blur):
    """Blurred, all samples kept."""
    return ndimage.correlate1d(ndimage.correlate1d(x, blur, axis=1, mode="nearest"), blur, axis=2, mode="nearest")
