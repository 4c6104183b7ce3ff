"""batch_norm_backward: 7 points. Each gradient earns its points alone; gamma is 1 and eps 0 but where they are asked."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, entries, images, numbers

from .batch_norm import spreads

NAMES = ("dx", "dgamma", "dbeta")
ONLY_DX, ONLY_DGAMMA, ONLY_DBETA = (entries(place, of=NAMES) for place in range(3))


def back(x, gamma, eps=0.0):
    """The arguments of a backward pass: a gradient like x, then what the forward pass was given."""
    return numbers(*(x.map(lambda image, axis=axis: image.shape[axis]) for axis in range(4))), x, gamma, eps


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_rows(dout, x, gamma, eps=1e-3):
    """Pixels as rows of a matrix, step by step through the graph."""
    d, rows = dout.reshape(-1, x.shape[-1]), x.reshape(-1, x.shape[-1])
    centred = rows - rows.mean(0)
    inverse = ((centred**2).mean(0) + eps) ** -0.5
    dnormed = d * gamma
    dvariance = (dnormed * centred).sum(0) * -0.5 * inverse**3
    dcentred = dnormed * inverse + 2 * centred * dvariance / len(d)
    return (dcentred - dcentred.mean(0)).reshape(x.shape), (d * centred * inverse).sum(0), d.sum(0)


def by_means(dout, x, gamma, eps=1e-3):
    """float32 throughout, means instead of sums."""
    dout, x, gamma = (each.astype(np.float32) for each in (dout, x, gamma))
    axes, spread = (0, 1, 2), np.sqrt(x.var((0, 1, 2)) + np.float32(eps))
    normed = (x - x.mean(axes)) / spread
    dnormed = dout * gamma
    dx = (dnormed - dnormed.mean(axes) - normed * (dnormed * normed).mean(axes)) / spread
    return [dx, np.einsum("nhwc,nhwc->c", dout, normed), dout.sum(axes)]


# --- the question -----------------------------------------------------------------------------------------------------

batch_norm_backward = Function(
    "batch_norm_backward",
    points=7,
    groups=[
        Group("the gradient of beta", 1, [
            case("dbeta", *back(images(2, any_of(2, 3), any_of(3, 4), 2), np.ones(2)), holds=ONLY_DBETA),
        ]),
        Group("the gradient of gamma", 1, [
            case("dgamma", *back(images(2, any_of(2, 3), any_of(3, 4), 2), np.ones(2)), holds=ONLY_DGAMMA),
        ]),
        Group("the gradient of x", 3, [
            case("dx of one channel", *back(images(1, 3, 4, 1), np.ones(1)), holds=ONLY_DX),
            case("dx of two channels and a batch", *back(images(3, any_of(2, 3), any_of(3, 4), 2), np.ones(2)), holds=ONLY_DX),
        ]),
        Group("gamma in the gradient", 1, [
            case("dx with a gamma", *back(images(2, any_of(2, 3), any_of(3, 4), 2), spreads(2)), holds=ONLY_DX),
        ]),
        Group("eps in the gradient", 1, [
            case("dx and dgamma with an eps of 0.5", *back(images(2, any_of(2, 3), any_of(3, 4), 2), np.ones(2), 0.5),
                 holds=entries(0, 1, of=NAMES)),
        ]),
    ],
    mistakes=[
        Mistake("mean taken for a constant", edit=("dout - dbeta / count - normed", "dout - normed"),
                say="The part of `dx` that flows through the mean is missing."),
        Mistake("variance taken for a constant", edit=(" - normed * dgamma / count", ""),
                say="The part of `dx` that flows through the variance is missing."),
        Mistake("mean and variance taken for constants", edit=("(dout - dbeta / count - normed * dgamma / count)", "dout"),
                say="`dx` treats mean and variance as constants. They depend on every pixel, so the gradient flows through them."),
        Mistake("gamma missing in dx", edit=("dx = gamma / spread", "dx = 1 / spread"),
                say="`gamma` is missing in `dx`: it scales what comes back as it scaled what went out."),
        Mistake("spread missing in dx", edit=("dx = gamma / spread", "dx = gamma"),
                say="`dx` is not divided by the spread, as `x` was on its way out."),
        Mistake("divided by the variance", edit=("dx = gamma / spread", "dx = gamma / spread**2"),
                say="`dx` is divided by the variance. Its root belongs there."),
        Mistake("eps missing", edit=("x.var(axis=(0, 1, 2)) + eps", "x.var(axis=(0, 1, 2))"),
                say="`eps` has no effect in your backward pass, so its spread is not that of the forward pass."),
        Mistake("eps outside the root", edit=("np.sqrt(x.var(axis=(0, 1, 2)) + eps)", "(np.sqrt(x.var(axis=(0, 1, 2))) + eps)"),
                say="`eps` is added after the root. It is added to the variance, inside the root."),
        Mistake("variance with n - 1", edit=("x.var(axis=(0, 1, 2))", "x.var(axis=(0, 1, 2), ddof=1)"),
                say="Your variance divides by one less than the number of values. Here it is a plain mean of squares."),
        Mistake("not divided by the count", edit=("count = dout[..., 0].size", "count = 1"),
                say="The two parts of `dx` that come back through mean and variance are sums. They should be means over all pixels "
                    "of a channel."),
        Mistake("wrong sign of the variance's part", edit=("- normed * dgamma / count", "+ normed * dgamma / count"),
                say="The part of `dx` that flows through the variance has the wrong sign: a larger spread makes every value smaller."),
        Mistake("count with the channels", edit=("count = dout[..., 0].size", "count = dout.size"),
                say="You divide by the number of all values. A channel's mean runs over its own pixels only."),
        Mistake("count of the images", edit=("count = dout[..., 0].size", "count = len(dout)"),
                say="You divide by the number of images. A channel's mean runs over the pixels of each image too."),
        Mistake("statistics of each image",
                by=lambda right, dout, x, gamma, eps: tuple(
                    np.concatenate(each) if place == 0 else np.sum(each, axis=0)
                    for place, each in enumerate(zip(*(right(dout[n : n + 1], x[n : n + 1], gamma, eps) for n in range(len(x)))))),
                say="Each image has a mean of its own in your code. Mean and variance run over the images of the batch too."),
        Mistake("dgamma without the normalized values", edit=("(dout * normed).sum(axis=(0, 1, 2)), dout.sum",
                                                              "(dout * x).sum(axis=(0, 1, 2)), dout.sum"),
                say="`dgamma` is built from `x` itself. `gamma` is multiplied by the normalized values, so they belong there."),
        Mistake("dgamma and dbeta swapped", edit=("return dx, dgamma, dbeta", "return dx, dbeta, dgamma"),
                say="`dgamma` and `dbeta` are returned in the wrong order."),
        Mistake("means in dgamma and dbeta", edit=("return dx, dgamma, dbeta", "return dx, dgamma / count, dbeta / count"),
                say="`dgamma` and `dbeta` are means. Each adds up over all pixels, so its gradient is a sum."),
        Mistake("sums over the batch only", edit=("return dx, dgamma, dbeta", "return dx, (dout * normed).sum(0), dout.sum(0)"),
                say="`dgamma` and `dbeta` have one value per position. A channel has one of each: sum over rows and columns too."),
        Mistake("only dx returned", edit=("return dx, dgamma, dbeta", "return dx"),
                say="You return `dx` alone. Three gradients are asked for: `dx`, `dgamma` and `dbeta`."),
        Mistake("works on dout itself", by=lambda right, dout, *rest: (right(dout, *rest), dout.fill(0))[0],
                say="Your function changes `dout`. Whoever called it still needs that gradient: work on a copy."),
    ],
    variants=[by_rows, by_means],
    terms=lambda inputs: 4 * inputs["x"].size,
)
