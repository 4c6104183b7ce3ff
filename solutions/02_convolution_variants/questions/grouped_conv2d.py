"""Grouped convolution: channels and filters in groups of neighbours, groups never mixed."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, images, kernels


def plain(x, w):
    """An ordinary convolution."""
    return np.einsum("nijcuv,uvcf->nijf", sliding_window_view(x, w.shape[:2], axis=(1, 2)), w)


def by_split(x, w, groups):
    """A plain convolution per group."""
    pairs = zip(np.split(x, groups, axis=-1), np.split(w, groups, axis=-1))
    return np.concatenate([plain(*pair) for pair in pairs], axis=-1)


def by_block_diagonal(x, w, groups):
    """One plain convolution whose kernel is 0 between groups, in float32."""
    kh, kw, depth, filters = w.shape
    full = np.zeros((kh, kw, depth * groups, filters), np.float32)
    for f in range(filters):
        first = f // (filters // groups) * depth
        full[:, :, first : first + depth, f] = w[..., f]
    return plain(x.astype(np.float32), full)


def by_group_axis(x, w, groups):
    """Groups as an axis of their own."""
    windows = sliding_window_view(x.reshape(*x.shape[:3], groups, -1), w.shape[:2], axis=(1, 2))
    return np.einsum("nijgcuv,uvcgf->nijgf", windows, w.reshape(*w.shape[:3], groups, -1)).reshape(*windows.shape[:3], -1)


def channels_dealt_out(right, x, w, groups):
    """Every g-th channel instead of neighbours."""
    return right(np.concatenate([x[..., q::groups] for q in range(groups)], axis=-1), w, groups)


def filters_dealt_out(right, x, w, groups):
    """Every g-th filter belongs to a group; maps come out in the groups' order."""
    return right(x, np.concatenate([w[..., q::groups] for q in range(groups)], axis=-1), groups)


def maps_interleaved(right, x, w, groups):
    """First map of each group, then second map of each group, and so on."""
    out = right(x, w, groups)
    return out.reshape(*out.shape[:3], groups, -1).swapaxes(3, 4).reshape(out.shape)


def maps_added(right, x, w, groups):
    """The groups' maps are added instead of put in a row."""
    out = right(x, w, groups)
    return out.reshape(*out.shape[:3], groups, -1).sum(3)


def all_see_first_group(right, x, w, groups):
    """Every filter looks at the first group's channels."""
    return right(np.concatenate([x[..., : w.shape[2]]] * groups, axis=-1), w, groups)


def all_see_everything(right, x, w, groups):
    """Every filter looks at every group, with the same weights."""
    return plain(x, np.tile(w, (1, 1, groups, 1)))


def groups_in_reverse(right, x, w, groups):
    """The last group of channels goes to the first group of filters."""
    return right(np.concatenate(np.split(x, groups, axis=-1)[::-1], axis=-1), w, groups)


grouped_conv2d = Function(
    "grouped_conv2d",
    points=6,
    groups=[
        Group("one group is a plain convolution", 1, [
            case("one channel, one filter", images(1, any_of(5, 6), any_of(5, 6), 1), kernels(3, 3, 1, 1), 1),
            case("three channels, two filters", images(1, any_of(4, 6), any_of(4, 6), 3), kernels(3, 3, 3, 2), 1),
        ]),
        Group("several groups", 2, [
            case("two groups of two channels and one filter", images(1, 4, any_of(4, 5), 4), kernels(2, 2, 2, 2), 2),
            case("two groups of two channels and three filters", images(1, 4, any_of(4, 5), 4), kernels(2, 2, 2, 6), 2),
            case("three groups of two channels and two filters", images(1, any_of(4, 5), 4, 6), kernels(2, 2, 2, 6), 3, fresh=2),
        ]),
        Group("as many groups as channels", 1, [
            case("one filter per channel", images(1, any_of(4, 5), any_of(4, 5), 3), kernels(3, 3, 1, 3), 3),
            case("two filters per channel", images(1, any_of(4, 5), any_of(4, 5), 3), kernels(2, 2, 1, 6), 3),
        ]),
        Group("images and kernels that are not square", 1, [
            case("a wide image, 3x3 kernels", images(1, any_of(4, 5), any_of(9, 8), 2), kernels(3, 3, 1, 2), 2),
            case("3x2 kernels", images(1, any_of(6, 5), any_of(7, 8), 4), kernels(3, 2, 2, 2), 2),
            case("1x3 kernels", images(1, any_of(3, 4), any_of(6, 7), 4), kernels(1, 3, 2, 4), 2),
        ]),
        Group("a batch", 1, [
            case("three images", images(3, any_of(4, 5), any_of(4, 5), 4), kernels(2, 2, 2, 4), 2),
        ]),
    ],
    mistakes=[
        Mistake("channels dealt out", by=channels_dealt_out,
                say="Group q gets every `groups`-th channel in your code. A group is a block of neighbouring channels."),
        Mistake("filters dealt out", by=filters_dealt_out,
                say="Group q gets every `groups`-th filter in your code. The filters of a group are neighbours too."),
        Mistake("maps interleaved", by=maps_interleaved,
                say="Your maps come out mixed: all maps of group 0 come first, then all of group 1."),
        Mistake("maps added", by=maps_added,
                say="The groups' maps were added up. They are different maps and stand side by side in the result."),
        Mistake("first group for all", by=all_see_first_group,
                say="Every filter saw the first group of channels. Group q of the filters belongs to group q of the channels."),
        Mistake("every filter sees all channels", by=all_see_everything,
                say="Every filter looks at all channels, with its weights used again for each group. It should see its own group only."),
        Mistake("groups in reverse", by=groups_in_reverse,
                say="The groups of channels are in reverse order: group 0 of the filters belongs to the first channels."),
        Mistake("last group only", edit=("out[:, i, j, q * share : (q + 1) * share] =", "out[:, i, j] = 0; out[:, i, j, q * share : (q + 1) * share] ="),
                say="Only the last group's maps are left: those of the groups before it were overwritten."),
        Mistake("kernel flipped", by=lambda right, x, w, groups: right(x, w[::-1, ::-1], groups),
                say="Your kernel is turned round. This layer uses it as it is."),
        Mistake("columns counted by rows", by=lambda right, x, w, groups: right(x[:, :, : x.shape[1] + w.shape[1] - w.shape[0]], w, groups),
                say="Your output has as many columns as rows. On square images this cannot be seen."),
        Mistake("kernel assumed square", by=lambda right, x, w, groups: right(x, w[:, : w.shape[0]], groups),
                say="As many columns of the kernel are used as it has rows. It has a width of its own, `kw`."),
        Mistake("window as wide as the kernel is high", edit=("j : j + kw", "j : j + kh"),
                say="The window is as wide as the kernel is high. It must be `kw` columns wide."),
        Mistake("first image for all", by=lambda right, x, w, groups: np.repeat(right(x[:1], w, groups), len(x), axis=0),
                say="Every image got the first image's result."),
    ],
    variants=[by_split, by_block_diagonal, by_group_axis],
    terms=lambda inputs: inputs["w"][..., 0].size,
    seconds=10,  # SciPy, which the notebook's conv2d calls, may take a second to load
)
