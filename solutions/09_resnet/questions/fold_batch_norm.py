"""fold_batch_norm: 5 points. Scale, bias and eps; beta is 0 and eps is 0 but where they are asked."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, entries, kernels, numbers

NAMES = ("the kernel", "the bias")
ONLY_KERNEL, ONLY_BIAS = (entries(place, of=NAMES) for place in range(2))


def variances(count):
    """Positive numbers, none of them near 0 or 1."""
    return numbers(count).map(lambda each: np.abs(each) + (np.abs(each) > 0.75) + 0.25)


def norm(filters, eps=0.0, beta=True):
    """The numbers that a batch norm over some filters holds: gamma, beta, mean, variance, eps."""
    return numbers(filters), numbers(filters) if beta else np.zeros(filters), numbers(filters), variances(filters), eps


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_einsum(w, gamma, beta, mean, variance, eps=1e-3):
    """A sum convention for the kernel, the bias as what the normalization makes of 0."""
    inverse = gamma * (variance + eps) ** -0.5
    return np.einsum("uvcf,f->uvcf", w, inverse), (0 - mean) * inverse + beta


def in_float32(w, gamma, beta, mean, variance, eps=1e-3):
    """float32 throughout, as a list."""
    w, gamma, beta, mean, variance = (np.asarray(each, np.float32) for each in (w, gamma, beta, mean, variance))
    spread = np.sqrt(variance + np.float32(eps))
    return [w / spread * gamma, beta - gamma * mean / spread]


fold_batch_norm = Function(
    "fold_batch_norm",
    points=5,
    groups=[
        Group("the kernel", 2, [
            case("the kernel, three filters on two channels", kernels(3, any_of(2, 1, 3), 2, 3), *norm(3, beta=False), holds=ONLY_KERNEL),
            # Here a scale along the wrong axis has the right shape.
            case("the kernel, as many filters as channels", kernels(any_of(2, 3), 3, 3, 3), *norm(3, beta=False), holds=ONLY_KERNEL),
        ]),
        Group("the bias", 2, [
            case("the bias, beta 0", kernels(1, any_of(2, 3), 2, 3), *norm(3, beta=False), holds=ONLY_BIAS),
            case("the bias with a beta", kernels(1, 1, any_of(3, 2), 4), *norm(4), holds=ONLY_BIAS),
        ]),
        Group("eps", 1, [
            case("an eps of 0.5", kernels(2, any_of(2, 3), 1, 3), *norm(3, eps=0.5)),
        ]),
    ],
    mistakes=[
        Mistake("divided by the variance", edit=("np.sqrt(variance + eps)", "(variance + eps)"),
                say="You divide by the variance. Batch norm divides by its root."),
        Mistake("eps missing", edit=("np.sqrt(variance + eps)", "np.sqrt(variance)"),
                say="`eps` has no effect: it is added to the variance before the root is taken."),
        Mistake("eps outside the root", edit=("np.sqrt(variance + eps)", "(np.sqrt(variance) + eps)"),
                say="`eps` is added after the root. It is added to the variance, inside the root."),
        Mistake("gamma forgotten", edit=("scale = gamma /", "scale = 1 /"),
                say="`gamma` has no effect: it scales what was normalized, so it is part of the new kernel."),
        Mistake("scale along the channels", edit=("return w * scale,", "return w * scale[:, None],"),
                say="Your scale runs along the input channels of the kernel. There is one scale for each filter, the last axis."),
        Mistake("kernel left as it was", edit=("return w * scale,", "return w,"),
                say="Your kernel is the old one. What the norm multiplies, the kernel must multiply already."),
        Mistake("mean not scaled", edit=("beta - mean * scale", "beta - mean"),
                say="The mean is taken off before the norm scales. In the new bias it must be scaled as well."),
        Mistake("beta scaled too", edit=("beta - mean * scale", "(beta - mean) * scale"),
                say="`beta` is added after the norm scales: it enters the new bias as it is."),
        Mistake("mean forgotten", edit=("beta - mean * scale", "beta"),
                say="`mean` has no effect: what the norm takes off, the new bias must take off."),
        Mistake("mean added", edit=("beta - mean * scale", "beta + mean * scale"),
                say="The mean is taken off, not added."),
        Mistake("works on the kernel itself", by=lambda right, w, *rest: (right(w, *rest), w.fill(0))[0],
                say="Your function changes `w`. The network still needs that kernel: work on a copy."),
    ],
    variants=[by_einsum, in_float32],
    terms=lambda inputs: 8,
)
