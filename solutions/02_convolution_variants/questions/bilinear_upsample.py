"""Bilinear enlargement with values in the middles of pixels and the border repeated."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, backwards, case, images


def places(size, factor):
    """The two neighbours and the share of the second, for every new pixel."""
    p = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, size - 1)
    a = p.astype(int)
    return a, np.minimum(a + 1, size - 1), p - a


def by_matrix(x, factor):
    """One matrix down and one across."""

    def matrix(size):
        (a, b, t), rows = places(size, factor), np.arange(size * factor)
        out = np.zeros((len(rows), size))
        np.add.at(out, (rows, a), 1 - t)
        np.add.at(out, (rows, b), t)
        return out

    return np.einsum("ih,jw,nhwc->nijc", matrix(x.shape[1]), matrix(x.shape[2]), x)


def by_interp(x, factor):
    """np.interp along one axis after the other, in float32; it repeats the border by itself."""
    for axis in (1, 2):
        size = x.shape[axis]
        new = (np.arange(size * factor) + 0.5) / factor - 0.5
        x = np.apply_along_axis(lambda line, new=new, size=size: np.interp(new, np.arange(size), line), axis, x)
    return x.astype(np.float32)


def by_four_corners(x, factor):
    """Four neighbours per pixel, both axes at once."""
    (a, b, t), (c, d, s) = places(x.shape[1], factor), places(x.shape[2], factor)
    t, s = t[:, None, None], s[:, None]
    return ((1 - t) * (1 - s) * x[:, a][:, :, c] + (1 - t) * s * x[:, a][:, :, d]
            + t * (1 - s) * x[:, b][:, :, c] + t * s * x[:, b][:, :, d])


def at(x, rows, columns):
    """Linear interpolation at given old coordinates; outside, the border's value."""
    for axis, p in ((1, rows), (2, columns)):
        p = np.clip(p, 0, x.shape[axis] - 1)
        a = np.floor(p).astype(int)
        t = (p - a).reshape((-1, 1, 1) if axis == 1 else (-1, 1))
        x = (1 - t) * x.take(a, axis) + t * x.take(np.minimum(a + 1, x.shape[axis] - 1), axis)
    return x


def no_half_pixel(right, x, factor):
    """p = i / f."""
    return at(x, np.arange(x.shape[1] * factor) / factor, np.arange(x.shape[2] * factor) / factor)


def corners_aligned(right, x, factor):
    """First on first, last on last."""
    return at(x, *(np.linspace(0, size - 1, size * factor) for size in x.shape[1:3]))


def half_forgotten_at_the_end(right, x, factor):
    """p = (i + 1/2) / f."""
    return at(x, *((np.arange(size * factor) + 0.5) / factor for size in x.shape[1:3]))


