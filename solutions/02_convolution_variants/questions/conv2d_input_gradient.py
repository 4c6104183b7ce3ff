"""The gradient of a convolution's input: a transposed convolution in the shape of the images."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, images, kernels, linear


def by_kernel_position(dout, w, size, stride=1, padding=0):
    """One strided slice of the padded gradient per weight position, in float32."""
    (n, high, wide, _), (kh, kw, channels, _) = dout.shape, w.shape
    dx = np.zeros((n, size[0] + 2 * padding, size[1] + 2 * padding, channels), np.float32)
    for u, v in np.ndindex(kh, kw):
        dx[:, u : u + (high - 1) * stride + 1 : stride, v : v + (wide - 1) * stride + 1 : stride] += dout @ w[u, v].T
    return dx[:, padding : size[0] + padding, padding : size[1] + padding]


def by_plain_loops(dout, w, size, stride=1, padding=0):
    """Every index written out; what falls into the padding is left out."""
    (n, high, wide, _), (kh, kw, channels, _) = dout.shape, w.shape
    dx = np.zeros((n, *size, channels))
    for i, j, u, v in np.ndindex(high, wide, kh, kw):
        row, column = i * stride + u - padding, j * stride + v - padding
        if 0 <= row < size[0] and 0 <= column < size[1]:
            dx[:, row, column] += dout[:, i, j] @ w[u, v].T
    return dx


def full_gradient(dout, w, size, stride, padding):
    """The gradient of the padded images. -> (N, H + 2p, W + 2p, C_in)."""
    return by_kernel_position(dout, w, (size[0] + 2 * padding, size[1] + 2 * padding), stride).astype(float)


def cut_by_minus_padding(right, dout, w, size, stride, padding):
    """[padding:-padding], which is empty for 0."""
    return full_gradient(dout, w, size, stride, padding)[:, padding:-padding, padding:-padding]


def not_cut(right, dout, w, size, stride, padding):
    """The padding is still there."""
    return full_gradient(dout, w, size, stride, padding)


def cut_at_the_far_side(right, dout, w, size, stride, padding):
    """The first rows and columns are kept, all padding is cut off at the end."""
    return full_gradient(dout, w, size, stride, padding)[:, : size[0], : size[1]]


def cut_by_one(right, dout, w, size, stride, padding):
    """[1:-1], whatever the padding; nothing is cut where there is none."""
    full = full_gradient(dout, w, size, stride, padding)
    return full[:, 1:-1, 1:-1] if padding else full


def only_what_was_seen(right, dout, w, size, stride, padding):
    """As large as the windows reach."""
    reach = [min(n + padding, (k - 1) * stride + f) - padding for n, k, f in zip(size, dout.shape[1:3], w.shape[:2])]
    return right(dout, w, size, stride, padding)[:, : reach[0], : reach[1]]


def left_over_at_the_start(right, dout, w, size, stride, padding):
    """Rows and columns that no window saw are put above and to the left."""
    spare = [n + 2 * padding - (k - 1) * stride - f for n, k, f in zip(size, dout.shape[1:3], w.shape[:2])]
    return np.roll(full_gradient(dout, w, size, stride, padding), spare, (1, 2))[
        :, padding : padding + size[0], padding : padding + size[1]]


conv2d_input_gradient = Function(
    "conv2d_input_gradient",
    points=7,
    groups=[
        Group("one image, stride 1, no padding", 1, [
            case("2x2 kernel", images(1, 3, 3, 1), kernels(2, 2, 1, 1), (4, 4)),
            case("3x3 kernel", images(1, 2, 2, 1), kernels(3, 3, 1, 1), (4, 4)),
        ]),
        Group("images and kernels that are not square", 1, [
            case("a wide image", images(1, 2, 5, 1), kernels(2, 2, 1, 1), (3, 6)),
            case("a high image", images(1, 4, 2, 1), kernels(2, 2, 1, 1), (5, 3)),
            case("2x3 kernel", images(1, 3, 3, 1), kernels(2, 3, 1, 1), (4, 5)),
        ]),
        Group("a batch, channels and filters", 1, [
            case("three filters, one channel", images(1, 2, 2, 3), kernels(2, 2, 1, 3), (3, 3)),
            case("two filters, two channels", images(1, 2, 2, 2), kernels(2, 2, 2, 2), (3, 3)),
            case("two images, two filters, three channels", images(2, 2, 2, 2), kernels(2, 2, 3, 2), (3, 3)),
            case("linear in dout", images(2, 2, 2, 1), kernels(2, 2, 1, 1), (3, 3), holds=linear("dout")),
        ]),
        Group("stride that divides", 1, [
            case("stride 2, 3x3 kernel", images(1, 2, 2, 1), kernels(3, 3, 1, 1), (5, 5), 2),
            case("stride 2, 2x2 kernel", images(1, 3, 3, 1), kernels(2, 2, 1, 1), (6, 6), 2),
        ]),
        Group("rows and columns left over", 1, [
            case("one left over", images(1, 2, 2, 1), kernels(3, 3, 1, 1), (6, 6), 2),
            case("two left over", images(1, 2, 2, 1), kernels(2, 2, 1, 1), any_of((7, 7), (6, 7), (7, 6)), 3),
        ]),
        Group("padding", 2, [
            case("padding 1", images(1, 4, 4, 1), kernels(3, 3, 1, 1), (4, 4), 1, 1),
            case("padding 2", images(1, 5, 5, 1), kernels(2, 2, 1, 1), (2, 2), 1, 2),
            case("padding 1, stride 2", images(1, 3, 3, 1), kernels(3, 3, 1, 1), (5, 5), 2, 1),
        ]),
    ],
    mistakes=[
        Mistake("assigned instead of added", edit=("] += np", "] = np"),
                say="A pixel lies in several windows and gets a share from each. Yours keeps the last share only."),
        Mistake("padding 0 cuts everything", by=cut_by_minus_padding,
                say="With padding 0, `[padding:-padding]` is `[0:0]`, which is empty. Say where the cut ends instead."),
        Mistake("padding not cut off", by=not_cut,
                say="Your result still has the padding around it. The gradient has the shape of the images."),
        Mistake("cut at one side", by=cut_at_the_far_side,
                say="You keep the first H rows and W columns of the padded gradient. The images begin after the padding."),
        Mistake("cut by one", by=cut_by_one,
                say="You cut one row and one column from each side whatever `padding` says."),
        Mistake("padding ignored", by=lambda right, dout, w, size, stride, padding: full_gradient(
                    dout, w, size, stride, padding)[:, : size[0], : size[1]] * (padding == 0),
                say="With padding your gradient is all zeros. The windows still saw the images."),
        Mistake("left-over pixels missing", by=only_what_was_seen,
                say="Rows and columns that no window saw are missing. Their gradient is 0, but the result has the size `size`."),
        Mistake("left-over pixels first", by=left_over_at_the_start,
                say="The pixels that no window saw are the last ones, below and to the right. You put them first."),
        Mistake("stride in the size only", edit=("top, left = i * stride, j * stride", "top, left = i, j"),
                say="`stride` has no effect in your loop: the window of `dout[i, j]` begins `stride` times as far down and across."),
        Mistake("stride down only", edit=("i * stride, j * stride", "i * stride, j"),
                say="`stride` is used down but not across."),
        Mistake("kernel flipped", by=lambda right, dout, w, *rest: right(dout, w[::-1, ::-1], *rest),
                say="Your kernel is turned round. Each pixel gets the weight that it had on the way in."),
        Mistake("kernel on its side", by=lambda right, dout, w, *rest: right(dout, w.swapaxes(0, 1), *rest),
                say="Rows and columns of the kernel are swapped."),
        Mistake("channel axes swapped", by=lambda right, dout, w, *rest: right(
                    dout, w.reshape(*w.shape[:2], w.shape[3], w.shape[2]).swapaxes(2, 3), *rest),
                say="The last two axes of `w` are (C_in, C_out) of the convolution: sum over its filters, keep its channels."),
        Mistake("copies as wide as the kernel is high", edit=("left : left + kw", "left : left + kh"),
                say="The place for each copy is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("columns counted by rows", edit=("for j in range(columns)", "for j in range(min(rows, columns))"),
                say="As many columns of `dout` are visited as it has rows. On square images this cannot be seen."),
        Mistake("mean over the batch", by=lambda right, dout, *rest: right(dout, *rest) / len(dout),
                say="You divide by the number of images. Each image has a gradient of its own."),
        Mistake("sum over the batch", by=lambda right, dout, *rest: np.broadcast_to(
                    (total := right(dout, *rest)).sum(0, keepdims=True), total.shape).copy(),
                say="The gradients of all images were added up. Only gradients of weights are; each image has its own."),
        Mistake("gradient left out", by=lambda right, dout, *rest: right(np.ones(dout.shape), *rest),
                say="`dout` has no effect on your result: the weights are added up, but not multiplied by it."),
    ],
    variants=[by_kernel_position, by_plain_loops],
    terms=lambda inputs: inputs["w"][:, :, 0].size,
)
