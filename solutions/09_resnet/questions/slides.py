"""slides: 12 points. The lectures' own numbers about residual networks, and what they leave out."""

from autograder.rubric import Entry, Mistake, Values


def as_literals():
    """Worked out on paper, rounded as one would."""
    return {"units": 50, "convolutions": 155, "heavier": 2.39, "paths 20": 512, "paths 56": 134_217_728, "typical 110": 27,
            "plain": 9.1e-13, "residual": 86.7, "statistics": 53_120, "the rest": "biases", "field": 81, "human": 1.1}


def counted():
    """Counted instead of looked up, as NumPy gives it."""
    import numpy as np

    field, step = 1, 1
    for stride in [1] * 7 + [2] + [1] * 5 + [2] + [1] * 5:
        field, step = field + 2 * step, step * stride
    slopes = np.full(20, 0.25)
    return as_literals() | {"units": np.sum([3, 8, 36, 3]), "paths 20": np.power(2, 9), "typical 110": np.int64(54 * 0.5),
                            "plain": np.prod(slopes), "residual": np.prod(1 + slopes), "field": field,
                            "human": 196 * np.sqrt(0.05 * 0.95 / 1500), "heavier": 143.667240 / 60.192808}


def wrong(**entries):
    """The right dict but for some entries; an underscore stands for a blank."""
    return lambda right: {**right, **{name.replace("_", " "): value for name, value in entries.items()}}


slides = Values(
    "slides",
    points=12,
    entries=[
        Entry("units", 1), Entry("convolutions", 1), Entry("heavier", 1, rtol=0.01), Entry("paths 20", 1), Entry("paths 56", 1),
        Entry("typical 110", 1), Entry("plain", 1, rtol=0.01), Entry("residual", 1, rtol=0.01), Entry("statistics", 1),
        Entry("the rest", 1), Entry("field", 1), Entry("human", 1, rtol=0.03, unit="percentage points"),
    ],
    mistakes=[
        Mistake("units of ResNet-101", by=wrong(units=33), say="That is ResNet-101. Look at the last column of the table in part 9.8."),
        Mistake("units of two layers", by=wrong(units=75), say="You counted two convolutions to a unit. A bottleneck has three."),
        Mistake("projections forgotten", by=wrong(convolutions=151),
                say="You counted the main path. Each stage begins with a projection as well."),
        Mistake("no projection in the first stage", by=wrong(convolutions=154),
                say="One projection is missing: in the first stage, too, the channels change, from 64 to 256."),
        Mistake("the dense layer is no convolution", by=wrong(convolutions=156),
                say="One too many: the last of the 152 layers is the dense one."),
        Mistake("the other way round", by=wrong(heavier=60_192_808 / 143_667_240),
                say="You divided the other way round: VGG-19 is the heavier one."),
        Mistake("units taken for paths", by=wrong(paths_20=9, paths_56=27),
                say="That is the number of units. At each of them a path has two ways to go."),
        Mistake("a choice per layer", by=wrong(paths_20=2**18, paths_56=2**54),
                say="You let a path choose at each convolution. It chooses at each unit, and a unit has two."),
        Mistake("a choice per counted layer", by=wrong(paths_20=2**20, paths_56=2**56),
                say="You let a path choose at each of the counted layers. It chooses at each unit: there are 3n of them."),
        Mistake("two ways times units", by=wrong(paths_20=18, paths_56=54),
                say="The ways multiply from unit to unit; they do not add up."),
        Mistake("all branches", by=wrong(typical_110=54),
                say="54 is the longest path, through all branches. Each unit is passed by its branch in half of the paths."),
        Mistake("layers instead of branches", by=wrong(typical_110=55),
                say="You halved the layers. Asked are branches: ResNet-110 has 54 of them."),
        Mistake("slopes added", by=wrong(plain=5.0), say="Along a chain slopes are multiplied, not added."),
        Mistake("shortcuts added at the end", by=wrong(residual=1 + 0.25**20),
                say="You added one shortcut around all 20 units. Each unit has its own: multiply 20 sums."),
        Mistake("first two terms", by=wrong(residual=6.0),
                say="You counted the paths with no branch or one. There are longer ones too."),
        Mistake("one statistic per channel", by=wrong(statistics=26_560),
                say="A batch norm keeps two running numbers per channel, a mean and a variance."),
        Mistake("all four per channel", by=wrong(statistics=106_240),
                say="You counted gamma and beta too. Those are trained."),
        Mistake("the whole difference", by=wrong(statistics=79_680),
                say="That is the whole difference between the two numbers. Part of it is something else: see the next entry."),
        Mistake("projections for biases", by=wrong(the_rest="projections"),
                say="Both have the same projections. What could a convolution have that yours were told not to?"),
        Mistake("scales for biases", by=wrong(the_rest="scales"),
                say="The scales of the batch norms are trained in both. What could a convolution have that yours were told not to?"),
        Mistake("field without strides", by=wrong(field=39),
                say="You let each layer reach one pixel further. Behind a stride of 2, neighbours are 2 pixels apart, later 4."),
        Mistake("stride counted a layer early", by=wrong(field=87),
                say="A stride widens the steps of the layers above it, not its own: those two convolutions still see neighbours."),
        Mistake("no root", by=wrong(human=100 * 1.96 * 0.05 * 0.95 / 1500), say="The range is a root: without it, it shrinks far too fast with n."),
        Mistake("one deviation", by=wrong(human=100 * (0.05 * 0.95 / 1500) ** 0.5),
                say="That is one standard deviation. The 95 % range reaches 1.96 of them."),
        Mistake("the net's range", by=wrong(human=196 * (0.036 * 0.964 / 100_000) ** 0.5),
                say="That is the range of the net's error. Asked is the person's, on 1,500 images."),
        Mistake("as a share", by=wrong(human=1.96 * (0.05 * 0.95 / 1500) ** 0.5),
                say="That is a share. In percentage points it is a hundred times as much."),
    ],
    variants=[as_literals, counted],
)
