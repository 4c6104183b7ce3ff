"""Locally connected layer: a window at every position, and weights of its own."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, case, images, kernels


def by_einsum(x, w):
    """All windows as a view, one einsum."""
    return np.einsum("nijcuv,ijuvcf->nijf", sliding_window_view(x, w.shape[2:4], axis=(1, 2)), w)


def by_tap(x, w):
    """One slice per place in the window, in float32."""
    high, wide, kh, kw = w.shape[:4]
    x, w = x.astype(np.float32), w.astype(np.float32)
    return sum(np.einsum("nijc,ijcf->nijf", x[:, u : u + high, v : v + wide], w[:, :, u, v]) for u, v in np.ndindex(kh, kw))


def by_matrix(x, w):
    """A matrix product per position, as lists."""
    high, wide, kh, kw, _, filters = w.shape
    rows = [[x[:, i : i + kh, j : j + kw].reshape(len(x), -1) @ w[i, j].reshape(-1, filters) for j in range(wide)]
            for i in range(high)]
    return np.array(rows).transpose(2, 0, 1, 3)


def shared(right, x, w):
    """The first position's weights are used everywhere."""
    return right(x, np.broadcast_to(w[:1, :1], w.shape))


def shared_in_a_row(right, x, w):
    """Weights change from row to row only."""
    return right(x, np.broadcast_to(w[:, :1], w.shape))


def mean_of_all(right, x, w):
    """The mean of all positions' weights, everywhere."""
    return right(x, np.broadcast_to(w.mean((0, 1), keepdims=True), w.shape))


def positions_swapped(right, x, w):
    """w[j, i] in place of w[i, j]."""
    high, wide, kh, kw, _, filters = w.shape
    out = np.zeros((len(x), high, wide, filters))
    for i, j in np.ndindex(high, wide):
        out[:, i, j] = np.tensordot(x[:, i : i + kh, j : j + kw], w[j, i], 3)
    return out


def one_window(right, x, w):
    """Every position looks at the first window."""
    kh, kw = w.shape[2:4]
    return np.einsum("nuvc,ijuvcf->nijf", x[:, :kh, :kw], w)


def kernel_turned_on_its_side(right, x, w):
    """Rows and columns of each kernel swapped."""
    return right(x, w.swapaxes(2, 3))


locally_connected2d = Function(
    "locally_connected2d",
    points=5,
    groups=[
        Group("one channel, one filter", 2, [
            case("2x2 windows, 3x3 positions", images(1, 4, 4, 1), kernels(3, 3, 2, 2, 1, 1)),
            case("3x3 windows, 2x2 positions", images(1, 4, 4, 1), kernels(2, 2, 3, 3, 1, 1)),
        ]),
        Group("images and windows that are not square", 1, [
            case("2x2 windows, 2x4 positions", images(1, 3, 5, 1), kernels(2, 4, 2, 2, 1, 1)),
            case("2x3 windows, 4x3 positions", images(1, 5, 5, 1), kernels(4, 3, 2, 3, 1, 1)),
            case("3x1 windows", images(1, 6, 2, 1), kernels(4, 2, 3, 1, 1, 1)),
        ]),
        Group("channels and filters", 1, [
            case("three channels, one filter", images(1, 3, 3, 3), kernels(2, 2, 2, 2, 3, 1)),
            case("two channels, four filters", images(1, 4, 4, 2), kernels(3, 3, 2, 2, 2, 4), fresh=2),
        ]),
        Group("a batch", 1, [
            case("three images", images(3, 3, 3, 2), kernels(2, 2, 2, 2, 2, 2)),
        ]),
    ],
    mistakes=[
        Mistake("weights shared", by=shared,
                say="The weights of the first position are used everywhere. Here every position has its own."),
        Mistake("weights shared in a row", by=shared_in_a_row,
                say="The weights change from row to row, but all positions in a row use the same."),
        Mistake("mean of all weights", by=mean_of_all,
                say="You use the mean of all positions' weights. Nothing is shared in this layer: position (i, j) has its own."),
        Mistake("row and column of the weights swapped", by=positions_swapped,
                say="The first axis of `w` is the row of the output position, the second its column. Yours are swapped."),
        Mistake("weights from the far end", by=lambda right, x, w: right(x, w[::-1, ::-1]),
                say="Position (i, j) uses the weights of the position opposite: the order of `w`'s positions is reversed."),
        Mistake("one window for all", by=one_window,
                say="Every position looks at the first window of the image. The window moves along with the position."),
        Mistake("kernel flipped", by=lambda right, x, w: right(x, w[:, :, ::-1, ::-1]),
                say="Your kernels are turned round. This layer uses them as they are."),
        Mistake("kernel on its side", by=kernel_turned_on_its_side,
                say="Rows and columns of each kernel are swapped: after the two axes of the position come kh and kw, in this order."),
        Mistake("first channel only", by=lambda right, x, w: right(x[..., :1], w[..., :1, :]),
                say="Only the first channel of the images was looked at. The sum runs over all of them."),
        Mistake("filters added", by=lambda right, x, w: right(x, w).sum(-1, keepdims=True),
                say="The maps of all filters were added up. Each filter gives a map of its own."),
        Mistake("window as wide as the kernel is high", edit=("j : j + kw", "j : j + kh"),
                say="The window is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("first image for all", by=lambda right, x, w: np.repeat(right(x[:1], w), len(x), axis=0),
                say="Every image got the first image's result."),
    ],
    variants=[by_einsum, by_tap, by_matrix],
    terms=lambda inputs: inputs["w"][0, 0, ..., 0].size,
)
