"""Transposed convolution by inserted zeros: zeros between, zeros around, the kernel turned."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, images, kernels


def stuffed(x, w, stride, between=0.0):
    """Zeros between values and around them. x (N, h, w, C) -> ready for a plain convolution."""
    (n, h, wide, c), (kh, kw) = x.shape, w.shape[:2]
    out = np.full((n, (h - 1) * stride + 1, (wide - 1) * stride + 1, c), between)
    out[:, ::stride, ::stride] = x
    return np.pad(out, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))


def convolve(x, w):
    """A plain convolution with kernels (kh, kw, C_out, C_in)."""
    return np.einsum("nijcuv,uvfc->nijf", sliding_window_view(x, w.shape[:2], axis=(1, 2)), w)


def by_windows(x, w, stride=1):
    """All windows as a view, one einsum."""
    return convolve(stuffed(x, w, stride), w[::-1, ::-1])


def by_lists(x, w, stride=1):
    """Zeros inserted by np.kron, windows in a list, float32."""
    unit = np.zeros((1, stride, stride, 1), np.float32)
    unit[0, 0, 0, 0] = 1
    (kh, kw, filters, _), cut = w.shape, stride - 1
    x = np.kron(x.astype(np.float32), unit)
    x = np.pad(x[:, : x.shape[1] - cut, : x.shape[2] - cut], ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    flat = w[::-1, ::-1].transpose(0, 1, 3, 2).reshape(-1, filters).astype(np.float32)
    return np.array([[x[:, i : i + kh, j : j + kw].reshape(len(x), -1) @ flat for j in range(x.shape[2] - kw + 1)]
                     for i in range(x.shape[1] - kh + 1)]).transpose(2, 0, 1, 3)


def by_copies(x, w, stride=1):
    """The other way round: copies of the kernel, added."""
    (n, h, wide, _), (kh, kw, filters, _) = x.shape, w.shape
    out = np.zeros((n, (h - 1) * stride + kh, (wide - 1) * stride + kw, filters))
    for i, j in np.ndindex(h, wide):
        out[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += np.einsum("nc,uvfc->nuvf", x[:, i, j], w)
    return out


def zeros_after_the_last(right, x, w, stride):
    """Every value is followed by zeros, the last one too."""
    more = stride - 1
    x = np.pad(stuffed(x, w, stride), ((0, 0), (0, more), (0, more), (0, 0)))
    return convolve(x, w[::-1, ::-1])


def repeated(right, x, w, stride):
    """Values repeated instead of zeros."""
    high, wide = ((size - 1) * stride + 1 for size in x.shape[1:3])
    return right(x.repeat(stride, 1).repeat(stride, 2)[:, :high, :wide], w, 1)


def stride_zeros_between(right, x, w, stride):
    """One zero too many between two values; none at stride 1."""
    return right(x, w, stride + 1 if stride > 1 else 1)


def half_padding(right, x, w, stride):
    """(k-1)//2 zeros on each side."""
    p, q = ((k - 1) - (k - 1) // 2 for k in w.shape[:2])
    out = right(x, w, stride)
    return out[:, p : out.shape[1] - p, q : out.shape[2] - q]


def no_padding(right, x, w, stride):
    """No zeros around."""
    p, q = (k - 1 for k in w.shape[:2])
    out = right(x, w, stride)
    return out[:, p : out.shape[1] - p, q : out.shape[2] - q]


def convolved_with_stride(right, x, w, stride):
    """The convolution moves by stride as well, which undoes the zeros."""
    return right(x, w, stride)[:, ::stride, ::stride]


fractional_conv2d = Function(
    "fractional_conv2d",
    points=6,
    groups=[
        Group("stride 1: zeros around, kernel turned", 2, [
            case("2x2 kernel", images(1, 3, 3, 1), kernels(2, 2, 1, 1)),
            case("3x3 kernel", images(1, any_of(4, 5), any_of(4, 5), 1), kernels(3, 3, 1, 1), fresh=2),
        ]),
        Group("stride: zeros between", 2, [
            case("3x3 kernel, stride 2", images(1, 3, 3, 1), kernels(3, 3, 1, 1), 2),
            case("2x2 kernel, stride 2", images(1, any_of(2, 4), any_of(2, 4), 1), kernels(2, 2, 1, 1), 2),
            case("4x4 kernel, stride 3", images(1, any_of(2, 3), any_of(2, 3), 1), kernels(4, 4, 1, 1), 3),
        ]),
        Group("maps and kernels that are not square", 1, [
            case("2x5 values, stride 2", images(1, any_of(2, 3), any_of(5, 4), 1), kernels(3, 3, 1, 1), 2),
            case("3x2 kernel", images(1, any_of(3, 4), any_of(4, 3), 1), kernels(3, 2, 1, 1)),
            case("1x3 kernel, stride 2", images(1, any_of(3, 2), any_of(3, 4), 1), kernels(1, 3, 1, 1), 2),
        ]),
        Group("a batch, channels and filters", 1, [
            case("two channels, two filters", images(1, 2, 2, 2), kernels(2, 2, 2, 2)),
            case("three images, two channels, three filters", images(3, any_of(2, 3), any_of(2, 3), 2), kernels(2, 2, 3, 2)),
        ]),
    ],
    mistakes=[
        Mistake("kernel not turned", by=lambda right, x, w, stride: right(x, w[::-1, ::-1], stride),
                say="The kernel went into the convolution as it stands. It has to be turned by 180 degrees first."),
        Mistake("kernel turned along one axis", edit=("w[::-1, ::-1]", "w[::-1]"),
                say="Your kernel is turned upside down only. Turn both its rows and its columns."),
        Mistake("channels turned too", edit=("w[::-1, ::-1]", "w[::-1, ::-1, ::-1, ::-1]"),
                say="You turned all four axes of the kernel. Its channels keep their order."),
        Mistake("channel axes not exchanged", by=lambda right, x, w, stride: right(
                    x, w.reshape(*w.shape[:2], w.shape[3], w.shape[2]).swapaxes(2, 3), stride),
                say="`conv2d` wants kernels (kh, kw, C_in, C_out), but `w` comes as (kh, kw, C_out, C_in)."),
        Mistake("zeros after the last value", by=zeros_after_the_last,
                say="You put zeros after the last value too. They stand only between two values."),
        Mistake("values repeated", by=repeated,
                say="The gaps were filled with the value before them. Zeros belong there; the convolution fills them."),
        Mistake("stride zeros between", by=stride_zeros_between,
                say="There is one zero too many between your values: from one value to the next it is `stride` pixels."),
        Mistake("half padding", by=half_padding,
                say="There are too few zeros around: the kernel must also stand where it only touches the first value."),
        Mistake("no zeros around", by=no_padding,
                say="Without zeros around it the result is smaller than what went in. Every value must meet every weight."),
        Mistake("stride in the convolution too", by=convolved_with_stride,
                say="Your convolution moves by `stride`, so it jumps over what the zeros made room for. It moves by 1."),
        Mistake("stride ignored", by=lambda right, x, w, stride: right(x, w, 1),
                say="`stride` has no effect: no zeros were put between the values."),
        Mistake("padding taken from the height", edit=("(kw - 1, kw - 1)", "(kh - 1, kh - 1)"),
                say="The zeros left and right were counted with the kernel's height. On square kernels this cannot be seen."),
        Mistake("zeros between rows only", edit=("stuffed[:, ::stride, ::stride] = x", "stuffed[:, ::stride, :wide] = x"),
                say="Rows are spread, but the columns still stand side by side."),
        Mistake("first image for all", by=lambda right, x, w, stride: np.repeat(right(x[:1], w, stride), len(x), axis=0),
                say="Every image got the first image's result."),
    ],
    variants=[by_windows, by_lists, by_copies],
    terms=lambda inputs: inputs["w"][:, :, 0].size,
    seconds=10,  # SciPy, which the notebook's conv2d calls, may take a second to load
)
