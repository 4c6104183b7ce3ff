"""counts: 14 points. Parameters, fields and the slides' own claims."""

import numpy as np

from autograder.rubric import Entry, Mistake, Values


def as_literals():
    """Numbers worked out on paper, rounded as one would."""
    return {"conv": 912, "fc": 30730, "C5_share": 0.78, "unpadded": 44426, "field": 32, "multiplications": 117600,
            "first_loss": 2.3, "sweep": 61707, "S2": 12, "C3": 1516, "S4": 32, "trainable": 60000, "dense_layers": 2,
            "year": 1998}


def with_numpy():
    """As NumPy gives them."""
    return as_literals() | {"conv": np.int64(912), "first_loss": np.log(10), "C5_share": np.float32(48120 / 61706),
                            "fc": np.prod((16, 16, 12, 10)) + 10, "trainable": np.sum([156, 12, 1516, 32, 48120, 10164])}


def wrong(**entries):
    """The right dict but for some entries."""
    return lambda right: {**right, **entries}


counts = Values(
    "counts",
    points=14,
    entries=[
        Entry("conv", 1), Entry("fc", 1), Entry("C5_share", 1, rtol=0.01), Entry("unpadded", 1), Entry("field", 1),
        Entry("multiplications", 1), Entry("first_loss", 1, rtol=0.01), Entry("sweep", 1), Entry("S2", 1), Entry("C3", 1),
        Entry("S4", 1), Entry("trainable", 1), Entry("dense_layers", 1), Entry("year", 1),
    ],
    mistakes=[
        Mistake("no biases", by=wrong(conv=900, fc=30720),
                say="Biases count too: one for each filter, one for each score."),
        Mistake("one channel in", by=wrong(conv=312),
                say="Each filter reaches through all three channels of the image."),
        Mistake("before the pooling", by=wrong(fc=32 * 32 * 12 * 10 + 10),
                say="FC stands behind POOL: it sees 16×16 places."),
        Mistake("percent", by=wrong(C5_share=78.0),
                say="A share lies between 0 and 1."),
        Mistake("C5 as with padding", by=wrong(unpadded=61706),
                say="Without padding S4 gives 4×4 places, so C5 has fewer weights."),
        Mistake("only C5", by=wrong(unpadded=30840),
                say="That is C5 alone. All layers are asked for."),
        Mistake("field of the image", by=wrong(field=28),
                say="28 is the size of the image. The padding is seen too."),
        Mistake("field without the steps", by=wrong(field=5 + 1 + 4 + 1 + 4),
                say="Behind a pooling one step is 2 pixels wide, behind two poolings 4."),
        Mistake("field with two strides in one", by=wrong(field=5 + 1 + 8 + 1 + 16),
                say="A pooling widens the field as well: by one step of its own input, which is 2 pixels wide in S4."),
        Mistake("multiplications of one filter", by=wrong(multiplications=28 * 28 * 25),
                say="That is one of the six filters."),
        Mistake("multiplications without padding", by=wrong(multiplications=24 * 24 * 6 * 25),
                say="C1 pads: it answers at 28×28 places."),
        Mistake("weights only", by=wrong(multiplications=150),
                say="150 weights are multiplied at every place, not once."),
        Mistake("logarithm to base 10", by=wrong(first_loss=1.0),
                say="The natural logarithm is meant."),
        Mistake("probability for loss", by=wrong(first_loss=0.1),
                say="0.1 is the probability of each class. The loss is minus its logarithm."),
        Mistake("sweep without the first run", by=wrong(sweep=61706),
                say="To see whether a change helped one must know the loss before it: one run more."),
        Mistake("sweep both ways", by=wrong(sweep=2 * 61706),
                say="Each parameter is changed in one direction only, and the loss before any change is needed once."),
        Mistake("one number for each map", by=wrong(S2=6, S4=16),
                say="Coefficient and bias: two for each map."),
        Mistake("nothing to learn", by=wrong(S2=0, S4=0),
                say="Today's pooling has nothing to learn. The one of 1998 had two numbers for each map."),
        Mistake("all connected", by=wrong(C3=2416, trainable=60900),
                say="That is C3 with all 96 connections. The paper's has 60."),
        Mistake("bias for each connection", by=wrong(C3=60 * 26),
                say="A map has one bias, however many maps it sees."),
        Mistake("no bias in C3", by=wrong(C3=1500),
                say="The 16 biases of C3 are missing."),
        Mistake("with the output", by=wrong(trainable=60850),
                say="The output layer is not counted here: in 1998 it had nothing to learn."),
        Mistake("as drawn", by=wrong(dense_layers=1),
                say="That is how the slides draw it. Behind C5 the table has F6 and the output."),
        Mistake("the slide's year", by=wrong(year=1980),
                say="That is what the slide says. Backpropagation was not in wide use before 1986."),
        Mistake("the first LeNet", by=wrong(year=1989),
                say="In 1989 there was a first, smaller network of that kind. LeNet-5 came nine years later."),
    ],
    variants=[as_literals, with_numpy],
)
