"""What counts in batch normalization. Only the groups about eps have any: without it the other slips show alone."""

import numpy as np

from autograder.rubric import (
    Assignment,
    Group,
    Mistake,
    Pair,
    any_of,
    backwards,
    case,
    entries,
    images,
    in_float32,
    numbers,
)

NAMES = ("dx", "dgamma", "dbeta")
ONLY_DX, ONLY_DGAMMA, ONLY_DBETA = (entries(place, of=NAMES) for place in range(3))


def plain(channels):
    """A new spread of 1 and a new mean of 0: they change nothing."""
    return np.ones(channels), np.zeros(channels)


def spreads(channels):
    """Spreads well away from 0."""
    return numbers(channels).map(lambda gamma: gamma + np.sign(gamma))


# --- right answers in other styles ------------------------------------------------------------------------------------


def norm_of_rows(x, gamma, beta, eps=1e-5):
    """Pixels as rows of a matrix; the cache is a dict."""
    rows = x.reshape(-1, x.shape[-1])
    centred = rows - rows.mean(0)
    inverse = 1 / np.sqrt((centred**2).mean(0) + eps)
    return (centred * inverse * gamma + beta).reshape(x.shape), {"centred": centred, "inverse": inverse, "gamma": gamma}


def norm_of_rows_backward(dout, cache):
    """Step by step through the graph."""
    centred, inverse, gamma = cache["centred"], cache["inverse"], cache["gamma"]
    d = dout.reshape(centred.shape)
    dnormed = d * gamma
    dvariance = (dnormed * centred).sum(0) * -0.5 * inverse**3
    dcentred = dnormed * inverse + 2 * centred * dvariance / len(d)
    dx = dcentred - dcentred.mean(0)
    return dx.reshape(dout.shape), (d * centred * inverse).sum(0), d.sum(0)


def norm_in_float32(x, gamma, beta, eps=1e-5):
    """float32 throughout; the cache is the arguments, and an object of no use."""
    x, gamma, beta = (array.astype(np.float32) for array in (x, gamma, beta))
    mean, variance = x.mean((0, 1, 2), keepdims=True), x.var((0, 1, 2), keepdims=True)
    return (x - mean) / np.sqrt(variance + np.float32(eps)) * gamma + beta, [x, gamma, eps, lambda: None]


def norm_in_float32_backward(dout, cache):
    """Everything computed again, then means instead of sums."""
    x, gamma, eps, _ = cache
    dout, axes = dout.astype(np.float32), (0, 1, 2)
    spread = np.sqrt(x.var(axes) + np.float32(eps))
    normed = (x - x.mean(axes)) / spread
    dnormed = dout * gamma
    dx = (dnormed - dnormed.mean(axes) - normed * (dnormed * normed).mean(axes)) / spread
    return [dx, (dout * normed).sum(axes), dout.sum(axes)]


# --- the question -----------------------------------------------------------------------------------------------------

