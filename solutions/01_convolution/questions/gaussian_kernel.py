"""gaussian_kernel: cases, and the mistakes that students really make."""

import math

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case


def by_product(size, sigma):
    """A Gaussian of two variables is the product of two of one; float32."""
    line = np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * sigma**2)).astype(np.float32)
    return np.outer(line, line) / line.sum() ** 2


def with_loops(size, sigma):
    """One weight at a time, with the formula's factor, which cancels."""
    g, middle = np.zeros((size, size)), (size - 1) / 2
    for i in range(size):
        for j in range(size):
            g[i, j] = math.exp(-((i - middle) ** 2 + (j - middle) ** 2) / (2 * sigma**2)) / (2 * math.pi * sigma**2)
    return g / g.sum()


gaussian_kernel = Function(
    "gaussian_kernel",
    points=3,
    groups=[
        Group("a small kernel", 1, [case("3x3, sigma 1", 3, any_of(1.0, 1.25)), case("5x5, sigma 1", 5, any_of(1.0, 0.875))]),
        Group("other widths", 1, [
            case("7x7, a wide one", 7, any_of(2.0, 2.5, 1.75)),
            case("5x5, a narrow one that is nearly one weight", 5, any_of(0.5, 0.625)),
        ]),
        Group("even sizes", 1, [
            case("4x4: the middle lies between pixels", 4, any_of(1.0, 1.5)),
            case("6x6", 6, any_of(1.5, 2.25)),
        ]),
    ],
    mistakes=[
        Mistake("not normalised", edit=("g / g.sum()", "g / (2 * np.pi * sigma**2)"),
                say="The formula's factor makes the whole plane sum to 1, not your few samples of it: divide by their sum."),
        Mistake("nothing divided", edit=("g / g.sum()", "g"),
                say="Your weights do not sum to 1, so the filter would also brighten the image."),
        Mistake("largest weight is 1", edit=("g / g.sum()", "g / g.max()"),
                say="You divide by the largest weight. Divide by the sum, so that the brightness stays."),
        Mistake("rows sum to 1", edit=("g / g.sum()", "g / g.sum(axis=1, keepdims=True)"),
                say="Each row of yours sums to 1. The whole kernel should."),
        Mistake("sigma not squared", edit=("sigma**2", "sigma"),
                say="In the exponent sigma is squared. With sigma 1 this cannot be seen."),
        Mistake("two forgotten", edit=("(2 * sigma**2)", "sigma**2"),
                say="The exponent is divided by twice sigma squared. Yours falls off too fast."),
        Mistake("distance not squared", edit=("np.exp(-(y**2 + x**2)", "np.exp(-np.sqrt(y**2 + x**2)"),
                say="The exponent holds the squared distance, not the distance."),
        Mistake("middle on a pixel", edit=("(size - 1) / 2", "size // 2"),
                say="With an even size the middle lies between two pixels, at (size - 1) / 2."),
        Mistake("middle half a pixel late", edit=("(size - 1) / 2", "size / 2"),
                say="The middle of the indices 0 to size - 1 is (size - 1) / 2. Yours is half a pixel further."),
        Mistake("one axis only", edit=("(y**2 + x**2)", "(y**2 + 0 * x)"),
                say="Your weights change down but not across. Both distances count."),
    ],
    variants=[by_product, with_loops],
    terms=lambda inputs: inputs["size"] ** 2,
    decimals=12,  # np.exp: its last bit is not the same on every processor
)
