"""slides: 15 points. What the lectures' own numbers say, and what is missing in them."""

import numpy as np

from autograder.rubric import Entry, Mistake, Values


def as_literals():
    """Numbers worked out on paper, rounded as one would."""
    return {"pool1": [27, 27, 96], "pool1_parameters": 0, "rows_unseen": 1, "K": 9, "weight": 0.111, "field_slide": 13,
            "field_alexnet": 19, "field_vgg": 212, "noise_slide": 1, "noise_guarded": 0.00001, "norm1": (55, 55, 96),
            "stored": 384, "trained": 192, "spread": 0.707, "updates": 299}


def with_numpy():
    """As NumPy gives them."""
    running, updates = 0.0, 0
    while running <= 0.95:
        running, updates = 0.99 * running + 0.01, updates + 1
    size = np.array([27, 27, 96])
    return as_literals() | {"pool1": size, "weight": np.ones(9).mean() / 9, "noise_slide": np.float64(1.0), "updates": updates,
                            "spread": np.sqrt(0.5), "stored": np.int64(4 * 96), "K": np.prod((3, 3))}


def wrong(**entries):
    """The right dict but for some entries."""
    return lambda right: {**right, **entries}


slides = Values(
    "slides",
    points=15,
    entries=[
        Entry("pool1", 1), Entry("pool1_parameters", 1), Entry("rows_unseen", 1), Entry("K", 1), Entry("weight", 1, rtol=0.01),
        Entry("field_slide", 1), Entry("field_alexnet", 1), Entry("field_vgg", 1),
        Entry("noise_slide", 1, rtol=0.01), Entry("noise_guarded", 1, rtol=0.01), Entry("norm1", 1),
        Entry("stored", 1), Entry("trained", 1), Entry("spread", 1, rtol=0.01), Entry("updates", 1),
    ],
    mistakes=[
        Mistake("rounded up", by=wrong(pool1=(28, 28, 96)),
                say="Places are counted by starts: the last 3×3 window starts at row 52. Count how many starts that makes."),
        Mistake("without channels", by=lambda right: {**right, "pool1": (27, 27), "norm1": (55, 55)},
                say="Sizes are asked with their channels: (H, W, C)."),
        Mistake("channels pooled", by=wrong(pool1=(27, 27, 1)),
                say="Pooling treats each channel by itself, so their number stays."),
        Mistake("weights in a pooling layer", by=wrong(pool1_parameters=3 * 3 * 96),
                say="A maximum has nothing to be learned."),
        Mistake("weights of one window", by=wrong(pool1_parameters=3 * 3),
                say="A maximum weighs nothing: there is no number in it to be learned, not even one per place of the window."),
        Mistake("all rows seen", by=wrong(rows_unseen=0),
                say="Windows of 3 with stride 3 start at rows 0 and 3. Which rows do they cover?"),
        Mistake("K is the side", by=wrong(K=3),
                say="A mean divides by the number of values in the window, not by its side."),
        Mistake("K is the maps", by=wrong(K=96),
                say="In this formula `K` has nothing to do with the number of maps: each map is pooled by itself."),
        Mistake("K is the maps and the window", by=wrong(K=3 * 3 * 96),
                say="Each map is pooled by itself, so their number does not enter: count the values of one window on one map."),
        Mistake("weights add up to 9", by=wrong(weight=1.0),
                say="With weights of 1 the convolution gives sums. Which weights make it a mean?"),
        Mistake("one window counted once too often", by=wrong(field_slide=14),
                say="Three windows of 11, each one pixel further, share most of their pixels: the slide subtracts 1."),
        Mistake("field after stride 1", by=wrong(field_alexnet=13),
                say="The convolution has stride 4, so neighbours in the pooling window look at places 4 pixels apart."),
        Mistake("field times the stride", by=wrong(field_alexnet=11 + 3 * 4),
                say="Three neighbours are two steps apart: the field grows by (3 − 1) steps of 4."),
        Mistake("jump instead of field", by=wrong(field_vgg=32),
                say="32 is how far apart two neighbouring units look. How much does one of them see?"),
        Mistake("the field begins at 0", by=wrong(field_vgg=211),
                say="A pixel sees itself: the field begins at 1, before any layer."),
        Mistake("last pooling left out", by=wrong(field_vgg=196),
                say="Asked is what a unit of the last pooling sees. Was that pooling counted?"),
        Mistake("poolings left out", by=wrong(field_vgg=181),
                say="Each pooling widens the field too: its 2×2 window reaches one step further. Was the last one counted?"),
        Mistake("noise small on the slide", by=wrong(noise_slide=1e-6),
                say="The slide divides by the patch's own spread, and that is just as small as the noise."),
        Mistake("guard added", by=wrong(noise_guarded=0.0),
                say="The guard does not remove the noise, it only keeps it from being blown up: divide by `c`."),
        Mistake("norm after pooling", by=wrong(norm1=(27, 27, 96)),
                say="That is the order of the slides. Before the pooling, the maps still have the size that the convolution gave them."),
        Mistake("two per map stored", by=wrong(stored=192),
                say="Beside what is trained, the layer keeps running statistics."),
        Mistake("all trained", by=wrong(trained=384),
                say="Running statistics are measured, not trained."),
        Mistake("spread 1", by=wrong(spread=1.0),
                say="That would be so without `eps`. Here it is as large as the variance."),
        Mistake("variance for spread", by=wrong(spread=0.5),
                say="0.5 is the variance of the output. The spread is its root."),
        Mistake("one batch fewer than needed", by=wrong(updates=298),
                say="After that many batches the running mean is still just below 0.95."),
        Mistake("one batch later than the first", by=wrong(updates=300),
                say="One batch before that the running mean is above 0.95 already."),
        Mistake("linear in the batches", by=wrong(updates=95),
                say="Each batch moves the running mean by a hundredth of what is still missing, not of the whole way."),
    ],
    variants=[as_literals, with_numpy],
)
