"""The lectures' own counts: a locally connected layer of 4 million weights, AlexNet's second layer with and without groups."""

from autograder.rubric import Entry, Mistake, Values


def as_literals():
    """As they stand in the lectures."""
    return {"locally connected": 4_000_000, "one filter": 100, "hundred filters": 10_000, "conv2": 614_400,
            "conv2, 2 groups": 307_200, "conv2, dilated": 614_400, "conv2, transposed": 614_400,
            "conv2, unshared": 447_897_600}


def from_arrays():
    """As the sizes of kernels, as NumPy gives them."""
    import numpy as np

    shapes = {"locally connected": (200, 200, 10, 10, 1, 1), "one filter": (10, 10, 1, 1), "hundred filters": (10, 10, 1, 100),
              "conv2": (5, 5, 96, 256), "conv2, 2 groups": (5, 5, 48, 256), "conv2, dilated": (5, 5, 96, 256),
              "conv2, transposed": (5, 5, 96, 256), "conv2, unshared": (27, 27, 5, 5, 96, 256)}
    return {name: np.prod(shape, dtype=np.int64) for name, shape in shapes.items()}


weight_counts = Values(
    "weight_counts",
    points=4,
    entries=[Entry("locally connected", 0.5), Entry("one filter", 0.5), Entry("hundred filters", 0.5), Entry("conv2", 0.5),
             Entry("conv2, 2 groups", 0.5), Entry("conv2, dilated", 0.5), Entry("conv2, transposed", 0.5),
             Entry("conv2, unshared", 0.5)],
    mistakes=[
        Mistake("only places where the window fits", by=lambda right: {**right, "locally connected": 191 * 191 * 100},
                say="You counted the places where a 10x10 window fits. The text gives the number of hidden units: one for each pixel."),
        Mistake("hundred filters at every place", by=lambda right: {**right, "hundred filters": 4_000_000},
                say="A convolution uses the same filters at every place, so places do not count for it."),
        Mistake("groups divide both sides", by=lambda right: {**right, "conv2, 2 groups": 5 * 5 * 48 * 128},
                say="These are the weights of one group. The layer has two."),
        Mistake("groups change nothing", by=lambda right: {**right, "conv2, 2 groups": right["conv2"]},
                say="A filter of a grouped layer sees only the channels of its own group, so it is less deep."),
        Mistake("groups count double", by=lambda right: {**right, "conv2, 2 groups": 2 * right["conv2"]},
                say="Groups do not add weights. What does one filter see when the channels are dealt out to two GPUs?"),
        Mistake("holes counted", by=lambda right: {**right, "conv2, dilated": 9 * 9 * 96 * 256},
                say="You counted all pixels that the dilated kernel covers. Between the taps there are no weights."),
        Mistake("depth forgotten", by=lambda right: {**right, "conv2": 5 * 5 * 256, "conv2, 2 groups": 5 * 5 * 256,
                                                     "conv2, dilated": 5 * 5 * 256, "conv2, transposed": 5 * 5 * 96,
                                                     "conv2, unshared": 27 * 27 * 5 * 5 * 256},
                say="A filter reaches through all channels that it sees, not through one."),
        Mistake("biases counted", by=lambda right: {**right, "one filter": 101, "hundred filters": 10_100, "conv2": 614_656,
                                                    "conv2, 2 groups": 307_456, "conv2, dilated": 614_656,
                                                    "conv2, transposed": 614_496},
                say="Biases are not asked for here, only weights."),
        Mistake("places counted along one side", by=lambda right: {**right, "conv2, unshared": 27 * 614_400},
                say="A map of 27x27 has 27 rows of 27 places."),
        Mistake("places without padding", by=lambda right: {**right, "conv2, unshared": 23 * 23 * 614_400},
                say="The maps are padded so that they stay 27x27: count a place for each of their values."),
    ],
    variants=[as_literals, from_arrays],
)
