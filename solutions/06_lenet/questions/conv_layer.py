"""conv_layer: 6 points. One layer of Keras in NumPy: padding, sum over the maps, bias, activation."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, bias, case, images, kernels, no_bias

ACTIVATIONS = {None: lambda y: y, "relu": lambda y: y * (y > 0), "tanh": np.tanh}

# --- right answers in other styles ------------------------------------------------------------------------------------


def by_windows(x, w, b, padding="valid", activation=None):
    """All windows at once, against all filters."""
    kh, kw = w.shape[:2]
    if padding == "same":
        rows, columns = [((k - 1) // 2, k // 2) for k in (kh, kw)]
        x = np.pad(x, ((0, 0), rows, columns, (0, 0)))
    return ACTIVATIONS[activation](np.einsum("nijcuv,uvcf->nijf", sliding_window_view(x, (kh, kw), axis=(1, 2)), w) + b)


def by_maps(x, w, b, padding="valid", activation=None):
    """The formula as it stands: for each map a sum over the maps below. Zeros are put into an empty canvas."""
    (n, h, width, maps), (kh, kw, _, filters) = x.shape, w.shape
    if padding == "same":
        canvas = np.zeros((n, h + kh - 1, width + kw - 1, maps))
        top, left = (kh - 1) // 2, (kw - 1) // 2
        canvas[:, top:top + h, left:left + width] = x
        x = canvas
    out = np.zeros((n, x.shape[1] - kh + 1, x.shape[2] - kw + 1, filters))
    for j in range(filters):
        for k in range(maps):
            for u, v in np.ndindex(kh, kw):
                out[..., j] += w[u, v, k, j] * x[:, u:u + out.shape[1], v:v + out.shape[2], k]
    out += np.asarray(b)
    if activation == "relu":
        out = np.where(out > 0, out, 0)
    return np.tanh(out) if activation == "tanh" else out


def in_float32(x, w, b, padding="valid", activation=None):
    """As Keras computes."""
    return by_windows(x.astype("float32"), w.astype("float32"), b.astype("float32"), padding, activation)


# --- mistakes that are longer than a line -----------------------------------------------------------------------------


def odd_zero_before(right, x, w, b, padding, activation):
    """Where the zeros do not come out even, one more before."""
    if padding == "valid":
        return right(x, w, b, padding, activation)
    rows, columns = [(k // 2, (k - 1) // 2) for k in w.shape[:2]]
    return right(np.pad(x, ((0, 0), rows, columns, (0, 0))), w, b, "valid", activation)


def half_on_both_sides(right, x, w, b, padding, activation):
    """kh // 2 zeros on both sides, which is one too many where kh is even."""
    if padding == "valid":
        return right(x, w, b, padding, activation)
    rows, columns = [(k // 2, k // 2) for k in w.shape[:2]]
    return right(np.pad(x, ((0, 0), rows, columns, (0, 0))), w, b, "valid", activation)


def before_the_sum(right, x, w, b, padding, activation):
    """The activation is taken for each map below, before they are added."""
    parts = [right(x[..., [k]], w[:, :, [k]], b * (k == 0), padding, activation) for k in range(x.shape[-1])]
    return sum(parts)


def bias_last(right, x, w, b, padding, activation):
    """The activation is taken before the bias is added."""
    return right(x, w, 0 * b, padding, activation) + b


# --- the question -----------------------------------------------------------------------------------------------------

plain = images(1, any_of(6, 7), any_of(7, 5), 1)

conv_layer = Function(
    "conv_layer",
    points=6,
    groups=[
        Group("no padding", 1, [
            case("one map, one filter", plain, kernels(3, 3, 1, 1), no_bias(1)),
            case("a kernel of 3x2", images(1, any_of(5, 6), any_of(6, 4), 2), kernels(3, 2, 2, 2), no_bias(2)),
        ]),
        Group("a sum over the maps", 1, [
            case("three maps below, two filters", images(2, 6, any_of(5, 7), 3), kernels(3, 3, 3, 2), no_bias(2)),
            case("three maps below, relu", images(1, 5, any_of(6, 7), 3), kernels(3, 3, 3, 2), no_bias(2), activation="relu"),
        ]),
        Group("the bias", 1, [
            case("a bias for each filter", plain, kernels(2, 2, 1, 3), bias(3)),
            case("a bias for each filter, relu", plain, kernels(2, 2, 1, 3), bias(3), activation="relu"),
        ]),
        Group("same padding", 1, [
            case("same, a kernel of 5x5", images(1, any_of(6, 7), any_of(8, 5), 1), kernels(5, 5, 1, 2), no_bias(2), padding="same"),
            case("same, a kernel of 3x1", images(1, 5, any_of(6, 4), 1), kernels(3, 1, 1, 2), no_bias(2), padding="same"),
        ]),
        Group("same padding that is uneven", 1, [
            case("same, a kernel of 2x4", images(1, any_of(6, 7), any_of(8, 5), 1), kernels(2, 4, 1, 2), no_bias(2), padding="same"),
        ]),
        Group("activations", 1, [
            case("relu", plain, kernels(2, 3, 1, 2), no_bias(2), activation="relu"),
            case("tanh", plain, kernels(1, 1, 1, 2).map(lambda w: w / 4), no_bias(2), activation="tanh"),
        ]),
    ],
    mistakes=[
        Mistake("padding ignored", by=lambda right, x, w, b, padding, activation: right(x, w, b, "valid", activation),
                say='`padding` has no effect: "same" gives a smaller map as well.'),
        Mistake("the odd zero before", by=odd_zero_before,
                say="Where a kernel's side is even, one zero more stands on one side. Yours is at the top and left; Keras puts it "
                    "after the image."),
        Mistake("half the kernel on both sides", by=half_on_both_sides,
                say='Half a kernel of zeros on both sides is one too many where the side is even: "same" must give as many rows as '
                    "came in."),
        Mistake("height for width", edit=("(kw - 1) // 2, kw // 2", "(kh - 1) // 2, kh // 2"),
                say="The zeros left and right were counted by the kernel's height. They belong to its width."),
        Mistake("bias left out", edit=("w, b)", "w, 0 * b)"),
                say="The bias is not added."),
        Mistake("bias after the activation", by=bias_last,
                say="The bias is added after the activation. It belongs inside the maximum: it decides from where on a map answers."),
        Mistake("activation before the sum", by=before_the_sum,
                say="Each map below went through the activation by itself. The formula adds the maps first, then takes the maximum "
                    "with 0."),
        Mistake("always relu", edit=('if activation == "relu":', "if True:"),
                say="A ReLU is taken even where `activation` is None: negative values are gone."),
        Mistake("relu lets negatives through", edit=("np.maximum(y, 0)", "np.abs(y)"),
                say="ReLU makes negative values 0. Yours makes them positive."),
        Mistake("tanh forgotten", edit=("y = np.tanh(y)", "pass"),
                say='`activation="tanh"` changes nothing in your code.'),
        Mistake("kernel turned round", by=lambda right, x, w, *more: right(x, w[::-1, ::-1], *more),
                say="Your kernel is turned round: that is convolution as mathematics has it. Keras' layer is a correlation."),
    ],
    variants=[by_windows, by_maps, in_float32],
    terms=lambda inputs: inputs["w"][..., 0].size,
    decimals=12,
)
