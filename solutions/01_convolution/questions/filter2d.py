"""filter2d: convolution and correlation told apart; the mistakes that students really make."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, numbers


def by_windows(x, h, flip):
    """All windows as a view, one einsum."""
    return np.einsum("ijuv,uv->ij", sliding_window_view(x, h.shape), np.flip(h) if flip else h)


def by_kernel_position(x, h, flip):
    """One shifted image per weight; float32 throughout."""
    x, h = x.astype(np.float32), h.astype(np.float32)
    (height, width), (kh, kw) = x.shape, h.shape
    out = np.zeros((height - kh + 1, width - kw + 1), np.float32)
    for u, v in np.ndindex(kh, kw):
        out += h[kh - 1 - u, kw - 1 - v] * x[u:, v:][: len(out), : out.shape[1]] if flip else (
            h[u, v] * x[u:, v:][: len(out), : out.shape[1]])
    return out


def by_the_formula(x, h, flip):
    """The sum of the slide, for every place of the full result, then cut; correlation is convolution with a turned kernel."""
    h = h if flip else h[::-1, ::-1]
    (height, width), (kh, kw) = x.shape, h.shape
    full = np.zeros((height + kh - 1, width + kw - 1))
    for n1, n2 in np.ndindex(full.shape):
        for k1, k2 in np.ndindex(x.shape):
            if 0 <= n1 - k1 < kh and 0 <= n2 - k2 < kw:
                full[n1, n2] += x[k1, k2] * h[n1 - k1, n2 - k2]
    return full[kh - 1 : height, kw - 1 : width]


def same_size(right, x, h, flip):
    """Zeros all around, so that the output is as large as the input."""
    (kh, kw) = h.shape
    return right(np.pad(x, (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2))), h, flip)


filter2d = Function(
    "filter2d",
    points=4,
    groups=[
        Group("correlation", 2, [
            case("one place only, 2x2 kernel", numbers(2, 2), numbers(2, 2), False),
            case("3x3 kernel, as it is", numbers(any_of(5, 6), any_of(5, 7)), numbers(3, 3), False),
        ]),
        Group("convolution", 1, [
            case("2x2 kernel, turned round", numbers(any_of(4, 5), any_of(4, 6)), numbers(2, 2), True),
            case("3x3 kernel, turned round", numbers(any_of(6, 5), any_of(4, 7)), numbers(3, 3), True),
        ]),
        Group("kernels that are not square", 1, [
            case("3x2 kernel", numbers(any_of(5, 7), any_of(8, 6)), numbers(3, 2), False),
            case("1x4 kernel", numbers(any_of(4, 3), any_of(6, 9)), numbers(1, 4), False),
        ]),
    ],
    mistakes=[
        Mistake("the two exchanged", by=lambda right, x, h, flip: right(x, h, not flip),
                say="You turn the kernel when `flip` is False and leave it when `flip` is True: it is the other way round."),
        Mistake("never turned", by=lambda right, x, h, flip: right(x, h, False),
                say="`flip` has no effect in your code: the kernel is never turned round."),
        Mistake("always turned", by=lambda right, x, h, flip: right(x, h, True),
                say="`flip` has no effect in your code: the kernel is always turned round."),
        Mistake("turned down only", edit=("h[::-1, ::-1]", "h[::-1]"),
                say="You reverse the kernel's rows but not its columns. Turning it round does both."),
        Mistake("turned across only", edit=("h[::-1, ::-1]", "h[:, ::-1]"),
                say="You reverse the kernel's columns but not its rows. Turning it round does both."),
        Mistake("transposed", edit=("h[::-1, ::-1]", "h.T"),
                say="You swap the kernel's rows and columns. Turning it round reverses both and swaps nothing."),
        Mistake("image turned", by=lambda right, x, h, flip: right(x[::-1, ::-1] if flip else x, h, False),
                say="You turn the image, not the kernel, so the result comes out back to front."),
        Mistake("last place forgotten", by=lambda right, x, h, flip: right(x[:-1, :-1], h, flip),
                say="The last row and column of places are missing: H - kh + 1 rows, counting both ends."),
        Mistake("as large as the input", by=same_size,
                say="Your output is as large as the input. Only places where the kernel lies wholly on the image count."),
        Mistake("kernel assumed square", edit=("j : j + kw] * h", "j : j + kh] * h"),
                say="The window is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("mean instead of sum", edit=(").sum()", ").mean()"),
                say="Each output is the sum of the products, not their mean."),
    ],
    variants=[by_windows, by_kernel_position, by_the_formula],
    terms=lambda inputs: inputs["h"].size,
)
