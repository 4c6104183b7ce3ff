"""lenet_forward: 7 points. Keras' weights in NumPy layers: the same logits, and what arrives on the way."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Function, Group, Mistake, any_of, case, entries, images
from autograder.rubric.draw import Recipe, resolve

STAGES = ("maps2", "maps4", "maps5", "scores")

# --- right answers in other styles ------------------------------------------------------------------------------------


def by_windows(x, weights):
    """NumPy alone, layers as inner functions."""
    def conv(x, w, b):
        return np.tanh(np.einsum("nijcuv,uvcf->nijf", sliding_window_view(x, (5, 5), axis=(1, 2)), w) + b)

    def halve(x):
        n, h, w, c = x.shape
        return x[:, :h // 2 * 2, :w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).mean((2, 4))

    w1, b1, w3, b3, w5, b5, w6, b6, w7, b7 = weights
    maps2 = halve(conv(np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0))), w1, b1))
    maps4 = halve(conv(maps2, w3, b3))
    maps5 = conv(maps4, w5, b5)
    hidden = np.tanh(maps5.reshape(len(x), -1) @ w6 + b6)
    return maps2, maps4, maps5, hidden @ w7 + b7


def dense_as_convolution(x, weights):
    """The first dense layer as one large kernel over the maps; a list instead of a tuple, in float32."""
    x, weights = x.astype("float32"), [each.astype("float32") for each in weights]
    maps2, maps4, maps5, _ = by_windows(x, weights)
    kernel = weights[6].reshape(*maps5.shape[1:], -1)
    hidden = np.tanh(np.tensordot(maps5, kernel, 3) + weights[7])
    return [maps2, maps4, maps5, hidden @ weights[8] + weights[9]]


# --- weights of a small network of the same build ---------------------------------------------------------------------


def draw_weights(height, width, filters, classes, features=True):
    """Ten arrays as `get_weights` gives them. Without features the third kernel is 0: C5 is its bias everywhere."""
    def make(dice):
        shape, kinds = resolve((height, width), dice), filters
        rows, columns = ((side // 2 - 4) // 2 - 4 for side in shape)
        below, found = 1, []
        for maps in kinds[:3]:
            found += [_small(dice, (5, 5, below, maps)), _small(dice, (maps,))]
            below = maps
        below = rows * columns * below
        for units in (kinds[3], classes):
            found += [_small(dice, (below, units)), _small(dice, (units,))]
            below = units
        if not features:
            found[4] = np.zeros(found[4].shape)
        return found

    return Recipe(make)


def _small(dice, shape):
    """Multiples of 1/64 that keep a tanh away from its ends."""
    count = int(np.prod(shape))
    return ((dice.integers(count, 33) - 16) / 64).reshape(shape)


def scan(count, height, width):
    """Images whose sizes the case and its weights share."""
    return images(count, height, width, 1)


def trial(probes, height, width, *which, count=2, filters=(2, 3, 4, 6), classes=5, features=True):
    """A case that looks at some of the stages."""
    weights = draw_weights(height, width, filters, classes, features)
    return case(probes, scan(count, height, width), weights, holds=entries(*which, of=STAGES))


lenet_forward = Function(
    "lenet_forward",
    points=7,
    groups=[
        Group("first stage", 1, [trial("C1 and S2", any_of(28, 32), any_of(28, 32), 0)]),
        Group("second stage", 1, [trial("C3 and S4", any_of(28, 32), any_of(28, 32), 1)]),
        Group("third stage", 1, [trial("C5", any_of(28, 32), any_of(28, 32), 2)]),
        Group("dense layers", 2, [trial("F6 and the scores, C5 the same for all images", any_of(28, 32), 28, 3, features=False)]),
        Group("larger images", 1, [trial("C5 gives 2x3 places for 32x36", 32, 36, 2, 3, count=1),
                                   trial("C5 gives 3x1 places for 36x28", 36, 28, 3, count=any_of(2, 3))]),
        Group("more maps", 1, [trial("all of it: 6, 16 and 24 maps", 28, 28, 0, 1, 2, 3, count=1,
                                     filters=(6, 16, 24, 12), classes=10)]),
    ],
    mistakes=[
        Mistake("pooling before tanh", edit=('pool(np.tanh(conv2d(x, w1, b1, padding=2)), (2, 2), 2, "average")',
                                             'np.tanh(pool(conv2d(x, w1, b1, padding=2), (2, 2), 2, "average"))'),
                say="In your first stage the mean is taken before tanh. The two do not commute: tanh belongs to C1, the mean is S2."),
        Mistake("relu for tanh", edit=("maps5 = np.tanh(conv2d(maps4, w5, b5))", "maps5 = np.maximum(conv2d(maps4, w5, b5), 0)"),
                say="C5 is followed by tanh, not by ReLU: the weights were trained with it."),
        Mistake("no tanh after F6", edit=("hidden = np.tanh(maps5.reshape(len(x), -1) @ w6 + b6)", "hidden = maps5.reshape(len(x), -1) @ w6 + b6"),
                say="F6 has a tanh, as the convolutions have."),
        Mistake("tanh after the scores", edit=("hidden @ w7 + b7", "np.tanh(hidden @ w7 + b7)"),
                say="The last layer gives scores as they are: no tanh behind it."),
        Mistake("softmax", edit=("return maps2, maps4, maps5, hidden @ w7 + b7",
                                 "p = np.exp(hidden @ w7 + b7)\n    return maps2, maps4, maps5, p / p.sum(1, keepdims=True)"),
                say="These are probabilities. The scores before the softmax are asked for."),
        Mistake("maps before places", edit=("maps5.reshape(len(x), -1)", "maps5.transpose(0, 3, 1, 2).reshape(len(x), -1)"),
                say="Your flattening puts all places of the first map first, as libraries with channels first do. Keras' dense "
                    "weights expect the maps innermost. With 28×28 there is one place and no difference."),
        Mistake("columns before rows", edit=("maps5.reshape(len(x), -1)", "maps5.transpose(0, 2, 1, 3).reshape(len(x), -1)"),
                say="Your flattening goes down the columns. Keras' goes along the rows."),
        Mistake("max pooling", edit=('pool(np.tanh(conv2d(maps2, w3, b3)), (2, 2), 2, "average")',
                                     "np.stack([np.tanh(conv2d(maps2, w3, b3))[:, i:i + conv2d(maps2, w3, b3).shape[1] // 2 * 2:2, j:j + conv2d(maps2, w3, b3).shape[2] // 2 * 2:2] for i in (0, 1) for j in (0, 1)]).max(0)"),
                say="S4 takes the mean of each window, not its maximum."),
        Mistake("mean over all places", edit=("maps5.reshape(len(x), -1)", "np.broadcast_to(maps5.mean((1, 2), keepdims=True), maps5.shape).reshape(len(x), -1)"),
                say="On larger images you average C5 over its places. The dense layer has weights for each place."),
        Mistake("bias of F6 forgotten", edit=("@ w6 + b6", "@ w6"),
                say="The bias of F6 is not added: weights come in pairs, kernel and bias."),
    ],
    variants=[by_windows, dense_as_convolution],
    terms=lambda inputs: 4 * inputs["weights"][6].shape[0] + 25 * inputs["weights"][4].shape[2],
    decimals=12,
)
