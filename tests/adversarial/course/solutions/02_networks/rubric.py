"""Three questions of a few points: a model, a trained model in a file, and a function that is left alone."""

import numpy as np

from autograder.rubric import (
    Assignment,
    Band,
    Function,
    Group,
    Mistake,
    Model,
    Trained,
    any_of,
    case,
    images,
    look,
    signal,
)

units = any_of(5, 6, 7)

network = Model(
    "network",
    points=4,
    groups=[
        Group("function", 2, [look("the same numbers come out", "function", x=images(3, 4, 4, 1), units=units)]),
        Group("layers", 1, [look("the layers in their order", "layers", units=units)]),
        Group("parameters", 1, [look("the parameters in all", "total", units=units)]),
    ],
    mistakes=[Mistake("no relu", edit=(', activation="relu"', ""), say="The hidden layer is followed by a ReLU.")],
    seconds=10.0,
    memory_mib=512,
)


def bright(dice):
    """200 images of noise with one bright corner, and which one it is."""
    labels = dice.integers(200, 4)
    noise = dice.integers(200 * 16, 64).reshape(200, 2, 2, 2, 2) / 64  # image, row of corners, row, column of corners, column
    noise[np.arange(200), labels // 2, :, labels % 2] += 0.75
    return noise.reshape(200, 4, 4, 1), labels


corners = Trained("corners", points=4, bands=[Band(0.6, 2), Band(0.9, 2)], data=bright, classes=4)

halve = Function(
    "halve",
    points=2,
    groups=[Group("halves", 2, [case("a few values", signal(any_of(4, 5, 6)), fresh=2)])],
    mistakes=[Mistake("doubled", by=lambda right, x: 2 * x, say="This is the double, not the half.")],
    variants=[lambda x: x * 0.5],
)

assignment = Assignment("Networks", minutes=10, questions=[network, corners, halve])