def dark_border(right, x, factor):
    """0 outside."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return right(padded, factor)[:, factor:-factor, factor:-factor]


def shares_swapped(right, x, factor):
    """t and 1 - t have changed places."""
    for axis in (1, 2):
        a, b, t = places(x.shape[axis], factor)
        t = t.reshape((-1, 1, 1) if axis == 1 else (-1, 1))
        x = t * x.take(a, axis) + (1 - t) * x.take(b, axis)
    return x


def beyond_the_border(right, x, factor):
    """The line through the outermost two pixels goes on."""
    for axis in (1, 2):
        size = x.shape[axis]
        p = (np.arange(size * factor) + 0.5) / factor - 0.5
        a = np.clip(np.floor(p).astype(int), 0, max(size - 2, 0))
        t = (p - a).reshape((-1, 1, 1) if axis == 1 else (-1, 1))
        x = (1 - t) * x.take(a, axis) + t * x.take(np.minimum(a + 1, size - 1), axis)
    return x


def beyond_the_first_border(right, x, factor):
    """int(p) takes -0.25 to 0, so the share of the second pixel is negative there."""
    for axis in (1, 2):
        size = x.shape[axis]
        p = (np.arange(size * factor) + 0.5) / factor - 0.5
        a = p.astype(int)
        t = (p - a).reshape((-1, 1, 1) if axis == 1 else (-1, 1))
        x = (1 - t) * x.take(a, axis) + t * x.take(np.minimum(a + 1, size - 1), axis)
    return x


def only_down(right, x, factor):
    """Rows are interpolated, columns repeated."""
    return np.repeat(at(x, (np.arange(x.shape[1] * factor) + 0.5) / factor - 0.5, np.arange(x.shape[2])), factor, axis=2)


bilinear_upsample = Function(
    "bilinear_upsample",
    points=5,
    groups=[
        Group("factor 2", 2, [
            case("two pixels side by side", images(1, 1, 2, 1), 2),
            case("two pixels one below the other", images(1, 2, 1, 1), 2),
            case("a square", images(1, any_of(3, 4), any_of(3, 4), 1), 2),
        ]),
        Group("images that are not square", 1, [
            case("a wide image", images(1, any_of(2, 3), any_of(5, 6), 1), 2),
            case("a high image", images(1, any_of(6, 5), any_of(3, 2), 1), 2),
        ]),
        Group("other factors", 1, [
            case("factor 3", images(1, any_of(3, 4), any_of(3, 4), 1), 3),
            case("factor 4 or more", images(1, 3, 3, 1), any_of(4, 5, 8)),
            case("factor 1", images(1, 3, any_of(3, 4), 1), 1),
        ]),
        Group("a batch and channels", 1, [
            case("three channels", images(1, 3, 3, 3), 2),
            case("three images of two channels", images(3, any_of(2, 3), any_of(2, 3), 2), 2),
            case("images in reverse order", images(3, 2, 2, 1), 2, holds=backwards("x")),
        ]),
    ],
    mistakes=[
        Mistake("no half pixel", by=no_half_pixel,
                say="Your new pixels are half a pixel off: a value stands in the middle of its pixel, not at its corner."),
        Mistake("half a pixel not taken back", by=half_forgotten_at_the_end,
                say="After the division half an old pixel has to be taken off again: old values stand in the middles of their pixels."),
        Mistake("corners aligned", by=corners_aligned,
                say="Your first and last pixels lie exactly on the old ones. Here a pixel is a small square, and `factor` new ones "
                    "share the place of each old one."),
        Mistake("dark border", by=dark_border,
                say="Outside the image you took 0, so the border becomes dark. There the border pixel's value is taken unchanged."),
        Mistake("border continued", by=beyond_the_border,
                say="At the border your line goes on beyond the last two pixels. There the border pixel's value is taken unchanged."),
        Mistake("border continued at the start", by=beyond_the_first_border,
                say="At the upper and left border p is negative, and so is your t: `int` rounds towards 0. There the border pixel's "
                    "value is taken unchanged."),
        Mistake("shares swapped", by=shares_swapped,
                say="The two shares are swapped: the nearer pixel counts more."),
        Mistake("pixels repeated", by=lambda right, x, factor: x.repeat(factor, 1).repeat(factor, 2),
                say="You repeat pixels. Between two of them the value should go over in a straight line."),
        Mistake("across repeated", by=only_down,
                say="Rows are interpolated, but columns are repeated."),
        Mistake("factor always 2", by=lambda right, x, factor: right(x, 2),
                say="Your code always enlarges by 2."),
        Mistake("height and width swapped", by=lambda right, x, factor: right(x.swapaxes(1, 2), factor),
                say="Rows and columns of the result are swapped."),
        Mistake("zeros between", by=lambda right, x, factor: np.kron(x, np.pad([[1.0]], (0, factor - 1))[None, :, :, None]),
                say="You put zeros between the pixels. The tent that fills the gaps is still missing."),
        Mistake("first image for all", by=lambda right, x, factor: np.repeat(right(x[:1], factor), len(x), axis=0),
                say="Every image got the first image's result."),
    ],
    variants=[by_matrix, by_interp, by_four_corners],
    terms=lambda inputs: 16,
)
