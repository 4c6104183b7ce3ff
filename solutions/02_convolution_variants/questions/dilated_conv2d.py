"""Dilated convolution. Groups that are not about it leave dilation and stride at 1 and padding at 0, kernels square."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, images, kernels


def by_stretched_kernel(x, w, dilation=1, stride=1, padding=0):
    """Zeros between the kernel's taps, then a plain convolution over all windows."""
    kh, kw, *channels = w.shape
    stretched = np.zeros((dilation * (kh - 1) + 1, dilation * (kw - 1) + 1, *channels))
    stretched[::dilation, ::dilation] = w
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = sliding_window_view(padded, stretched.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvcf->nijf", windows, stretched)


def by_tap(x, w, dilation=1, stride=1, padding=0):
    """One strided slice per tap, in float32."""
    kh, kw = w.shape[:2]
    x = np.pad(x.astype(np.float32), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    high, wide = ((size - dilation * (k - 1) - 1) // stride + 1 for size, k in zip(x.shape[1:3], (kh, kw)))
    out = np.zeros((len(x), high, wide, w.shape[3]), np.float32)
    for u, v in np.ndindex(kh, kw):
        out += x[:, u * dilation :: stride, v * dilation :: stride][:, :high, :wide] @ w[u, v].astype(np.float32)
    return out


def by_plain_loops(x, w, dilation=1, stride=1, padding=0):
    """Every index written out."""
    (n, height, width, _), (kh, kw, depth, filters) = x.shape, w.shape
    high = (height + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    wide = (width + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    out = np.zeros((n, high, wide, filters))
    for m, i, j, f, u, v in np.ndindex(n, high, wide, filters, kh, kw):
        row, column = i * stride + u * dilation - padding, j * stride + v * dilation - padding
        if 0 <= row < height and 0 <= column < width:
            out[m, i, j, f] += sum(x[m, row, column, c] * w[u, v, c, f] for c in range(depth))
    return out


def step_of_skipped(right, x, w, dilation, stride, padding):
    """d pixels are skipped, so the next tap is d + 1 away; nothing is skipped for d = 1."""
    return right(x, w, dilation + 1 if dilation > 1 else 1, stride, padding)


def down_only(right, x, w, dilation, stride, padding):
    """Taps are spread over the rows, the columns are neighbours."""
    stretched = np.zeros((dilation * (w.shape[0] - 1) + 1, *w.shape[1:]))
    stretched[::dilation] = w
    return right(x, stretched, 1, stride, padding)


def same_size(right, x, w, dilation, stride, padding):
    """Padding that keeps the size, whatever was asked for."""
    (down, across) = (dilation * (k - 1) for k in w.shape[:2])
    x = np.pad(x, ((0, 0), (down // 2, down - down // 2), (across // 2, across - across // 2), (0, 0)))
    return right(x, w, dilation, stride, 0)


dilated_conv2d = Function(
    "dilated_conv2d",
    points=8,
    groups=[
        Group("dilation 1 is a plain convolution", 1, [
            case("3x3 kernel", images(1, any_of(5, 6), any_of(7, 8), 1), kernels(3, 3, 1, 1)),
            case("two channels, three filters, a batch", images(3, any_of(4, 5), any_of(6, 5), 2), kernels(2, 2, 2, 3)),
        ]),
        Group("dilation", 2, [
            case("dilation 2", images(1, any_of(7, 8), any_of(9, 10), 1), kernels(3, 3, 1, 1), 2),
            case("dilation 3", images(1, any_of(9, 11), any_of(8, 10), 1), kernels(3, 3, 1, 2), 3, fresh=2),
        ]),
        Group("kernels that are not square", 1, [
            case("3x2 kernel, dilation 2", images(1, any_of(7, 9), any_of(6, 8), 1), kernels(3, 2, 1, 1), 2),
            case("1x4 kernel, dilation 2", images(1, any_of(5, 4), any_of(9, 11), 1), kernels(1, 4, 1, 1), 2),
        ]),
        Group("padding", 2, [
            case("dilation 2, padding 2", images(1, any_of(5, 6), any_of(7, 8), 1), kernels(3, 3, 1, 1), 2, 1, 2),
            case("dilation 3, padding 1", images(2, any_of(8, 7), any_of(9, 10), 2), kernels(3, 3, 2, 2), 3, 1, 1),
            case("dilation 1, padding 3", images(1, any_of(4, 5), any_of(6, 3), 1), kernels(3, 3, 1, 1), 1, 1, 3),
        ]),
        Group("stride", 2, [
            case("stride 2, dilation 1", images(1, any_of(7, 9), any_of(9, 5), 1), kernels(3, 3, 1, 1), 1, 2),
            case("stride 2, dilation 3", images(1, any_of(9, 11), any_of(13, 15), 1), kernels(3, 3, 1, 1), 3, 2),
            case("stride 3, rows and columns left over", images(1, any_of(9, 12), any_of(10, 13), 1), kernels(3, 3, 1, 1), 2, 3),
        ]),
    ],
    mistakes=[
        Mistake("dilation ignored", by=lambda right, x, w, d, s, p: right(x, w, 1, s, p),
                say="`dilation` has no effect in your code: the taps are neighbours."),
        Mistake("d pixels skipped", by=step_of_skipped,
                say="Your taps are `dilation` + 1 pixels apart. From one tap to the next it is `dilation` pixels; what lies "
                    "between them is one less."),
        Mistake("d pixels skipped, even for 1", by=lambda right, x, w, d, s, p: right(x, w, d + 1, s, p),
                say="Your taps are `dilation` + 1 pixels apart. From one tap to the next it is `dilation` pixels; with 1 they are "
                    "neighbours."),
        Mistake("dilation down only", by=down_only,
                say="`dilation` is used down but not across."),
        Mistake("dilation and stride swapped", by=lambda right, x, w, d, s, p: right(x, w, s, d, p),
                say="`dilation` and `stride` have changed places: one is the step from tap to tap, the other from window to window."),
        Mistake("span one too long", edit=("dilation * (w.shape[0] - 1) + 1, dilation * (w.shape[1] - 1) + 1",
                                           "dilation * w.shape[0], dilation * w.shape[1]"),
                say="Your kernel covers `dilation` times its size. After the last tap there is nothing more to cover."),
        # What does not fit raises, and only where dilation is above 1 or something is padded.
        Mistake("size without dilation", edit=("(padded.shape[1] - high) // stride + 1\n    columns = (padded.shape[2] - wide)",
                                               "(padded.shape[1] - w.shape[0]) // stride + 1\n    columns = (padded.shape[2] - w.shape[1])"),
                say="Your code fails only where `dilation` is above 1. Does the output's size count all the pixels that the kernel "
                    "covers? And does window (i, j) start at `i * stride`, `j * stride`, whatever `dilation` is?"),
        Mistake("padded to another size", edit=("((0, 0), (padding, padding), (padding, padding), (0, 0))", "padding"),
                say="Your code fails only where `padding` is above 0. Are there `padding` more rows and columns on all four sides "
                    "of the images, and no more images and channels than before?"),
        Mistake("padding grows with dilation", by=lambda right, x, w, d, s, p: right(x, w, d, s, p * d),
                say="`padding` was multiplied by `dilation`. It is the number of zeros on each side as it stands."),
        Mistake("output as large as the input", by=same_size,
                say="You pad so that the size is kept. How much is added on each side is said by `padding` alone, and it may be 0."),
        Mistake("padding hard-coded to 1", by=lambda right, x, w, d, s, p: right(x, w, d, s, 1),
                say="Your code always pads by 1. The amount is given in `padding`, and it may be 0."),
        Mistake("padding ignored", by=lambda right, x, w, d, s, p: right(x, w, d, s, 0),
                say="`padding` has no effect in your code."),
        Mistake("stride ignored", by=lambda right, x, w, d, s, p: right(x, w, d, 1, p),
                say="`stride` has no effect in your code: the window moves by one pixel."),
        Mistake("stride in the size only", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="The output has the right size, but window (i, j) starts at pixel (i, j). It should start `stride` times as "
                    "far down and across."),
        Mistake("stride taken from the kernel", by=lambda right, x, w, d, s, p: right(x, w, d, w.shape[0], p),
                say="Your windows start one kernel apart. They should start `stride` apart."),
        Mistake("window starts at a multiple of dilation", by=lambda right, x, w, d, s, p: right(x, w, d, s * d, p),
                say="The start of your window is multiplied by `dilation` too. Only the steps inside a window are; windows "
                    "start `stride` apart."),
        Mistake("kernel assumed square", by=lambda right, x, w, d, s, p: right(x, w[:, : w.shape[0]], d, s, p),
                say="As many columns of the kernel are used as it has rows. It has a width of its own, `kw`."),
        Mistake("window as wide as the kernel is high", edit=("left : left + wide : dilation", "left : left + high : dilation"),
                say="The window is as wide as the kernel is high. Across it spans `dilation * (kw - 1) + 1` columns."),
        Mistake("size from the height alone", edit=("(padded.shape[2] - wide)", "(padded.shape[1] - high)"),
                say="The output's width was computed from the input's height. On square images this cannot be seen."),
        Mistake("result never filled", by=lambda right, *args: np.zeros_like(right(*args)),
                say="All your values are 0: the result has the right size, but nothing was put into it."),
        Mistake("kernel flipped", by=lambda right, x, w, *rest: right(x, w[::-1, ::-1], *rest),
                say="Your kernel is turned round. This layer uses it as it is."),
        Mistake("first channel only", by=lambda right, x, w, *rest: right(x[..., :1], w[:, :, :1], *rest),
                say="Only the first channel of the images was looked at. The sum runs over all of them."),
        Mistake("first image for all", by=lambda right, x, *rest: np.repeat(right(x[:1], *rest), len(x), axis=0),
                say="Every image got the first image's result."),
    ],
    variants=[by_stretched_kernel, by_tap, by_plain_loops],
    terms=lambda inputs: inputs["w"][..., 0].size,
)
