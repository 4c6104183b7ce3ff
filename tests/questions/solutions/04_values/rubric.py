"""A table of numbers: each entry earns its points alone."""

from autograder.rubric import Assignment, Entry, Mistake, Values


def in_one_go():
    """As literals."""
    return {"products": 75, "weights": 450, "parameters": 456, "output": [28, 28, 6], "memory": 18.4}


def with_numpy():
    """As NumPy gives them."""
    import numpy as np

    size = np.array([28, 28, 6])
    return {"products": np.prod([5, 5, 3]), "weights": np.int32(450), "parameters": np.int64(456), "output": size,
            "memory": np.float32(size.prod() * 4 / 1024)}


ledger = Values(
    "ledger",
    points=6,
    entries=[Entry("products", 1), Entry("weights", 1), Entry("parameters", 1), Entry("output", 2),
             Entry("memory", 1, rtol=0.01, unit="KiB")],
    mistakes=[
        Mistake("channels forgotten", edit=('["products"] = 5 * 5 * 3', '["products"] = 5 * 5'),
                say="A filter reaches through all three channels of the image."),
        Mistake("one filter only", edit=('["weights"] = 5 * 5 * 3 * 6', '["weights"] = 5 * 5 * 3'),
                say="These are the weights of one filter. The layer has six."),
        Mistake("one bias for the layer", edit=("(5 * 5 * 3 + 1) * 6", "5 * 5 * 3 * 6 + 1"),
                say="Each filter has a bias of its own."),
        Mistake("size kept", by=lambda right: {**right, "output": (32, 32, 6)},
                say="Without padding the kernel cannot stand on the outermost pixels, so the map gets smaller."),
        Mistake("channels first", by=lambda right: {**right, "output": (6, 28, 28)},
                say="The channels come last: (H_out, W_out, C_out)."),
        Mistake("numbers, not bytes", by=lambda right: {**right, "memory": right["memory"] / 4},
                say="A float32 takes 4 bytes."),
    ],
    variants=[in_one_go, with_numpy],
)

assignment = Assignment("What a layer costs", minutes=10, questions=[ledger])
