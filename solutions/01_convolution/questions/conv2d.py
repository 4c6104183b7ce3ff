"""conv2d: cases, and the mistakes that students really make."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, bias, case, images, kernels, no_bias


def by_windows_and_einsum(x, w, b, stride=1, padding=0):
    """All windows as a view, one einsum."""
    p = padding
    windows = sliding_window_view(np.pad(x, ((0, 0), (p, p), (p, p), (0, 0))), w.shape[:2], axis=(1, 2))
    return np.einsum("nijcuv,uvcf->nijf", windows[:, ::stride, ::stride], w) + b


def by_im2col(x, w, b, stride=1, padding=0):
    """Windows as rows of a matrix, filters as columns of another; float32 throughout."""
    x, w, b = (array.astype(np.float32) for array in (x, w, b))
    kh, kw, _, filters = w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = range(0, x.shape[1] - kh + 1, stride)
    columns = range(0, x.shape[2] - kw + 1, stride)
    patches = np.array([[x[:, i : i + kh, j : j + kw].reshape(len(x), -1) for j in columns] for i in rows])
    return (patches @ w.reshape(-1, filters) + b).transpose(2, 0, 1, 3)


def by_kernel_position(x, w, b, stride=1, padding=0):
    """One strided slice per weight position, no loop over the output."""
    kh, kw, _, filters = w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    high, wide = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    out = np.zeros((len(x), high, wide, filters)) + b
    for u in range(kh):
        for v in range(kw):
            out += x[:, u : u + high * stride : stride, v : v + wide * stride : stride][:, :high, :wide] @ w[u, v]
    return out


def by_fourier(x, w, b, stride=1, padding=0):
    """Multiply spectra, keep every stride-th value."""
    kh, kw = w.shape[:2]
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    size = (x.shape[1] + kh - 1, x.shape[2] + kw - 1)
    spectrum = np.einsum("nijc,ijcf->nijf", np.fft.fft2(x, size, (1, 2)), np.fft.fft2(w[::-1, ::-1], size, (0, 1)))
    full = np.fft.ifft2(spectrum, size, (1, 2)).real
    return full[:, kh - 1 : x.shape[1] : stride, kw - 1 : x.shape[2] : stride] + b


def by_blocks_of_windows(x, w, b, stride=1, padding=0, megabytes=4):
    """The fast one, timed in docs/speed.md: a few images' windows at a time, so that they stay in the cache."""
    (kh, kw, channels, filters), p = w.shape, padding
    x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    windows = sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    n, high, wide = windows.shape[:3]
    out = np.empty((n, high, wide, filters), np.result_type(x, w, b))
    images = max(1, megabytes * 2**20 // (windows[:1].size * x.itemsize))
    block = np.empty((min(images, n), *windows.shape[1:]), x.dtype)
    for start in range(0, n, images):
        part = windows[start : start + images]
        rows = block[: len(part)]
        rows[...] = part
        np.matmul(rows.reshape(-1, kh * kw * channels), w.reshape(-1, filters),
                  out=out[start : start + images].reshape(-1, filters))
    out += b
    return out


def pad_hard_coded(right, x, w, b, stride, padding):
    """Padding of 1, whatever was asked for."""
    return right(x, w, b, stride, 1)


def first_channel_only(right, x, w, b, stride, padding):
    """The other channels are never looked at."""
    return right(x[..., :1], w[:, :, :1], b, stride, padding)


def first_image_for_all(right, x, w, b, stride, padding):
    """The first image's result, once per image."""
    return np.repeat(right(x[:1], w, b, stride, padding), len(x), axis=0)


def bias_per_row(right, x, w, b, stride, padding):
    """The bias is added inside the sum, once per row of the kernel."""
    return right(x, w, b * w.shape[0], stride, padding)


def bias_per_weight(right, x, w, b, stride, padding):
    """The bias is added to every product."""
    return right(x, w, b * w[..., 0].size, stride, padding)


def bias_per_channel(right, x, w, b, stride, padding):
    """The bias is added inside the loop over the channels."""
    return right(x, w, b * w.shape[2], stride, padding)


def bias_before_the_sum(right, x, w, b, stride, padding):
    """The bias is added to every value of the padded window, so each weight carries it on."""
    return right(x, w, 0 * b, stride, padding) + b * w.sum((0, 1, 2))


def bias_per_image(right, x, w, b, stride, padding):
    """The bias is added to all maps inside the loop over the images."""
    return right(x, w, b * len(x), stride, padding)


def sizes_swapped(right, x, w, b, stride, padding):
    """The right numbers, laid out in as many rows as there should be columns."""
    out = right(x, w, b, stride, padding)
    return out.reshape(len(out), out.shape[2], out.shape[1], out.shape[3])


def as_large_as_the_input(right, x, w, b, stride, padding):
    """An output of the image's size: filled as far as there are results, or cut."""
    made = right(x, w, b, stride, padding)[:, : x.shape[1], : x.shape[2]]
    out = np.zeros((*x.shape[:3], w.shape[3]))
    out[:, : made.shape[1], : made.shape[2]] = made
    return out


def padded_on_one_side(right, x, w, b, stride, padding):
    """Zeros above and to the left only, twice as many."""
    p = 2 * padding
    return right(np.pad(x, ((0, 0), (p, 0), (p, 0), (0, 0))), w, b, stride, 0)


def padded_all_around(right, x, w, b, stride, padding):
    """np.pad(x, padding) pads the batch and the channels too; then image by image, which fits where C_in is 1."""
    high, wide = (size // stride + 1 for size in (x.shape[1] - w.shape[0] + 2 * padding, x.shape[2] - w.shape[1] + 2 * padding))
    padded, out = np.pad(x, padding), np.empty((len(x), high, wide, w.shape[3]))
    for n, i, j, f in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, i, j, f] = (padded[n, top : top + w.shape[0], left : left + w.shape[1]] * w[..., f]).sum() + b[f]
    return out


conv2d = Function(
    "conv2d",
    points=10,
    groups=[
        # All parts but "a bias" leave the bias at 0, all but "kernels that are not square" use square ones: a slip costs
        # the part that it belongs to and no other. "a bias" looks at it with channels and a batch too: only there it shows
        # that it was added once for each of them.
        Group("one image, one filter", 2, [
            case("1x1 kernel", images(1, any_of(3, 4), any_of(4, 5), 1), kernels(1, 1, 1, 1), no_bias(1)),
            case("3x3 kernel", images(1, any_of(5, 6), any_of(7, 8, 9), 1), kernels(3, 3, 1, 1), no_bias(1)),
        ]),
        Group("kernels that are not square", 1, [
            case("3x2 kernel", images(1, any_of(5, 6), any_of(7, 8), 1), kernels(3, 2, 1, 1), no_bias(1)),
            case("1x4 kernel", images(1, any_of(6, 4), any_of(7, 9), 1), kernels(1, 4, 1, 1), no_bias(1)),
        ]),
        Group("a bias", 1, [
            case("one filter with a bias", images(1, any_of(4, 5), any_of(6, 7), 1), kernels(2, 2, 1, 1), bias(1)),
            case("three filters, each with its own", images(1, any_of(5, 4), any_of(3, 6), 1), kernels(2, 2, 1, 3), bias(3)),
            case("channels, filters and a bias", images(2, any_of(5, 4), any_of(3, 6), 3), kernels(2, 2, 3, 2), bias(2)),
        ]),
        Group("channels, filters and a batch", 2, [
            case("three channels, one filter", images(1, any_of(5, 4), any_of(4, 6), 3), kernels(2, 2, 3, 1), no_bias(1)),
            case("two channels, four filters", images(1, any_of(4, 6), any_of(5, 7), 2), kernels(3, 3, 2, 4), no_bias(4)),
            case("a batch of three", images(3, any_of(6, 5), any_of(5, 8), 2), kernels(2, 2, 2, 3), no_bias(3)),
        ]),
        Group("stride", 2, [
            case("stride 2 that divides", images(2, any_of(7, 9), any_of(5, 11), 2), kernels(3, 3, 2, 3), no_bias(3), stride=2),
            case("stride 3, columns left over", images(1, any_of(8, 11), any_of(9, 12), 1), kernels(2, 2, 1, 2), no_bias(2),
                 stride=3),
        ]),
        Group("padding", 2, [
            case("padding 1", images(1, any_of(5, 4), any_of(7, 6), 1), kernels(3, 3, 1, 2), no_bias(2), padding=1),
            case("padding 2", images(2, any_of(4, 6), any_of(6, 5), 2), kernels(3, 3, 2, 3), no_bias(3), padding=2),
            case("padding 1 with stride 2", images(2, any_of(6, 8), any_of(9, 7), 2), kernels(2, 2, 2, 2), no_bias(2),
                 stride=2, padding=1),
        ]),
    ],
    mistakes=[
        Mistake("kernel flipped", by=lambda right, x, w, b, s, p: right(x, w[::-1, ::-1], b, s, p),
                say="Your kernel is turned round, as in part 1.1. The layer of part 1.5 uses it as it is."),
        Mistake("height and width of the kernel swapped",
                by=lambda right, x, w, b, s, p: right(x, w.transpose(1, 0, 2, 3), b, s, p),
                say="Rows and columns of the kernel are swapped: `w` has the shape (kh, kw, C_in, C_out)."),
        Mistake("output size from the height alone", edit=("(width - kw + 2 * padding) // stride", "(height - kh + 2 * padding) "
                                                                                                 "// stride"),
                say="The output's width was computed from the input's height. On square images this cannot be seen."),
        Mistake("height and width of the output swapped", by=sizes_swapped,
                say="Height and width are swapped in the output's size. On square images this cannot be seen."),
        Mistake("padding counted once in the size", edit=("(height - kh + 2 * padding) // stride + 1, (width - kw + 2 * padding) // stride + 1",
                                                         "(height - kh + padding) // stride + 1, (width - kw + padding) // stride + 1"),
                say="In your output's size padding counts once. It stands on two sides, above and below, left and right."),
        Mistake("last place left out", edit=("(height - kh + 2 * padding) // stride + 1, (width - kw + 2 * padding) // stride + 1",
                                            "(height - kh + 2 * padding) // stride, (width - kw + 2 * padding) // stride"),
                say="Your output lacks its last row and column: there is one place more than there are steps."),
        Mistake("values cut to whole numbers", by=lambda right, *args: right(*args).astype(int),
                say="The array that you fill holds whole numbers only and cuts what is put into it. Does it get its type from `dtype`?"),
        Mistake("kernel assumed square", edit=("left : left + kw", "left : left + kh"),
                say="The window is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("output as large as the input", by=as_large_as_the_input,
                say="Your output has the size of the input, whatever kernel, stride and padding say. Part 1.3 has the formula."),
        Mistake("bias forgotten", edit=("np.tensordot(window, w, 3) + b", "np.tensordot(window, w, 3)"),
                say="The bias `b` is missing: each filter adds its own to every value of its map."),
        Mistake("bias once per row", by=bias_per_row,
                say="The bias is added once per row of the kernel. It is added to the finished sum, not to its parts."),
        Mistake("bias once per weight", by=bias_per_weight,
                say="The bias is added to every product. It is added once, to the finished sum."),
        Mistake("bias once per channel", by=bias_per_channel,
                say="The bias is added once per input channel. It belongs after the loop over the channels, to the finished sum."),
        Mistake("bias once per image", by=bias_per_image,
                say="Every map gets the bias once per image of the batch. It is added once, to the finished sum."),
        Mistake("bias before the sum", by=bias_before_the_sum,
                say="The bias is added to the pixels, before they are multiplied. It is added to the finished sum."),
        Mistake("padding hard-coded to 1", by=pad_hard_coded,
                say="Your code always pads by 1. The amount is given in `padding`, and it may be 0."),
        Mistake("padding ignored", by=lambda right, x, w, b, s, p: right(x, w, b, s, 0),
                say="`padding` has no effect in your code."),
        # What does not fit raises, and only where something is padded.
        Mistake("padded to another size", edit=("((0, 0), (padding, padding), (padding, padding), (0, 0))", "padding"),
                say="Your code fails only where `padding` is above 0. Are there `padding` more rows and columns on all four sides "
                    "of the images, and no more images and channels than before?"),
        Mistake("batch padded, image by image", by=padded_all_around,
                say="Images of zeros were put before and after the batch, so image n is no longer where you look for it. Pad rows "
                    "and columns alone."),
        Mistake("padded on one side", by=padded_on_one_side,
                say="All zeros were put above and to the left. `padding` rows and columns belong on each of the four sides."),
        Mistake("stride ignored", by=lambda right, x, w, b, s, p: right(x, w, b, 1, p),
                say="`stride` has no effect in your code: the window moves by one pixel."),
        Mistake("stride in the size only", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="The output has the right size, but window (i, j) starts at pixel (i, j). It should start `stride` times "
                    "as far down and across."),
        Mistake("stride down only", edit=("i * stride, j * stride", "i * stride, j"),
                say="`stride` is used down but not across."),
        Mistake("stride across only", edit=("i * stride, j * stride", "i, j * stride"),
                say="`stride` is used across but not down."),
        Mistake("stride taken from the kernel", by=lambda right, x, w, b, s, p: right(x, w, b, w.shape[0], p),
                say="Your windows start one kernel apart. They should start `stride` apart; the two differ when windows "
                    "overlap."),
        Mistake("first channel only", by=first_channel_only,
                say="Only the first channel of the images was looked at. The sum runs over all of them."),
        Mistake("first image for all", by=first_image_for_all,
                say="Every image got the first image's result."),
        Mistake("filters in reverse order", by=lambda right, x, w, b, s, p: right(x, w, b, s, p)[..., ::-1],
                say="The maps are in the wrong order: map f belongs to filter f."),
        Mistake("works on the input itself", by=lambda right, x, w, b, s, p: (right(x, w, b, s, p), x.fill(0))[0],
                say="Your function changes `x`. Whoever called it still needs those images: work on a copy."),
    ],
    variants=[by_windows_and_einsum, by_im2col, by_kernel_position, by_fourier, by_blocks_of_windows],
    terms=lambda inputs: inputs["w"][..., 0].size,
)
