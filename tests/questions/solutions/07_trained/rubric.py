"""What counts in 07_trained: how many unseen digits are right. Labels never leave the grader."""

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits

from autograder.rubric import Assignment, Band, Mistake, Trained
from autograder.rubric.spoiled import before, changed


def digits(dice):
    """200 digits that the master does not train on; hidden ones come from other pages than the public ones."""
    x, y = load_digits(return_X_y=True)
    first, last = (1000, 1250) if dice.public else (1250, len(x))
    chosen = first + np.unique(dice.integers(400, last - first))
    return x[chosen].reshape(-1, 8, 8, 1) / 16, y[chosen]


def linear():
    """A linear model, softmax included, trained by another optimizer."""
    x, y = load_digits(return_X_y=True)
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="sparse_categorical_crossentropy", jit_compile=False)
    model.fit(x[:1000].reshape(-1, 8, 8, 1) / 16, y[:1000], batch_size=50, epochs=8, verbose=0)
    return model


def dense():
    """Functional, with dropout and batch norm."""
    x, y = load_digits(return_X_y=True)
    keras.utils.set_random_seed(3)
    image = keras.Input((8, 8, 1))
    z = layers.BatchNormalization()(layers.Dense(32, activation="relu")(layers.Flatten()(image)))
    model = keras.Model(image, layers.Dense(10, activation="softmax")(layers.Dropout(0.1)(z)))
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy", jit_compile=False)
    model.fit(x[:1000].reshape(-1, 8, 8, 1) / 16, y[:1000], batch_size=100, epochs=8, verbose=0)
    return model


digits_net = Trained(
    "digits_net",
    points=4,
    bands=[Band(0.6, 2), Band(0.85, 2)],
    data=digits,
    classes=10,
    scales=(16.0, 1 / 16, 255.0),
    mistakes=[
        Mistake("not divided by 16", by=lambda right: before(right, layers.Rescaling(1 / 16), layers.Rescaling(1.0, offset=0.0)),
                say="Your model does well on pixels from 0 to 16. The task divides them by 16, before training and after."),
        Mistake("classes shifted", by=lambda right: changed(right, lambda w, b: (np.roll(w, 1, 1), np.roll(b, 1))),
                say="Your model's score number 0 is not that of the digit 0: the classes are shifted by one."),
        Mistake("rows and columns exchanged", by=lambda right: before(right, layers.Permute((2, 1, 3))),
                say="Your model reads images with rows and columns exchanged."),
        Mistake("never trained", by=lambda right: keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10, "tanh", kernel_initializer=keras.initializers.RandomNormal(seed=4))]),
                say="Your model guesses: was it saved before it was trained?"),
        Mistake("always one digit", by=lambda right: changed(right, lambda w, b: (w * 0, b)),
                say="Your model gives the same digit for every image: training went astray, perhaps with too large steps."),
    ],
    variants=[linear, dense],
)

assignment = Assignment("A trained model", minutes=15, questions=[digits_net])
