"""The bilinear kernel: a tent down times a tent across."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case


def by_loops(factor, size):
    """Every weight written out."""
    middle = (size - 1) / 2
    return np.array([[(1 - abs(i - middle) / factor) * (1 - abs(j - middle) / factor) for j in range(size)] for i in range(size)])


def by_interpolation(factor, size):
    """Piecewise linear interpolation of a peak, in float32."""
    line = np.interp(np.arange(size) - (size - 1) / 2, [-factor, 0, factor], [0, 1, 0]).astype(np.float32)
    return line[:, None] * line


def by_grid(factor, size):
    """Distances on an open grid."""
    down, across = (factor - abs(axis - (size - 1) / 2) for axis in np.ogrid[:size, :size])
    return down * across / factor**2


def line_of(factor, size, middle):
    """A tent along a line with its middle elsewhere."""
    return 1 - np.abs(np.arange(size) - middle) / factor


def square(line):
    """The same tent down and across."""
    return np.outer(line, line)


def pyramid(right, factor, size):
    """The smaller of the two tents."""
    line = line_of(factor, size, (size - 1) / 2)
    return np.minimum(line[:, None], line)


def diamond(right, factor, size):
    """One minus the sum of both distances."""
    away = np.abs(np.arange(size) - (size - 1) / 2) / factor
    return 1 - (away[:, None] + away)


tent = Function(
    "tent",
    points=3,
    groups=[
        Group("an odd number of taps", 1, [
            case("factor 2, 3 taps: the slide's", 2, 3),
            case("7 taps", any_of(4, 5, 6), 7),
            case("fewer taps", any_of(4, 5, 6), any_of(5, 3)),
        ]),
        Group("an even number of taps", 2, [
            case("factor 2, 4 taps", 2, 4),
            case("a larger factor", any_of(3, 4, 5), any_of(6, 4)),
            case("fewer taps than the tent is wide", any_of(6, 5, 8), any_of(8, 6, 10)),
        ]),
    ],
    mistakes=[
        Mistake("middle at size // 2", by=lambda right, factor, size: square(line_of(factor, size, size // 2)),
                say="With an even number of taps the middle lies between two taps. Yours sits on one of them."),
        Mistake("middle at (size - 1) // 2", by=lambda right, factor, size: square(line_of(factor, size, (size - 1) // 2)),
                say="`//` rounds the middle down. With an even number of taps it lies between two of them, at a half."),
        Mistake("middle at size / 2", by=lambda right, factor, size: square(line_of(factor, size, size / 2)),
                say="Your tent is half a tap too far to the right: taps are numbered from 0 to k - 1, what is the middle of these?"),
        Mistake("falls over the taps", by=lambda right, factor, size: square(1 - np.abs(np.arange(size) - (size - 1) / 2) / (size / 2)),
                say="Your tent falls to 0 over half the number of taps. It falls over the distance of one sample, `factor`."),
        Mistake("divided by the number of taps", edit=("/ factor", "/ size"),
                say="You divide the distance by the number of taps. The tent falls to 0 over the distance of one sample, `factor`."),
        Mistake("sum made 1", by=lambda right, *args: right(*args) / right(*args).sum(),
                say="You divided by the sum of the weights. A tent is 1 in its middle; copies of it add up to 1."),
        Mistake("one dimension only", edit=("np.outer(line, line)", "line"),
                say="This is the tent along a line. The kernel is (size, size): down times across."),
        Mistake("pyramid", by=pyramid,
                say="Your kernel is a pyramid: the smaller of both tents. Bilinear is their product."),
        Mistake("tents added", edit=("np.outer(line, line)", "line[:, None] + line"),
                say="You added the tent down and the tent across. The kernel is their product."),
        Mistake("distances added", by=diamond,
                say="You added the distances down and across. The tent down is multiplied by the tent across."),
        Mistake("sign lost", edit=("np.abs(np.arange(size) - (size - 1) / 2)", "(np.arange(size) - (size - 1) / 2)"),
                say="Left of the middle your tent goes on rising: the distance counts, without its sign."),
    ],
    variants=[by_loops, by_interpolation, by_grid],
    terms=lambda inputs: 4,
)
