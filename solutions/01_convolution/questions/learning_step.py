"""learning_step: one step of gradient descent towards a kernel, and the mistakes that students really make."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, entries, numbers

NAMES = ("w", "loss")
ONLY_W, ONLY_LOSS = (entries(place, of=NAMES) for place in range(2))


def by_windows(x, y, w, rate):
    """All windows as a view, two einsums."""
    windows = sliding_window_view(x, w.shape, axis=(1, 2))
    error = np.einsum("nijuv,uv->nij", windows, w) - y
    return w - rate * 2 / error.size * np.einsum("nijuv,nij->uv", windows, error), (error**2).mean()


def as_a_matrix(x, y, w, rate):
    """Least squares as in a textbook: A w = y; float32."""
    x, y, w = (array.astype(np.float32) for array in (x, y, w))
    matrix = sliding_window_view(x, w.shape, axis=(1, 2)).reshape(-1, w.size)
    error = matrix @ w.ravel() - y.ravel()
    new = w.ravel() - np.float32(rate) * 2 * matrix.T @ error / len(error)
    return [new.reshape(w.shape), float(error @ error / len(error))]


def loss_afterwards(right, x, y, w, rate):
    """The loss of the new kernel."""
    new, _ = right(x, y, w, rate)
    return new, right(x, y, new, rate)[1]


def flipped(right, x, y, w, rate):
    """The filter turned round, forward and backward."""
    new, loss = right(x, y, w[::-1, ::-1], rate)
    return new[::-1, ::-1], loss


def sums_throughout(right, x, y, w, rate):
    """Nothing is divided by the number of outputs."""
    new, loss = right(x, y, w, rate * y.size)
    return new, loss * y.size


def pair(n, height, width, kh, kw):
    """Images, what they should become, and a kernel to start from."""
    return numbers(n, height, width), numbers(n, height - kh + 1, width - kw + 1), numbers(kh, kw)


learning_step = Function(
    "learning_step",
    points=5,
    groups=[
        Group("the loss", 1, [
            case("loss, one place", *pair(1, 2, 2, 2, 2), 0.25, holds=ONLY_LOSS),
            case("loss, one image", *pair(1, 6, 6, 3, 3), 0.25, holds=ONLY_LOSS),
        ]),
        Group("the new kernel", 2, [
            case("one place", *pair(1, 2, 2, 2, 2), 0.25, holds=ONLY_W),
            case("one image", *pair(1, 6, 6, 3, 3), 0.25, holds=ONLY_W),
            case("another rate", *pair(1, 5, 5, 2, 2), any_of(0.0625, 0.125), holds=ONLY_W),
        ]),
        Group("several images", 1, [
            case("three images", *pair(3, 5, 5, 2, 2), 0.25),
        ]),
        Group("images and kernels that are not square", 1, [
            case("a wide image", *pair(1, 4, 7, 2, 2), 0.25, holds=ONLY_W),
            case("3x2 kernel", *pair(1, 6, 6, 3, 2), 0.25, holds=ONLY_W),
        ]),
    ],
    mistakes=[
        Mistake("uphill", edit=("w - rate * dw", "w + rate * dw"),
                say="You go up the gradient. The loss falls in the opposite direction."),
        Mistake("factor 2 forgotten", edit=("2 * (error", "(error"),
                say="The derivative of a square is twice the number: the factor 2 is missing."),
        Mistake("sum instead of mean", edit=("v : v + width]).mean()", "v : v + width]).sum()"),
                say="The loss is a mean, so its gradient is a mean too. Yours is a sum, and your steps are far too long."),
        Mistake("rate ignored", by=lambda right, x, y, w, rate: right(x, y, w, 1.0),
                say="`rate` has no effect in your code."),
        Mistake("loss after the step", by=loss_afterwards,
                say="Your loss is that of the new kernel. Asked is the one before the step."),
        Mistake("loss is a sum", edit=("(error**2).mean()", "(error**2).sum()"),
                say="The loss is the mean of the squares. Yours is their sum."),
        Mistake("sums throughout", by=sums_throughout,
                say="Your loss and its gradient are sums. Both are means: divide by M, the number of outputs."),
        Mistake("loss not squared", edit=("(error**2).mean()", "abs(error).mean()"),
                say="The loss is the mean of the squared differences, not of the differences."),
        Mistake("kernel turned round", by=flipped,
                say="Your filter turns the kernel round. Here it is a correlation, as in a convolution layer."),
        Mistake("target with the wrong sign", edit=("error -= y", "error += y"),
                say="The error is what came out minus what should have come out."),
        Mistake("the gradient instead of the kernel", edit=("w - rate * dw", "dw"),
                say="You return the gradient. Asked is the kernel after the step."),
        Mistake("order of the results", edit=("return w - rate * dw, loss", "return loss, w - rate * dw"),
                say="The kernel comes first, then the loss."),
        Mistake("first image only", by=lambda right, x, y, w, rate: right(x[:1], y[:1], w, rate),
                say="Only the first pair of images was used. Every pair adds to the loss and to the gradient."),
        Mistake("works on the kernel itself", edit=("return w - rate * dw, loss", "w -= rate * dw\n    return w, loss"),
                say="Your function changes `w`. Whoever called it may want to go back: make a new array."),
    ],
    variants=[by_windows, as_a_matrix],
    terms=lambda inputs: inputs["y"].size * inputs["w"].size,
)
