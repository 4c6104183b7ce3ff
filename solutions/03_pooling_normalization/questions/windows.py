"""What the pooling questions share: images to pool, the arguments of a backward pass, all windows at once."""

from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import distinct, numbers


def positive(*shape):
    """Images without ties and without negative values: only the group that is about them has any."""
    return distinct(*shape).map(lambda x: x - x.min() + 1)


def back(x, size, stride):
    """The arguments of a backward pass: a gradient of the output's size, then what the forward pass was given."""

    def places(axis):
        return x.map(lambda image: (image.shape[axis] - size[axis - 1]) // stride + 1)

    return numbers(x.map(len), places(1), places(2), x.map(lambda image: image.shape[3])), x, size, stride


def windows_of(x, size, stride):
    """All windows as a view. x (N, H, W, C) -> (N, H_out, W_out, C, kh, kw)."""
    return sliding_window_view(x, size, axis=(1, 2))[:, ::stride, ::stride]


def cut(dout, x, size, stride):
    """The part of x that windows cover."""
    return x[:, : (dout.shape[1] - 1) * stride + size[0], : (dout.shape[2] - 1) * stride + size[1]]
