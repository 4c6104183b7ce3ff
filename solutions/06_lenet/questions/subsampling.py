"""Subsampling: 5 points. The trainable subsampling of 1998: two weights for each map."""

import keras
from keras import layers, ops

from autograder.rubric import Group, Layer, Mistake, any_of, attempt, images, numbers


class ByReshape(keras.layers.Layer):
    """Rows and columns split in two axes each, then added up."""

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def build(self, shape):
        """Coefficient, then bias."""
        self.coefficient = self.add_weight(shape=(shape[-1],), initializer="ones")
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        """(N, H/s, s, W/s, s, C), summed over both s."""
        s = self.size
        rows, columns, channels = x.shape[1] // s, x.shape[2] // s, x.shape[3]
        parts = ops.reshape(x[:, :rows * s, :columns * s], (-1, rows, s, columns, s, channels))
        return ops.sum(parts, axis=(2, 4)) * self.coefficient + self.bias

    def get_config(self):
        """The base's, and the size."""
        return {**super().get_config(), "size": self.size}


class ByLayers(keras.layers.Layer):
    """A pooling layer inside; the weights made before the first call."""

    def __init__(self, size=2, name=None, dtype=None, trainable=True):
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.pool = layers.AveragePooling2D((size, size))
        self.size = size

    def build(self, shape):
        """Both at once."""
        self.c, self.b = (self.add_weight(shape=shape[-1:], initializer=kind, name=kind) for kind in ("ones", "zeros"))

    def call(self, x):
        """The mean times the number of values is the sum."""
        return self.c * (self.size * self.size * self.pool(x)) + self.b

    def get_config(self):
        """The size beside the base's."""
        config = super().get_config()
        config["size"] = self.size
        return config


maps = images(2, any_of(4, 6), any_of(6, 8), 3)
weights = (numbers(3), numbers(3))

Subsampling = Layer(
    "Subsampling",
    points=5,
    groups=[
        Group("output", 2, [
            attempt("windows of 2", "output", maps, weights),
            attempt("windows of 3, rows that fill no window", "output", images(1, any_of(7, 8), any_of(6, 9), 3), weights, size=3),
        ]),
        Group("weights", 1, [attempt("two numbers for each map", "weights", images(1, 4, 4, any_of(6, 16, 5)))]),
        Group("shape", 1, [attempt("the output shape is known beforehand", "shape", images(1, any_of(28, 10, 12), any_of(10, 8), 4))]),
        Group("config", 1, [attempt("made again from its config", "config", images(1, 6, 9, 3), weights, size=3)]),
    ],
    mistakes=[
        Mistake("mean instead of sum", edit=("self.size**2 * ops.average_pool(", "ops.average_pool("),
                say="The window is averaged. In 1998 its values are added before the coefficient is taken."),
        Mistake("one coefficient for all maps", edit=('shape=(shape[-1],), initializer="ones"', 'shape=(1,), initializer="ones"'),
                say="Your coefficient is one number for all maps. Each map has its own."),
        Mistake("no bias", edit=("* self.coefficient + self.bias", "* self.coefficient"),
                say="The bias is made but not added."),
        Mistake("bias before the coefficient", edit=("* self.coefficient + self.bias", "* self.coefficient + self.bias * self.coefficient"),
                say="The bias was added before the coefficient was multiplied. It comes last."),
        Mistake("maximum", edit=("self.size**2 * ops.average_pool(", "ops.max_pool("),
                say="The largest value of each window was taken. Subsampling adds all of them."),
        Mistake("cannot be trained", edit=('initializer="ones"', 'initializer="ones", trainable=False'),
                say="The coefficient is learned like any weight: leave it trainable."),
        Mistake("windows kept at 2", edit=("self.size, self.size, ", "2, 2, "),
                say="`size` has no effect on the windows: they are always 2×2."),
        Mistake("config forgets the size", edit=('{**super().get_config(), "size": self.size}', "super().get_config()"),
                say="A layer made again from your config has the default size: the config must name it."),
        Mistake("hanging windows kept", edit=('"valid"', '"same"'),
                say="Your windows hang over the edge. Rows and columns that fill no whole window are left out."),
    ],
    variants=[ByReshape, ByLayers],
)
