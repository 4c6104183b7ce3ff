"""conv2d_backward: cases, and the mistakes that students really make; 44 of 76 who finished one made some of them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import (
    Function,
    Group,
    Mistake,
    any_of,
    case,
    entries,
    gradient_of,
    images,
    kernels,
    numbers,
)

NAMES = ("dx", "dw", "db")
ONLY_DX, ONLY_DW, ONLY_DB = (entries(place, of=NAMES) for place in range(3))
DX_AND_DW = entries(0, 1, of=NAMES)
BY_DIFFERENCES = gradient_of("conv2d", "x", "w", "b")


def layer(x, w, stride=1, padding=0):
    """The arguments of a backward pass: a gradient of the output's size, then what the forward pass was given."""

    def size(axis):
        return x.map(lambda image: image.shape[axis]), w.map(lambda kernel: kernel.shape[axis - 1])

    def places(axis):
        image, kernel = size(axis)
        return joint(image, kernel).map(lambda both: (both[0] - both[1] + 2 * padding) // stride + 1)

    dout = numbers(x.map(len), places(1), places(2), w.map(lambda kernel: kernel.shape[3]))
    return dout, x, w, stride, padding


def joint(first, second):
    """Two recipes as one."""
    return type(first)(lambda dice: (dice.once(first), dice.once(second)))


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_kernel_position(dout, x, w, stride=1, padding=0):
    """One strided slice per weight, no loop over the output."""
    (_, height, width, _), (kh, kw, _, _), p = x.shape, w.shape, padding
    (_, high, wide, _) = dout.shape
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for u in range(kh):
        for v in range(kw):
            seen = np.s_[:, u : u + high * stride : stride, v : v + wide * stride : stride]
            dw[u, v] = np.einsum("nijc,nijf->cf", padded[seen][:, :high, :wide], dout)
            dpadded[seen] += dout @ w[u, v].T
    return dpadded[:, p : p + height, p : p + width], dw, dout.sum((0, 1, 2))


def by_turned_kernel(dout, x, w, stride=1, padding=0):
    """Spread `dout` out by the stride, then correlate with the kernel turned round; float32 throughout."""
    dout, x, w = (array.astype(np.float32) for array in (dout, x, w))
    (n, high, wide, filters), (kh, kw, _, _), p = dout.shape, w.shape, padding
    (_, height, width, _) = x.shape
    spread = np.zeros((n, height + 2 * p - kh + 1, width + 2 * p - kw + 1, filters), np.float32)
    spread[:, : high * stride : stride, : wide * stride : stride] = dout
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dw = np.einsum("nuvcij,nijf->uvcf", sliding_window_view(padded, spread.shape[1:3], axis=(1, 2)), spread)
    wide_spread = np.pad(spread, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    dpadded = np.einsum("nijfuv,uvcf->nijc", sliding_window_view(wide_spread, (kh, kw), axis=(1, 2)), w[::-1, ::-1])
    return [dpadded[:, p : p + height, p : p + width], dw, dout.sum(axis=(0, 1, 2))]


def one_number_at_a_time(dout, x, w, stride=1, padding=0):
    """Four loops over `dout`, as the sum is written."""
    (_, height, width, _), (kh, kw, _, filters), p = x.shape, w.shape, padding
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(filters)
    for n, i, j, f in np.ndindex(dout.shape):
        seen = np.s_[n, i * stride : i * stride + kh, j * stride : j * stride + kw]
        dpadded[seen] += dout[n, i, j, f] * w[..., f]
        dw[..., f] += dout[n, i, j, f] * padded[seen]
        db[f] += dout[n, i, j, f]
    return dpadded[:, p : p + height, p : p + width], dw, db


def by_blocks_of_windows(dout, x, w, stride=1, padding=0, megabytes=4):
    """The fast one, timed in docs/speed.md: a few images at a time, and `dx` with its channels first until the end."""
    (n, height, width, _), (kh, kw, channels, filters), p = x.shape, w.shape, padding
    _, high, wide, _ = dout.shape
    x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    windows = sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    weights = w.reshape(-1, filters)
    dpadded, dw = np.zeros((channels, *x.shape[:3]), x.dtype), np.zeros(weights.shape, x.dtype)
    images = max(1, megabytes * 2**20 // (windows[:1].size * x.itemsize))
    block = np.empty((min(images, n), *windows.shape[1:]), x.dtype)
    for start in range(0, n, images):
        seen = slice(start, start + images)
        rows, above = block[: len(dout[seen])], dout[seen].reshape(-1, filters)
        rows[...] = windows[seen]
        dw += rows.reshape(len(above), -1).T @ above
        shares = (weights @ above.T).reshape(kh, kw, channels, -1, high, wide)
        for u, v in np.ndindex(kh, kw):
            dpadded[:, seen, u : u + high * stride : stride, v : v + wide * stride : stride] += shares[u, v]
    dx = dpadded[:, :, p : p + height, p : p + width].transpose(1, 2, 3, 0)
    return np.ascontiguousarray(dx), dw.reshape(w.shape), dout.sum((0, 1, 2))


# --- a mistake that is no edit ----------------------------------------------------------------------------------------


def windows_one_kernel_apart(right, dout, x, w, stride, padding):
    """The kernel's height taken for the stride: as many windows as then fit."""
    step = w.shape[0]
    places = [(size + 2 * padding - window) // step + 1 for size, window in zip(x.shape[1:3], w.shape[:2])]
    above = dout[:, : places[0], : places[1]]
    dx, dw, _ = right(above, x, w, step, padding)
    return dx, dw, dout.sum((0, 1, 2))


# --- the question -----------------------------------------------------------------------------------------------------

conv2d_backward = Function(
    "conv2d_backward",
    points=11,
    groups=[
        # Each entry earns its points alone. Windows overlap only where that is asked, so `dx` is looked at through kernels
        # of 1x1 or through one window elsewhere: a slip costs the part that it belongs to, and the last one.
        Group("the gradient of the bias", 1, [
            case("db of one image", *layer(images(1, 4, 4, 1), kernels(2, 2, 1, 2)), holds=ONLY_DB, against=BY_DIFFERENCES),
            case("db of a batch", *layer(images(3, any_of(4, 5), any_of(4, 6), 2), kernels(2, 2, 2, 3)), holds=ONLY_DB),
        ]),
        Group("the gradient of the weights", 2, [
            case("dw of a 1x1 kernel", *layer(images(1, 3, 3, 1), kernels(1, 1, 1, 1)), holds=ONLY_DW, against=BY_DIFFERENCES),
            case("dw of a 3x3 kernel", *layer(images(1, 5, 5, 1), kernels(3, 3, 1, 1)), holds=ONLY_DW, against=BY_DIFFERENCES),
        ]),
        Group("the gradient of the images", 2, [
            case("dx, windows side by side", *layer(images(1, 3, 3, 1), kernels(1, 1, 1, 1)), holds=ONLY_DX,
                 against=BY_DIFFERENCES),
            case("dx, windows that overlap", *layer(images(1, 5, 5, 1), kernels(3, 3, 1, 1)), holds=ONLY_DX,
                 against=BY_DIFFERENCES),
        ]),
        Group("channels, filters and a batch", 1, [
            case("dx, two channels and three filters", *layer(images(1, 4, 4, 2), kernels(1, 1, 2, 3)), holds=ONLY_DX),
            case("dw, two channels and three filters", *layer(images(1, 4, 4, 2), kernels(2, 2, 2, 3)), holds=ONLY_DW),
            case("a batch of three", *layer(images(3, any_of(4, 5), any_of(4, 5), 2), kernels(1, 1, 2, 2)), holds=DX_AND_DW),
        ]),
        Group("images and kernels that are not square", 1, [
            case("a wide image", *layer(images(1, any_of(3, 4), any_of(7, 6, 8), 1), kernels(1, 1, 1, 2)), holds=DX_AND_DW),
            case("dx of one 3x2 window", *layer(images(1, 3, 2, 2), kernels(3, 2, 2, 1)), holds=ONLY_DX),
            case("dw of a 3x2 kernel", *layer(images(1, any_of(8, 7), any_of(4, 5), 2), kernels(3, 2, 2, 1)), holds=ONLY_DW),
            case("dw of a 1x3 kernel", *layer(images(2, any_of(4, 3), any_of(5, 6), 1), kernels(1, 3, 1, 2)), holds=ONLY_DW),
        ]),
        Group("stride", 1, [
            case("dx, stride 2", *layer(images(1, any_of(5, 7), any_of(5, 7), 1), kernels(1, 1, 1, 2), stride=2), holds=ONLY_DX),
            case("dw, stride 2", *layer(images(1, any_of(5, 7), any_of(5, 7), 1), kernels(3, 3, 1, 2), stride=2), holds=ONLY_DW),
            case("dw, stride 3", *layer(images(2, any_of(8, 5), any_of(8, 11), 1), kernels(2, 2, 1, 1), stride=3), holds=ONLY_DW),
        ]),
        Group("sizes that the stride does not divide", 1, [
            case("dx, a last row and column that no window sees", *layer(images(1, any_of(6, 8), any_of(6, 8), 1),
                                                                         kernels(1, 1, 1, 2), stride=2), holds=ONLY_DX),
            case("dw, a last row and column that no window sees", *layer(images(1, any_of(6, 8), any_of(6, 8), 1),
                                                                         kernels(3, 3, 1, 2), stride=2), holds=ONLY_DW),
        ]),
        Group("padding", 1, [
            case("dx, padding 1", *layer(images(1, any_of(4, 5), any_of(4, 6), 1), kernels(1, 1, 1, 2), padding=1), holds=ONLY_DX),
            case("dw, padding 1", *layer(images(1, any_of(4, 5), any_of(4, 6), 1), kernels(3, 3, 1, 2), padding=1), holds=ONLY_DW),
            case("dx, padding 2", *layer(images(2, any_of(4, 3), any_of(4, 5), 1), kernels(1, 1, 1, 1), padding=2), holds=ONLY_DX),
            case("dw, padding 2", *layer(images(2, any_of(4, 3), any_of(4, 5), 1), kernels(3, 3, 1, 1), padding=2), holds=ONLY_DW),
        ]),
        Group("all of it together", 1, [
            case("3x2 kernel, stride 2, padding 1", *layer(images(2, any_of(5, 6, 8), any_of(8, 7, 9), 2), kernels(3, 2, 2, 3),
                                                           stride=2, padding=1), fresh=3),
        ]),
    ],
    mistakes=[
        Mistake("empty slice without padding",
                edit=("dpadded[:, padding : padding + height, padding : padding + width]",
                      "dpadded[:, padding:-padding, padding:-padding]"),
                say="With `padding` 0, the slice `[padding:-padding]` of `dx` is empty, because -0 is 0."),
        Mistake("border cut by 1 whatever the padding",
                edit=("dpadded[:, padding : padding + height, padding : padding + width]", "dpadded[:, 1:-1, 1:-1]"),
                say="One row and column are always cut from each side of `dx`. The border to be cut is `padding` wide."),
        Mistake("border left on", edit=("dpadded[:, padding : padding + height, padding : padding + width]", "dpadded"),
                say="`dx` still has the border of the padded image. It must have the shape of `x`."),
        Mistake("border cut from one side",
                edit=("dpadded[:, padding : padding + height, padding : padding + width]", "dpadded[:, :height, :width]"),
                say="The whole border of `dx` was cut off below and to the right. `padding` rows and columns lie on each side."),
        Mistake("padding hard-coded to 1", by=lambda right, dout, x, w, stride, padding: right(dout, x, w, stride, 1),
                say="Your backward pass always pads by 1. The amount is given in `padding`, and it may be 0."),
        Mistake("padding ignored", edit=("padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))",
                                         "padding, padded = 0, x"),
                say="`padding` has no effect in your backward pass, so its windows are not those of the forward pass."),
        Mistake("dx assigned instead of added", edit=("left : left + kw] += ", "left : left + kw] = "),
                say="Windows overlap, so a pixel of `dx` gets a share from each of them. Yours keeps the last share only."),
        Mistake("dw assigned instead of added", edit=("dw += ", "dw = "),
                say="Every position of the kernel adds to `dw`. Yours keeps the share of the last position only."),
        Mistake("stride ignored", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="`stride` has no effect in your backward pass: window (i, j) is taken from pixel (i, j)."),
        Mistake("stride across only", edit=("i * stride, j * stride", "i, j * stride"),
                say="`stride` is used across but not down."),
        Mistake("stride ignored in dx", edit=("dpadded[:, top : top + kh, left : left + kw] +=", "dpadded[:, i : i + kh, j : j + kw] +="),
                say="`stride` has no effect on `dx`: the share of `dout[:, i, j]` is put back at pixel (i, j)."),
        Mistake("stride ignored in dw", edit=("= padded[:, top : top + kh, left : left + kw]", "= padded[:, i : i + kh, j : j + kw]"),
                say="`stride` has no effect on `dw`: the window of `dout[:, i, j]` is taken from pixel (i, j)."),
        # What does not fit raises, and only where the stride is above 1.
        Mistake("stride ignored in the loops", edit=("range(dout.shape[1])", "range(padded.shape[1] - kh + 1)"),
                say="Your code fails only where `stride` is above 1. There are as many windows as `dout` has rows and columns, and "
                    "from one to the next it is `stride` pixels."),
        Mistake("stride taken from the kernel", by=windows_one_kernel_apart,
                say="Your windows start one kernel apart. They start `stride` apart, as in the forward pass."),
        Mistake("stride down only", edit=("i * stride, j * stride", "i * stride, j"),
                say="`stride` is used down but not across."),
        Mistake("columns counted by rows", by=lambda right, dout, *rest: right(dout[:, :, : dout.shape[1]], *rest),
                say="As many columns of `dout` are visited as it has rows. On square images this cannot be seen."),
        Mistake("kernel assumed square", edit=("window, share = padded[:, top : top + kh, left : left + kw]",
                                               "window, share = padded[:, top : top + kh, left : left + kh]"),
                say="The window is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("kernel turned round", edit=("np.tensordot(share, w, (1, 3))", "np.tensordot(share, w[::-1, ::-1], (1, 3))"),
                say="The kernel is turned round in `dx`. Each share goes back through the weight that it came through."),
        Mistake("first image only", edit=("np.tensordot(window, share, (0, 0))", "np.tensordot(window[:1], share[:1], (0, 0))"),
                say="`dw` comes from the first image alone. Every image of the batch adds to it."),
        Mistake("second image only", edit=("np.tensordot(window, share, (0, 0))", "np.tensordot(window[1:2], share[1:2], (0, 0))"),
                say="`dw` comes from one image alone, image 1. With a batch of one it stays 0."),
        Mistake("mean over the batch", edit=("return dx, dw, db", "return dx / len(x), dw / len(x), db / len(x)"),
                say="Your gradients are divided by the number of images. The loss decides on a mean, not the layer."),
        Mistake("mean over the batch in dw", edit=("return dx, dw, db", "return dx, dw / len(x), db"),
                say="`dw` is divided by the number of images. Their shares are added; the loss decides on a mean, not the layer."),
        Mistake("db of the first image", edit=("dout.sum((0, 1, 2))", "dout[0].sum((0, 1))"),
                say="`db` comes from the first image alone. Every image of the batch adds to it."),
        Mistake("padded after the last row and column", edit=("padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))",
                "padded = np.pad(x, ((0, 0), (0, 2 * padding), (0, 2 * padding), (0, 0)))"),
                say="For `dw` the images are padded below and to the right only, so its windows are not those of the forward pass."),
        Mistake("db for each image", edit=("dout.sum((0, 1, 2))", "dout.sum((1, 2))"),
                say="`db` has one row per image. A filter has one bias, whatever the number of images."),
        Mistake("db for each position", edit=("dout.sum((0, 1, 2))", "dout.sum(0)"),
                say="`db` has one value per position. A filter adds the same bias everywhere."),
        Mistake("mean in db", edit=("dout.sum((0, 1, 2))", "dout.mean((0, 1, 2))"),
                say="`db` is a mean. The bias adds to every position, so its gradient is a sum."),
        Mistake("db once per channel", by=lambda right, dout, x, w, s, p: (*right(dout, x, w, s, p)[:2], w.shape[2] * right(dout, x, w, s, p)[2]),
                say="`db` is added up once per input channel. A filter has one bias, however many channels it sees."),
        Mistake("dx last", edit=("return dx, dw, db", "return dw, db, dx"),
                say="`dx` is returned last. Asked is the order dx, dw, db."),
        Mistake("order of the results", edit=("return dx, dw, db", "return dw, dx, db"),
                say="`dx` and `dw` are returned in the wrong order."),
        Mistake("works on dout itself", by=lambda right, dout, *rest: (right(dout, *rest), dout.fill(0))[0],
                say="Your function changes `dout`. Whoever called it still needs that gradient: work on a copy."),
    ],
    variants=[by_kernel_position, by_turned_kernel, one_number_at_a_time, by_blocks_of_windows],
    terms=lambda inputs: inputs["dout"].size,
)
