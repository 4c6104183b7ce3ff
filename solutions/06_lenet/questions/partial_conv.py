"""PartialConv2D: 6 points. A convolution whose maps see some of the maps below: the table of C3."""

import keras
import numpy as np
from keras import ops

from autograder.rubric import Group, Layer, Mistake, any_of, attempt, images, kernels, numbers


class MapByMap(keras.layers.Layer):
    """Each map by a convolution of its own."""

    def __init__(self, table, size=5, **kwargs):
        super().__init__(**kwargs)
        self.table, self.size = table, size

    def build(self, shape):
        """One filter for each connection."""
        self.kernel = self.add_weight(shape=(self.size, self.size, sum(map(len, self.table))), name="w")
        self.bias = self.add_weight(shape=(len(self.table),), initializer="zeros", name="b")

    def call(self, x):
        """The channels of a row taken out, convolved, laid side by side."""
        maps, start = [], 0
        for seen in self.table:
            own = self.kernel[:, :, start:start + len(seen)]
            maps.append(ops.conv(ops.take(x, np.array(seen), axis=-1), own[..., None], padding="valid", data_format="channels_last"))
            start += len(seen)
        return ops.concatenate(maps, axis=-1) + self.bias

    def get_config(self):
        """Plain lists."""
        return {**super().get_config(), "table": [[int(each) for each in row] for row in self.table], "size": self.size}


class ByMask(keras.layers.Layer):
    """A whole kernel, put together by take and zeros."""

    def __init__(self, table, size=5, name=None, dtype=None, trainable=True):
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.table, self.size = [list(row) for row in table], size

    def build(self, shape):
        """The place of each pair among the connections; what is not connected takes a zero at the end."""
        count = sum(map(len, self.table))
        self.k = self.add_weight(shape=(self.size, self.size, count))
        self.b = self.add_weight(shape=(len(self.table),))
        places, number = np.full((shape[-1], len(self.table)), count), 0
        for f, seen in enumerate(self.table):
            for c in seen:
                places[c, f], number = number, number + 1
        self.places = places

    def call(self, inputs):
        """Zeros where nothing is connected."""
        padded = ops.concatenate([self.k, ops.zeros((self.size, self.size, 1), self.k.dtype)], axis=-1)
        return ops.conv(inputs, ops.take(padded, self.places, axis=-1), 1, "valid", "channels_last") + self.b

    def get_config(self):
        """The base's, the table, the size."""
        config = super().get_config()
        config.update(table=[list(row) for row in self.table], size=self.size)
        return config


TABLE = [[0, 1], [2, 0], [1, 2, 3]]
C3 = [[f % 6, (f + 1) % 6, (f + 2) % 6] for f in range(6)]
x = images(2, any_of(5, 6), any_of(7, 4), 4)
weights = (kernels(3, 3, 7), numbers(3))

PartialConv2D = Layer(
    "PartialConv2D",
    points=6,
    groups=[
        Group("all connected", 1, [attempt("two maps that see both below", "output", images(1, 5, 6, 2),
                                           (kernels(3, 3, 4), numbers(2)), table=[[0, 1], [0, 1]], size=3)]),
        Group("output", 2, [
            attempt("three maps, seven connections", "output", x, weights, table=TABLE, size=3),
            attempt("the first row of C3, 5x5", "output", images(1, 6, any_of(7, 6), 6), (kernels(5, 5, 18), numbers(6)), table=C3),
        ]),
        Group("weights", 1, [attempt("one filter for each connection", "weights", images(1, 6, 6, 4), table=TABLE, size=any_of(3, 5))]),
        Group("shape", 1, [attempt("the output shape is known beforehand", "shape", images(1, any_of(14, 12), any_of(10, 9), 4), table=TABLE)]),
        Group("config", 1, [attempt("made again from its config", "config", images(1, 5, 5, 4), weights, table=TABLE, size=3)]),
    ],
    mistakes=[
        Mistake("all maps connected", edit=("(self.size, self.size, len(pairs))", "(self.size, self.size, shape[-1] * len(self.table))"),
                say="Your kernel has a filter for every pair of maps. Only the pairs in the table have one."),
        Mistake("filters in another order", edit=("for f, seen in enumerate(self.table) for c in seen]",
                                                  "for c in range(shape[-1]) for f, seen in enumerate(self.table) if c in seen]"),
                say="The filters are in another order: first all of map 0, as its row in the table lists them, then those of map 1."),
        Mistake("rows of the table sorted", edit=("for c in seen]", "for c in sorted(seen)]"),
                say="The filters of a map stand in the order of its row in the table. Yours were sorted."),
        Mistake("no bias", edit=(" + self.bias", ""),
                say="The bias is made but not added."),
        Mistake("one bias for all", edit=("shape=(len(self.table),)", "shape=(1,)"),
                say="Your bias is one number for all maps. Each row of the table has its own."),
        Mistake("padded", edit=('"valid"', '"same"'),
                say="The image is padded: C3 takes two rows and columns off each side."),
        Mistake("config forgets the size", edit=('"table": [list(seen) for seen in self.table], "size": self.size}',
                                                 '"table": [list(seen) for seen in self.table]}'),
                say="A layer made again from your config has the default size: the config must name it."),
    ],
    variants=[MapByMap, ByMask],
)
