"""batch_norm: 9 points. eps is 0 and momentum 1 in all groups but those about them; each entry is asked by itself."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, entries, images, numbers

NAMES = ("out", "mean", "variance")
OUT, RUNNING = entries(0, of=NAMES), entries(1, 2, of=NAMES)
MOMENTS = "mu, var = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))"


def plain(channels):
    """gamma, beta and running statistics that change nothing."""
    return np.ones(channels), np.zeros(channels), np.zeros(channels), np.ones(channels)


def spreads(channels):
    """Numbers well away from 0."""
    return numbers(channels).map(lambda gamma: gamma + np.sign(gamma))


def positive(channels):
    """Variances."""
    return numbers(channels).map(lambda variance: np.abs(variance) + 0.5)


# --- right answers in other styles ------------------------------------------------------------------------------------


def norm_of_rows(x, gamma, beta, mean, variance, training, momentum=0.99, eps=1e-3):
    """Pixels as rows of a matrix; two branches."""
    rows = x.reshape(-1, x.shape[-1])
    if not training:
        return ((rows - mean) / np.sqrt(variance + eps) * gamma + beta).reshape(x.shape), mean, variance
    centre = rows.sum(0) / len(rows)
    var = ((rows - centre) ** 2).sum(0) / len(rows)
    out = (gamma / np.sqrt(var + eps) * (rows - centre) + beta).reshape(x.shape)
    return [out, mean + (1 - momentum) * (centre - mean), variance + (1 - momentum) * (var - variance)]


def norm_in_float32(x, gamma, beta, mean, variance, training, momentum=0.99, eps=1e-3):
    """float32 throughout, axes kept."""
    x, gamma, beta, mean, variance = (each.astype(np.float32) for each in (x, gamma, beta, mean, variance))
    axes = (0, 1, 2)
    now = (x.mean(axes, keepdims=True), x.var(axes, keepdims=True)) if training else (mean, variance)
    out = (x - now[0]) * (now[1] + np.float32(eps)) ** -0.5 * gamma + beta
    if training:
        mean, variance = (momentum * old + (1 - momentum) * new.ravel() for old, new in zip((mean, variance), now))
    return out, mean, variance


# --- a mistake that is longer than a line -----------------------------------------------------------------------------


def each_image_by_itself(right, x, gamma, beta, mean, variance, training, momentum, eps):
    """Each image by its own mean and variance; the running statistics take in the means of these."""
    if not training:
        return right(x, gamma, beta, mean, variance, training, momentum, eps)
    mu, var = x.mean(axis=(1, 2), keepdims=True), x.var(axis=(1, 2), keepdims=True)
    moved = (momentum * old + (1 - momentum) * new.mean((0, 1, 2)) for old, new in ((mean, mu), (variance, var)))
    return gamma * (x - mu) / np.sqrt(var + eps) + beta, *moved


# --- the question -----------------------------------------------------------------------------------------------------


def trained(x, channels, *, gamma=None, beta=None, mean=None, variance=None, momentum=1.0, eps=0.0, training=True):
    """Arguments of a call that changes nothing but what is named."""
    one, zero, still, unit = plain(channels)
    given = (one if gamma is None else gamma, zero if beta is None else beta, still if mean is None else mean,
             unit if variance is None else variance)
    return x, *given, training, momentum, eps


batch_norm = Function(
    "batch_norm",
    points=9,
    groups=[
        Group("mean 0 and spread 1", 1, [
            case("one channel", *trained(images(1, 3, 4, 1), 1), holds=OUT),
            case("one channel of three images", *trained(images(3, any_of(2, 4), any_of(3, 5), 1), 1), holds=OUT),
        ]),
        Group("each channel by itself", 1, [
            case("three channels", *trained(images(2, any_of(3, 4), any_of(4, 5), 3), 3), holds=OUT),
        ]),
        Group("gamma and beta", 1, [
            case("a new spread and mean for two channels",
                 *trained(images(2, any_of(3, 2), any_of(3, 4), 2), 2, gamma=spreads(2), beta=numbers(2)), holds=OUT),
        ]),
        Group("eps", 1, [
            case("an eps of 0.5", *trained(images(2, any_of(3, 2), any_of(3, 4), 2), 2, eps=0.5), holds=OUT),
            case("an eps of 0.5 in use", *trained(images(2, any_of(3, 2), any_of(3, 4), 2), 2, mean=numbers(2), variance=positive(2),
                                                  eps=0.5, training=False), holds=OUT),
        ]),
        Group("running statistics", 2, [
            case("after one batch", *trained(images(2, any_of(3, 2), any_of(3, 4), 2), 2, mean=numbers(2), variance=positive(2),
                                             momentum=0.75), holds=RUNNING),
            case("momentum 0.9", *trained(images(2, any_of(3, 4), any_of(4, 3), 3), 3, mean=numbers(3), variance=positive(3),
                                          momentum=any_of(0.9, 0.6)), holds=RUNNING),
        ]),
        Group("in use", 2, [
            case("normalized by the running statistics",
                 *trained(images(2, any_of(3, 2), any_of(3, 4), 2), 2, mean=numbers(2), variance=positive(2), training=False),
                 holds=OUT),
            case("one image, one pixel", *trained(images(1, 1, 1, 3), 3, mean=numbers(3), variance=positive(3), training=False),
                 holds=OUT),
        ]),
        Group("running statistics in use", 1, [
            case("left as they are", *trained(images(2, any_of(3, 2), any_of(3, 4), 2), 2, mean=numbers(2), variance=positive(2),
                                              momentum=0.75, training=False), holds=RUNNING),
        ]),
    ],
    mistakes=[
        Mistake("eps missing", edit=("np.sqrt(var + eps)", "np.sqrt(var)"),
                say="`eps` has no effect in your code. It keeps a channel without any variance from a division by 0."),
        Mistake("eps outside the root", edit=("np.sqrt(var + eps)", "(np.sqrt(var) + eps)"),
                say="`eps` is added after the root. It is added to the variance, inside the root."),
        Mistake("eps missing in use", edit=("mu, var = mean, variance\n", "mu, var = mean, variance - eps\n"),
                say="In use `eps` is missing. It is added to the running variance as it was to the batch's."),
        Mistake("eps outside the root in use", by=lambda right, *args: (
                    right(*args) if args[5] else (right(*args[:7], 0.0)[0] + args[7], *args[3:5])),
                say="In use `eps` is added outside the root. It belongs to the running variance, inside it."),
        Mistake("divided by the variance", edit=("np.sqrt(var + eps)", "(var + eps)"),
                say="You divide by the variance. Its root brings the spread to 1."),
        Mistake("variance with n - 1", edit=("x.var(axis=(0, 1, 2))", "x.var(axis=(0, 1, 2), ddof=1)"),
                say="Your variance divides by one less than the number of values. Here it is a plain mean of squares."),
        Mistake("mean not taken off", edit=("(x - mu)", "x"),
                say="The mean is still in `out`. It is taken off before the division."),
        Mistake("statistics over the batch only", edit=(MOMENTS, "mu, var = x.mean(axis=0), x.var(axis=0)"),
                say="Each pixel position has a mean of its own in your code. A channel has one, over all pixels of all images."),
        Mistake("statistics of each image",
                edit=(MOMENTS, "mu, var = x.mean(axis=(1, 2), keepdims=True), x.var(axis=(1, 2), keepdims=True)"),
                say="Each image has a mean of its own in your code. Mean and variance run over the images of the batch too."),
        Mistake("statistics of each image throughout", by=each_image_by_itself,
                say="Each image is normalized by itself in your code. The batch has one mean and one variance per channel, over all its "
                    "images."),
        Mistake("statistics of all channels together", edit=(MOMENTS, "mu, var = x.mean() + 0 * mean, x.var() + 0 * mean"),
                say="All channels share one mean and one variance in your code. Each channel has its own."),
        Mistake("gamma and beta swapped", edit=("gamma * (x - mu) / np.sqrt(var + eps) + beta",
                                                "beta * (x - mu) / np.sqrt(var + eps) + gamma"),
                say="`gamma` and `beta` have changed places: `gamma` is the new spread, `beta` the new mean."),
        Mistake("gamma times beta", edit=("gamma * (x - mu) / np.sqrt(var + eps) + beta", "gamma * ((x - mu) / np.sqrt(var + eps) + beta)"),
                say="`beta` is multiplied by `gamma` too. It is added last."),
        Mistake("beta forgotten", edit=(" + beta", ""),
                say="`beta` has no effect on `out`."),
        Mistake("gamma forgotten", edit=("gamma * (x", "(x"),
                say="`gamma` has no effect on `out`."),
        Mistake("weights of the running statistics swapped", by=lambda right, *args: right(*args[:6], 1 - args[6], args[7]),
                say="`momentum` and 1 − `momentum` have changed places: momentum says how much of the running statistics stays."),
        Mistake("running statistics not moved",
                by=lambda right, *args: (right(*args)[0], args[3], args[4]),
                say="The running statistics come back as they were. In training each batch moves them."),
        Mistake("this batch's statistics returned", by=lambda right, *args: right(*args[:6], 0.0 if args[5] else 1.0, args[7]),
                say="You return the statistics of this batch alone. The running ones keep `momentum` of what they were."),
        Mistake("running spread instead of variance", edit=("(1 - momentum) * var", "(1 - momentum) * np.sqrt(var)"),
                say="Your running variance takes in the batch's spread. It takes in the variance."),
        Mistake("running variance with n - 1", edit=("(1 - momentum) * var", "(1 - momentum) * x.var(axis=(0, 1, 2), ddof=1)"),
                say="Your running variance divides by one less than the number of values, as some libraries do. Here, as in Keras, "
                    "it is a plain mean."),
        Mistake("moved running statistics normalize", edit=("out = gamma", "mu, var = mean, variance\n    out = gamma"),
                say="In training you normalize by running statistics. The batch is normalized by its own."),
        Mistake("old running statistics normalize",
                by=lambda right, *args: (right(*args[:5], False, *args[6:])[0], *right(*args)[1:]),
                say="In training you normalize by the running statistics as they were. The batch is normalized by its own."),
        Mistake("batch statistics in use", by=lambda right, *args: (right(*args[:5], True, *args[6:])[0], *right(*args)[1:]),
                say="In use you still normalize by the batch. The running statistics take its place, so that an image's answer does "
                    "not depend on its neighbours in the batch."),
        Mistake("training always", by=lambda right, *args: right(*args[:5], True, *args[6:]),
                say="`training` has no effect: in use your code does what it does in training."),
        Mistake("running statistics moved in use", by=lambda right, *args: (right(*args)[0], *right(*args[:5], True, *args[6:])[1:]),
                say="The running statistics move although nothing is being trained."),
        Mistake("spread taken from the running variance as it is", edit=("mu, var = mean, variance\n", "mu, var = mean, variance**2\n"),
                say="In use you take the running variance for a spread. Its root is taken, as in training."),
        Mistake("running statistics changed in place",
                edit=("mean = momentum * mean + (1 - momentum) * mu\n        variance = momentum * variance + (1 - momentum) * var",
                      "mean *= momentum; mean += (1 - momentum) * mu\n        variance *= momentum; "
                      "variance += (1 - momentum) * var"),
                say="`mean` and `variance` are changed in place. Whoever called you still needs them: make new arrays."),
        Mistake("only out returned", by=lambda right, *args: right(*args)[0],
                say="You return `out` alone. Three arrays are asked for: `out`, and the running mean and variance after this call."),
        Mistake("works on the input itself", by=lambda right, x, *rest: (right(x, *rest), x.fill(0))[0],
                say="Your function changes `x`. Whoever called it still needs those images: work on a copy."),
    ],
    variants=[norm_of_rows, norm_in_float32],
    terms=lambda inputs: 4 * inputs["x"].size,
)
