"""pool_features: 4 points. Groups of maps, the norm of each."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, images


def by_slices(x, size):
    """One group after the other, in float32."""
    x = x.astype(np.float32)
    return np.stack([np.linalg.norm(x[..., k : k + size], axis=-1) for k in range(0, x.shape[-1], size)], axis=-1)


def by_adding_at(x, size):
    """Add every squared map to its group."""
    total = np.zeros((*x.shape[:-1], x.shape[-1] // size))
    for k in range(x.shape[-1]):
        total[..., k // size] += x[..., k] ** 2
    return total**0.5


def interleaved(right, x, size):
    """Group g takes the maps g, g + number of groups, …"""
    return right(x.reshape(*x.shape[:-1], size, -1).swapaxes(-1, -2).reshape(x.shape), size)


def sliding(right, x, size):
    """Groups that overlap: one begins at every map."""
    return np.concatenate([right(x[..., k : k + size], size) for k in range(x.shape[-1] - size + 1)], axis=-1)


pool_features = Function(
    "pool_features",
    points=4,
    groups=[
        Group("one group", 1, [
            case("two maps, one group", images(1, any_of(3, 4), any_of(2, 5), 2), 2),
            case("three maps, one group", images(1, any_of(2, 4), any_of(3, 5), 3), 3),
        ]),
        Group("several groups", 2, [
            case("six maps in groups of two", images(1, any_of(2, 3), any_of(4, 5), 6), 2),
            case("six maps in groups of three", images(1, any_of(3, 4), any_of(2, 5), 6), 3),
            case("a batch of three, eight maps", images(3, any_of(2, 3), any_of(4, 3), 8), any_of(2, 4)),
        ]),
        Group("groups of one map", 1, [
            case("each map alone", images(2, any_of(2, 3), any_of(3, 4), any_of(3, 2)), 1),
        ]),
    ],
    mistakes=[
        Mistake("interleaved groups", by=interleaved,
                say="Your groups take every so many maps. A group is `size` maps that stand next to each other."),
        Mistake("groups that overlap", by=sliding,
                say="A group begins at every map in your code. The groups lie side by side: C // size of them."),
        Mistake("root forgotten", edit=("np.sqrt((groups**2).sum(axis=-1))", "(groups**2).sum(axis=-1)"),
                say="The root is missing: these are sums of squares."),
        Mistake("mean under the root", edit=("(groups**2).sum", "(groups**2).mean"),
                say="A mean stands under your root. The formula has the sum there."),
        Mistake("magnitudes added", edit=("np.sqrt((groups**2).sum(axis=-1))", "np.abs(groups).sum(axis=-1)"),
                say="These are sums of magnitudes. The values are squared before they are added."),
        Mistake("largest of the group", edit=("np.sqrt((groups**2).sum(axis=-1))", "groups.max(axis=-1)"),
                say="These are the largest values of each group. The norm is asked for."),
        Mistake("size groups instead of groups of size", by=lambda right, x, size: right(x, x.shape[-1] // size),
                say="You make `size` groups. `size` is how many maps a group holds."),
        Mistake("all maps in each group", by=lambda right, x, size: np.repeat(right(x, x.shape[-1]), x.shape[-1] // size, axis=-1),
                say="Every group holds all maps in your code."),
        Mistake("over places too", by=lambda right, x, size: np.broadcast_to(
                    np.sqrt((right(x, size) ** 2).sum(axis=(1, 2), keepdims=True)), (*x.shape[:-1], x.shape[-1] // size)).copy(),
                say="Your sum runs over rows and columns as well. Each place is taken by itself."),
    ],
    variants=[by_slices, by_adding_at],
    terms=lambda inputs: inputs["size"],
)
