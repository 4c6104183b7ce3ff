"""What counts in 06_layer: what a Maxout layer gives, and that it is a good citizen of Keras."""

import keras
import numpy as np
from keras import ops

from autograder.rubric import Assignment, Group, Layer, Mistake, any_of, attempt, kernels, numbers


class MaxoutByDense(keras.layers.Layer):
    """The bias made first, the sum by einsum, the output shape told."""

    def __init__(self, units, pieces=2, **kwargs):
        super().__init__(**kwargs)
        self.units, self.pieces, self.supports_masking = units, pieces, True

    def build(self, shape):
        """Bias, then kernel."""
        self.b = self.add_weight(shape=(self.units, self.pieces), name="b")
        self.w = self.add_weight(shape=(shape[-1], self.units, self.pieces), name="w")

    def call(self, inputs, training=None):
        """All pieces at once."""
        return ops.amax(ops.einsum("nd,dup->nup", inputs, self.w) + self.b, axis=2)

    def compute_output_shape(self, shape):
        """(N, units)."""
        return (shape[0], self.units)

    def get_config(self):
        """Two numbers."""
        config = super().get_config()
        config.update(units=self.units, pieces=self.pieces)
        return config


class MaxoutByLoop(keras.layers.Layer):
    """One piece after the other."""

    def __init__(self, units, pieces=2, name=None, dtype=None, trainable=True):
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.units, self.pieces, self.supports_masking = units, pieces, True

    def build(self, shape):
        """Kernel and bias."""
        self.kernel = self.add_weight(shape=(shape[-1], self.units, self.pieces))
        self.bias = self.add_weight(shape=(self.units, self.pieces))

    def call(self, x):
        """The maximum so far."""
        best = ops.matmul(x, self.kernel[:, :, 0]) + self.bias[:, 0]
        for piece in range(1, self.pieces):
            best = ops.maximum(best, ops.matmul(x, self.kernel[:, :, piece]) + self.bias[:, piece])
        return best

    def get_config(self):
        """The base's, and two numbers."""
        return super().get_config() | {"units": self.units, "pieces": self.pieces}


x, weights = numbers(3, 5), (kernels(5, 4, 3), numbers(4, 3))

maxout = Layer(
    "Maxout",
    points=6,
    groups=[
        Group("output", 2, [
            attempt("one piece is a dense layer", "output", numbers(2, 3), (kernels(3, 4, 1), numbers(4, 1)), units=4, pieces=1),
            attempt("three pieces", "output", x, weights, units=4, pieces=3, fresh=2),
            attempt("as many pieces as units", "output", numbers(3, 5), (kernels(5, 3, 3), numbers(3, 3)), units=3, pieces=3),
        ]),
        Group("weights", 1, [attempt("the shapes of the weights", "weights", x, units=any_of(4, 6, 7), pieces=any_of(3, 2))]),
        Group("shape", 1, [attempt("the output shape is known beforehand", "shape", x, units=any_of(4, 6), pieces=any_of(3, 2))]),
        Group("config", 1, [attempt("made again from its config", "config", x, weights, units=4, pieces=3)]),
        Group("dtype and mask", 1, [
            attempt("half precision", "dtype", x, extra="float16", units=4, pieces=3),
            attempt("a mask is passed on", "mask", x, weights, np.array([True, False, True]), units=4, pieces=3),
        ]),
    ],
    mistakes=[
        Mistake("sum of the pieces", edit=("ops.max(", "ops.sum("),
                say="Maxout takes the largest of the pieces; adding them gives one more linear layer."),
        Mistake("maximum over the units", edit=("axis=-1)", "axis=1)"),
                say="The maximum runs over the pieces of one unit, not over the units."),
        Mistake("no bias", edit=("tensordot(x, self.kernel, 1) + self.bias", "tensordot(x, self.kernel, 1)"),
                say="Each piece has a bias; it is made in `build` but not added in `call`."),
        Mistake("bias after the maximum", edit=("ops.max(ops.tensordot(x, self.kernel, 1) + self.bias, axis=-1)",
                                                "ops.max(ops.tensordot(x, self.kernel, 1), axis=-1) + self.bias[:, 0]"),
                say="Each piece has a bias of its own, so it is added before the maximum is taken."),
        Mistake("config forgets the pieces", edit=('"units": self.units, "pieces": self.pieces}', '"units": self.units}'),
                say="A layer made from your config has the default number of pieces: the config must name them."),
        Mistake("bias cannot be trained", edit=('initializer="zeros", name="bias"', 'initializer="zeros", name="bias", trainable=False'),
                say="The bias is learned like the kernel: leave it trainable."),
        Mistake("mask stops here", edit=("        self.supports_masking = True\n", ""),
                say="Say `self.supports_masking = True`: the layer works on each row alone, so a mask still holds behind it."),
    ],
    variants=[MaxoutByDense, MaxoutByLoop],
)

assignment = Assignment("Layers", minutes=15, questions=[maxout])
