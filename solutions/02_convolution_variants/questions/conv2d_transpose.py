"""Transposed convolution: every value lays down a copy of the kernel, overlapping copies are added."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, images, kernels, linear


def by_kernel_position(x, w, stride=1):
    """One strided slice of the output per weight position, in float32."""
    (n, h, wide, _), (kh, kw, filters, _) = x.shape, w.shape
    out = np.zeros((n, (h - 1) * stride + kh, (wide - 1) * stride + kw, filters), np.float32)
    for u, v in np.ndindex(kh, kw):
        out[:, u : u + (h - 1) * stride + 1 : stride, v : v + (wide - 1) * stride + 1 : stride] += x @ w[u, v].T
    return out


def by_add_at(x, w, stride=1):
    """All products in one einsum, one unbuffered addition."""
    products = np.einsum("nijc,uvfc->nijuvf", x, w)
    n, i, j, u, v, f = np.indices(products.shape)
    (_, h, wide, _), (kh, kw, filters, _) = x.shape, w.shape
    out = np.zeros((len(x), (h - 1) * stride + kh, (wide - 1) * stride + kw, filters))
    np.add.at(out, (n, i * stride + u, j * stride + v, f), products)
    return out


def by_plain_loops(x, w, stride=1):
    """Every index written out."""
    (n, h, wide, channels), (kh, kw, filters, _) = x.shape, w.shape
    out = np.zeros((n, (h - 1) * stride + kh, (wide - 1) * stride + kw, filters))
    for m, i, j, c, u, v, f in np.ndindex(n, h, wide, channels, kh, kw, filters):
        out[m, i * stride + u, j * stride + v, f] += x[m, i, j, c] * w[u, v, f, c]
    return out


def averaged(right, x, w, stride):
    """Divided by the number of copies on each pixel."""
    copies = right(np.ones((1, *x.shape[1:3], 1)), np.ones((*w.shape[:2], 1, 1)), stride)
    return right(x, w, stride) / np.maximum(copies, 1)


def as_large_as_stride_says(right, x, w, stride):
    """stride times the input's size: the end is cut off, or stays 0."""
    (_, h, wide, _), out = x.shape, right(x, w, stride)
    high, broad = max(0, h * stride - out.shape[1]), max(0, wide * stride - out.shape[2])
    return np.pad(out, ((0, 0), (0, high), (0, broad), (0, 0)))[:, : h * stride, : wide * stride]


def side_by_side(right, x, w, stride):
    """Copies one kernel apart."""
    return np.einsum("nijc,uvfc->niujvf", x, w).reshape(len(x), x.shape[1] * w.shape[0], -1, w.shape[2])


def axes_read_the_other_way(right, x, w, stride):
    """The last two axes of w taken for (C_in, C_out) of the same lengths."""
    return right(x, w.reshape(*w.shape[:2], w.shape[3], w.shape[2]).swapaxes(2, 3), stride)


