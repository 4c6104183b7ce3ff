"""local_response: 5 points. k and beta are 1 in all groups but the one about them."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, images


def by_padding(x, size=5, k=2.0, alpha=1e-4, beta=0.75):
    """Zero maps on both sides, then shifted copies, in float32."""
    x, r, maps = x.astype(np.float32), size // 2, x.shape[-1]
    squares = np.pad(x**2, ((0, 0), (0, 0), (0, 0), (r, r)))
    return x * (k + alpha * sum(squares[..., d : d + maps] for d in range(size))) ** -beta


def by_matrix(x, size=5, k=2.0, alpha=1e-4, beta=0.75):
    """Who is whose neighbour as a matrix of 0 and 1."""
    places = np.arange(x.shape[-1])
    near = np.abs(places[:, None] - places) <= size // 2
    return x / np.power(k + alpha * (x**2 @ near), beta)


def round_the_end(right, x, size, k, alpha, beta):
    """The last map is the first one's neighbour."""
    r = size // 2
    total = sum(np.roll(x**2, d, axis=-1) for d in range(-r, r + 1))
    return x / (k + alpha * total) ** beta


def over_places(right, x, size, k, alpha, beta):
    """Neighbouring columns instead of neighbouring maps."""
    return right(x.swapaxes(2, 3), size, k, alpha, beta).swapaxes(2, 3)


local_response = Function(
    "local_response",
    points=5,
    groups=[
        Group("one map", 1, [
            case("a single map", images(1, any_of(3, 2), any_of(4, 5), 1), 3, 1.0, 0.5, 1.0),
        ]),
        Group("neighbouring maps", 2, [
            case("four maps, size 3", images(1, any_of(3, 2), any_of(2, 4), any_of(4, 5)), 3, 1.0, 0.5, 1.0),
            case("seven maps, size 5", images(1, any_of(2, 3), any_of(3, 4), any_of(7, 8)), 5, 1.0, 0.25, 1.0),
            case("a batch of three", images(3, any_of(2, 3), any_of(3, 2), any_of(4, 5)), 3, 1.0, 0.5, 1.0),
        ]),
        Group("the constants", 2, [
            case("k of 2", images(1, any_of(2, 3), 3, 4), 3, any_of(2.0, 3.0), 0.5, 1.0),
            case("beta of 0.75", images(1, any_of(2, 3), 3, 4), 3, 1.0, 0.5, any_of(0.75, 0.625)),
            case("AlexNet's constants", images(1, any_of(2, 3), 3, any_of(7, 9)).map(lambda x: 64 * x)),
        ]),
    ],
    mistakes=[
        Mistake("alpha divided by size", by=lambda right, x, size, k, alpha, beta: right(x, size, k, alpha / size, beta),
                say="`alpha` is divided by `size`, as some libraries do. The formula here does not."),
        Mistake("mean of the squares", edit=("(near**2).sum(", "(near**2).mean("),
                say="You take the mean of the squares. The formula has their sum, whatever their number."),
        Mistake("not squared", edit=("(near**2).sum", "np.abs(near).sum"),
                say="The neighbours' magnitudes are added. They are squared before that."),
        Mistake("added before they are squared", edit=("(near**2).sum(axis=-1)", "near.sum(axis=-1) ** 2"),
                say="You square the sum. The formula sums the squares, so that nothing cancels."),
        Mistake("size taken for the reach", edit=("size // 2", "size"),
                say="Your sum reaches `size` maps to each side. `size` maps take part in all."),
        Mistake("earlier maps only", edit=("max(c - reach, 0) : c + reach + 1", "max(c - reach, 0) : c + 1"),
                say="Only the maps before `c` damp it in your code. Those after it do so too."),
        Mistake("start below 0", edit=("max(c - reach, 0) : c", "c - reach : c"),
                say="For the first maps your slice starts below 0, which counts from the end of the list. Before map 0 there is nothing."),
        Mistake("right end left out", edit=("c + reach + 1]", "c + reach]"),
                say="The last neighbour is missing: `a : b` leaves out b."),
        Mistake("round the end", by=round_the_end,
                say="The first and the last map are neighbours in your code. The list of maps has two ends."),
        Mistake("all maps", edit=("max(c - reach, 0) : c + reach + 1", ":"),
                say="All maps damp each other in your code. Only those within size // 2 do."),
        Mistake("places instead of maps", by=over_places,
                say="Your neighbours are columns. This normalization runs over maps."),
        Mistake("k left out", edit=("(k + alpha", "(1 + alpha"),
                say="`k` has no effect in your code: a 1 stands in its place."),
        Mistake("beta left out", edit=(") ** beta", ")"),
                say="`beta` has no effect in your code."),
        Mistake("root instead of beta", edit=(") ** beta", ") ** 0.5"),
                say="You take the root. The power is `beta`."),
        Mistake("alpha left out", edit=("alpha * ", ""),
                say="`alpha` has no effect in your code."),
        Mistake("multiplied", edit=("x[..., c] / (k", "x[..., c] * (k"),
                say="You multiply by the damping. Strong neighbours make a map weaker."),
    ],
    variants=[by_padding, by_matrix],
    terms=lambda inputs: 4 * inputs["size"],
)
