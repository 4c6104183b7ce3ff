"""glyph_net: 6 points, for a trained network that is handed in as a file. Labels never leave the grader."""

import functools

import keras
import numpy as np
from keras import layers

from autograder.rubric import Band, Mistake, Trained
from autograder.rubric.spoiled import before, changed
from common.data import glyphs
from common.training import cosine, fit

PUBLIC, HIDDEN = 500, 2000  # images that a check looks at, and that grade


def unseen(dice):
    """Digits in the fonts of the test part, of a seed that is far from those one types."""
    seed = 0 if dice.public else int(dice.integers(1, 2**31)[0]) + 1_000_000
    test = glyphs(train=0, validation=0, test=PUBLIC if dice.public else HIDDEN, seed=seed).test
    return test.images, test.labels


# --- right answers in other styles ------------------------------------------------------------------------------------


@functools.cache
def modern():
    """Max pooling, ReLU, batch norm, dropout and a softmax, functional. Trained once for all sheets."""
    keras.utils.set_random_seed(2)
    x = y = keras.Input((28, 28, 1))
    for filters in (8, 16):
        y = layers.MaxPooling2D()(layers.ReLU()(layers.BatchNormalization(momentum=0.9)(layers.Conv2D(filters, 5, padding="same")(y))))
    y = layers.Dropout(0.2)(layers.Flatten()(y))
    model = keras.Model(x, layers.Dense(10, activation="softmax")(y))
    fit(model, glyphs(train=5000), epochs=4, schedule=cosine(0.004, 4), show=False)
    return model


class Own(keras.Model):
    """Subclassed, its layers in a list."""

    def __init__(self):
        super().__init__()
        self.parts = [layers.Conv2D(8, 5, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(24, 5, activation="relu"),
                      layers.MaxPooling2D(), layers.Flatten(), layers.Dense(80, activation="relu"), layers.Dense(10)]

    def call(self, x):
        """One after the other."""
        for part in self.parts:
            x = part(x)
        return x


@functools.cache
def plain_keras():
    """Keras' own compile and fit, one-hot labels, steps that shrink by themselves. Trained once for all sheets."""
    keras.utils.set_random_seed(3)
    data = glyphs(train=6000).train
    model, smaller = Own(), keras.optimizers.schedules.CosineDecay(0.003, 4 * 94)
    model.compile(keras.optimizers.Adam(smaller), keras.losses.CategoricalCrossentropy(from_logits=True), jit_compile=False)
    model.fit(data.images / np.float32(255), np.eye(10)[data.labels], batch_size=64, epochs=4, verbose=0)
    return model


# --- the question -----------------------------------------------------------------------------------------------------


def untrained(right):
    """Weights as they were drawn."""
    drawn = keras.initializers.RandomNormal(seed=4)
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, kernel_initializer=drawn)])


glyph_net = Trained(
    "glyph_net",
    points=6,
    bands=[Band(0.80, 2), Band(0.90, 2), Band("calibrated", 2)],
    data=unseen,
    classes=10,
    mistakes=[
        Mistake("trained on bytes", by=lambda right: before(right, layers.Rescaling(1 / 255)),
                say="Your network does well on pixels from 0 to 255. It is given 0 to 1: `fit` divides by 255, and so must you if "
                    "you train without it."),
        Mistake("divided twice", by=lambda right: before(right, layers.Rescaling(255.0)),
                say="Your network was trained on pixels that were divided by 255 twice; it is given values from 0 to 1."),
        Mistake("classes shifted", by=lambda right: changed(right, lambda w, b: (np.roll(w, 1, 1), np.roll(b, 1))),
                say="Your network's score number 0 is not that of the digit 0: the classes are shifted by one."),
        Mistake("rows and columns exchanged", by=lambda right: before(right, layers.Permute((2, 1, 3))),
                say="Your network reads images with rows and columns exchanged."),
        Mistake("never trained", by=untrained,
                say="Your network guesses: was it saved before it was trained?"),
        Mistake("always one digit", by=lambda right: changed(right, lambda w, b: (w * 0, b)),
                say="Your network gives the same digit for every image: training went astray, perhaps with too large steps."),
    ],
    variants=[modern, plain_keras],
)