conv2d_transpose = Function(
    "conv2d_transpose",
    points=8,
    groups=[
        # Channels are single and everything is square but in the groups about these.
        Group("copies that do not overlap", 1, [
            case("one value", images(1, 1, 1, 1), kernels(3, 3, 1, 1)),
            case("2x2 kernel, stride 2", images(1, 2, 2, 1), kernels(2, 2, 1, 1), 2),
            case("2x2 kernel, stride 3: pixels that nothing reaches", images(1, any_of(2, 3), any_of(2, 3), 1), kernels(2, 2, 1, 1), 3),
        ]),
        Group("copies that overlap", 2, [
            case("3x3 kernel, stride 1", images(1, any_of(3, 4), any_of(3, 4), 1), kernels(3, 3, 1, 1)),
            case("2x2 values of ones, 3x3 ones, stride 2", np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)), 2),
            case("3x3 kernel, stride 2", images(1, any_of(2, 3), any_of(2, 3), 1), kernels(3, 3, 1, 1), 2, fresh=2),
        ]),
        Group("maps and kernels that are not square", 2, [
            case("2x5 values", images(1, any_of(2, 3), any_of(5, 4), 1), kernels(2, 2, 1, 1), 2),
            case("4x2 values", images(1, any_of(4, 5), any_of(2, 3), 1), kernels(3, 3, 1, 1), 2),
            case("2x3 kernel", images(1, any_of(3, 4), any_of(3, 4), 1), kernels(2, 3, 1, 1), 1),
            case("3x2 kernel, stride 2", images(1, any_of(2, 3), any_of(3, 2), 1), kernels(3, 2, 1, 1), 2),
        ]),
        Group("channels and filters", 2, [
            case("two channels, two filters", images(1, 2, 2, 2), kernels(2, 2, 2, 2), 2),
            case("three channels, one filter", images(1, 2, 2, 3), kernels(2, 2, 1, 3), 2),
            case("two channels, three filters", images(1, any_of(2, 3), any_of(2, 3), 2), kernels(2, 2, 3, 2), 2),
        ]),
        Group("a batch", 1, [
            case("three images", images(3, 2, 2, 1), kernels(2, 2, 1, 1), 2),
            case("linear in x", images(2, 2, 2, 1), kernels(2, 2, 1, 1), 2, holds=linear("x")),
        ]),
    ],
    mistakes=[
        Mistake("assigned instead of added", edit=("] += np", "] = np"),
                say="Where copies overlap they add up. Yours keeps only the copy that was laid down last."),
        Mistake("result does not begin at 0", edit=("out = np.zeros(", "out = np.ones("),
                say="Your result did not begin at 0: what stood in the array before was added to every pixel."),
        Mistake("averaged where copies overlap", by=averaged,
                say="Where copies overlap you take their mean. They are added; that is what makes the checkerboard."),
        Mistake("kernel flipped", by=lambda right, x, w, stride: right(x, w[::-1, ::-1], stride),
                say="Your kernel is turned round. Each value lays down the kernel as it stands."),
        Mistake("kernel on its side", by=lambda right, x, w, stride: right(x, w.swapaxes(0, 1), stride),
                say="Rows and columns of the kernel are swapped."),
        Mistake("channel axes swapped", by=axes_read_the_other_way,
                say="The last two axes of `w` are (C_out, C_in) here: the kernel belongs to the convolution that leads the other way."),
        Mistake("stride ignored", by=lambda right, x, w, stride: right(x, w, 1),
                say="`stride` has no effect: your copies lie one pixel apart."),
        Mistake("stride in the size only", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="The result has the right size, but copy (i, j) begins at pixel (i, j). It should begin `stride` times as far "
                    "down and across."),
        Mistake("stride down only", edit=("i * stride, j * stride", "i * stride, j"),
                say="`stride` is used down but not across."),
        Mistake("copies side by side", by=side_by_side,
                say="Your copies lie one kernel apart. They lie `stride` apart, and overlap where the kernel is larger."),
        Mistake("stride times the size", by=as_large_as_stride_says,
                say="Your result is `stride` times as large as the input. The last copy begins (h - 1) * stride down and is kh high."),
        Mistake("stride times the size, nothing cut off",
                edit=("(high - 1) * stride + kh, (wide - 1) * stride + kw", "high * stride, wide * stride"),
                say="You made room for `stride` times the size. The last copy begins (h - 1) * stride down and is kh high."),
        Mistake("room for one step more", edit=("(high - 1) * stride + kh, (wide - 1) * stride + kw", "high * stride + kh, wide * stride + kw"),
                say="Your result ends in zeros that nothing reaches. Where does the last copy begin, when the first begins at 0?"),
        Mistake("copies as wide as the kernel is high", edit=("left : left + kw", "left : left + kh"),
                say="The place for each copy is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("width from the height", edit=("(wide - 1) * stride + kw", "(high - 1) * stride + kh"),
                say="The result's width was computed from the height. On square maps this cannot be seen."),
        Mistake("columns counted by rows", edit=("for j in range(wide)", "for j in range(min(high, wide))"),
                say="As many columns of `x` are visited as it has rows. On square maps this cannot be seen."),
        Mistake("first channel only", by=lambda right, x, w, stride: right(x[..., :1], w[..., :1], stride),
                say="Only the first channel of `x` was used. The sum runs over all of them."),
        Mistake("first filter for all", by=lambda right, x, w, stride: np.repeat(right(x, w[:, :, :1], stride), w.shape[2], axis=3),
                say="All maps are the first filter's. Map f is made with `w[:, :, f]`."),
        Mistake("first image for all", by=lambda right, x, w, stride: np.repeat(right(x[:1], w, stride), len(x), axis=0),
                say="Every image got the first image's result."),
    ],
    variants=[by_kernel_position, by_add_at, by_plain_loops],
    terms=lambda inputs: inputs["w"][:, :, 0].size,
)