batch_norm = Pair(
    "batch_norm",
    then="batch_norm_backward",
    points=10,
    gradients=NAMES,
    forward=[
        Group("mean 0 and spread 1", 1, [
            case("one channel", images(1, 3, 4, 1), *plain(1), 0.0),
            case("one channel of three images", images(3, any_of(2, 4), any_of(3, 5), 1), *plain(1), 0.0),
        ]),
        Group("each channel by itself", 1, [
            case("three channels", images(2, any_of(3, 4), any_of(4, 5), 3), *plain(3), 0.0),
            case("images in reverse order", images(4, 2, any_of(3, 2), 2), *plain(2), 0.0, holds=backwards("x")),
        ]),
        Group("gamma and beta", 1, [
            case("a new spread and mean for two channels", images(2, any_of(3, 2), any_of(3, 4), 2), spreads(2), numbers(2), 0.0),
        ]),
        Group("eps", 1, [
            case("an eps of 0.5", images(2, any_of(3, 2), any_of(3, 4), 2), *plain(2), 0.5),
        ]),
        Group("the input's dtype", 1, [
            case("float32 in, float32 out", in_float32(images(2, 3, any_of(3, 4), 2)), np.ones(2, np.float32),
                 np.zeros(2, np.float32), 0.0, same_dtype=True),
        ]),
    ],
    backward=[
        Group("the gradient of beta", 1, [
            case("dbeta", images(2, any_of(2, 3), any_of(3, 4), 2), *plain(2), 0.0, holds=ONLY_DBETA),
        ]),
        Group("the gradient of gamma", 1, [
            case("dgamma", images(2, any_of(2, 3), any_of(3, 4), 2), *plain(2), 0.0, holds=ONLY_DGAMMA),
        ]),
        Group("the gradient of x", 2, [
            case("dx of one channel", images(1, 3, 4, 1), *plain(1), 0.0, holds=ONLY_DX),
            case("dx of two channels and a batch", images(3, any_of(2, 3), any_of(3, 4), 2), *plain(2), 0.0, holds=ONLY_DX),
        ]),
        Group("gamma and eps in the gradient", 1, [
            case("dx with a gamma", images(2, any_of(2, 3), any_of(3, 4), 2), spreads(2), numbers(2), 0.0, holds=ONLY_DX),
            case("dx with an eps of 0.5", images(2, any_of(2, 3), any_of(3, 4), 2), *plain(2), 0.5, holds=ONLY_DX),
        ]),
    ],
    mistakes=[
        Mistake("eps missing", edit=("np.sqrt(x.var(axis=(0, 1, 2)) + eps)", "np.sqrt(x.var(axis=(0, 1, 2)))"),
                say="`eps` has no effect in your code. It keeps a channel without any variance from a division by 0."),
        Mistake("eps outside the root", edit=("np.sqrt(x.var(axis=(0, 1, 2)) + eps)", "np.sqrt(x.var(axis=(0, 1, 2))) + eps"),
                say="`eps` is added after the root. It is added to the variance, inside the root."),
        Mistake("divided by the variance", edit=("np.sqrt(x.var(axis=(0, 1, 2)) + eps)", "x.var(axis=(0, 1, 2)) + eps"),
                say="You divide by the variance. Its root brings the spread to 1."),
        Mistake("variance with n - 1", edit=("x.var(axis=(0, 1, 2))", "x.var(axis=(0, 1, 2), ddof=1)"),
                say="Your variance divides by one less than the number of values. Here it is a plain mean of squares."),
        Mistake("mean not taken off", edit=("(x - mean) / spread", "x / spread"),
                say="The mean is still in `out`. It is taken off before the division."),
        Mistake("statistics over the batch only",
                edit=("    mean = x.mean(axis=(0, 1, 2))\n    spread = np.sqrt(x.var(axis=(0, 1, 2)) + eps)",
                      "    mean = x.mean(axis=0)\n    spread = np.sqrt(x.var(axis=0) + eps)"),
                say="Each pixel position has a mean of its own in your code. A channel has one, over all pixels of all images."),
        Mistake("statistics of each image",
                edit=("    mean = x.mean(axis=(0, 1, 2))\n    spread = np.sqrt(x.var(axis=(0, 1, 2)) + eps)",
                      "    mean = x.mean(axis=(1, 2), keepdims=True)\n"
                      "    spread = np.sqrt(x.var(axis=(1, 2), keepdims=True) + eps)"),
                say="Each image has a mean of its own in your code. Mean and variance run over the images of the batch too."),
        Mistake("statistics of all channels together",
                edit=("    mean = x.mean(axis=(0, 1, 2))\n    spread = np.sqrt(x.var(axis=(0, 1, 2)) + eps)",
                      "    mean = x.mean()\n    spread = np.sqrt(x.var() + eps)"),
                say="All channels share one mean and one variance in your code. Each channel has its own."),
        Mistake("gamma and beta swapped", edit=("gamma * normed + beta", "beta * normed + gamma"),
                say="`gamma` and `beta` have changed places: `gamma` is the new spread, `beta` the new mean."),
        Mistake("beta forgotten", edit=("gamma * normed + beta", "gamma * normed"),
                say="`beta` has no effect on `out`."),
        Mistake("gamma forgotten", edit=("gamma * normed + beta", "normed + beta"),
                say="`gamma` has no effect on `out`."),
        Mistake("float64 inside", edit=("np.sqrt(x.var(axis=(0, 1, 2)) + eps)",
                                        "np.sqrt(x.var(axis=(0, 1, 2)) + np.array([eps]))"),
                say="An array of float64 turns everything it meets into float64. The images came as float32."),
        Mistake("works on the input itself", edit=("normed = (x - mean) / spread", "x -= mean; normed = x / spread"),
                say="Your function changes `x`. Whoever called it still needs those images: work on a copy."),
        Mistake("x in the cache", edit=("(normed, gamma, spread)\n", "(x, gamma, spread)\n"),
                say="Your backward pass takes `x` from the cache where it needs the normalized values."),
        Mistake("beta in the cache", edit=("(normed, gamma, spread)\n", "(normed, beta, spread)\n"),
                say="`beta` lies in the cache where your backward pass looks for `gamma`."),
        Mistake("mean taken for a constant", edit=("dout - through_beta / count - normed", "dout - normed"),
                say="The part of `dx` that flows through the mean is missing."),
        Mistake("variance taken for a constant", edit=(" - normed * through_gamma / count", ""),
                say="The part of `dx` that flows through the variance is missing."),
        Mistake("mean and variance taken for constants",
                edit=("(dout - through_beta / count - normed * through_gamma / count)", "dout"),
                say="`dx` treats mean and variance as constants. They depend on every pixel, so the gradient flows through them."),
        Mistake("gamma missing in dx", edit=("dx = gamma / spread", "dx = 1 / spread"),
                say="`gamma` is missing in `dx`: it scales what comes back as it scaled what went out."),
        Mistake("not divided by the count", edit=("count = dout[..., 0].size", "count = 1"),
                say="The two parts of `dx` that come back through mean and variance are sums. They should be means over all pixels "
                    "of a channel."),
        Mistake("count of the images", edit=("count = dout[..., 0].size", "count = len(dout)"),
                say="You divide by the number of images. A channel's mean runs over the pixels of each image too."),
        Mistake("dgamma without the normalized values", edit=("return dx, through_gamma, through_beta",
                                                              "return dx, through_beta, through_beta"),
                say="`dgamma` sums `dout` alone. `gamma` is multiplied by the normalized values, so they belong in its gradient."),
        Mistake("dgamma and dbeta swapped", edit=("return dx, through_gamma, through_beta", "return dx, through_beta, through_gamma"),
                say="`dgamma` and `dbeta` are returned in the wrong order."),
        Mistake("means in dgamma and dbeta", edit=("return dx, through_gamma, through_beta",
                                                   "return dx, through_gamma / count, through_beta / count"),
                say="`dgamma` and `dbeta` are means. Each adds up over all pixels, so its gradient is a sum."),
        Mistake("sums over the batch only", edit=("return dx, through_gamma, through_beta",
                                                  "return dx, (dout * normed).sum(0), dout.sum(0)"),
                say="`dgamma` and `dbeta` have one value per position. A channel has one of each: sum over rows and columns too."),
    ],
    variants=[(norm_of_rows, norm_of_rows_backward), (norm_in_float32, norm_in_float32_backward)],
    terms=lambda inputs: 4 * inputs["x"].size,
)

assignment = Assignment("Batch normalization", minutes=60, questions=[batch_norm])
