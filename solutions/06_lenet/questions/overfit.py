"""overfit: 5 points. The second rung of the ladder: fifty images must be learnt by heart."""

import keras
import numpy as np

from autograder.rubric import Group, Mistake, Training, after, images
from autograder.rubric.draw import Recipe

x = images(50, 12, 12, 1).map(lambda x: np.abs(x) / 2)
y = Recipe(lambda dice: dice.integers(50, 10))
run = {"x": x, "y": y}


def by_fit(model, x, y):
    """With fit, and the losses that it keeps: one batch an epoch, so one loss an update."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.03), loss=loss, jit_compile=False)
    return model.fit(x, y, batch_size=50, epochs=60, shuffle=False, verbose=0).history["loss"]


def until_all_right(model, x, y):
    """One-hot labels, gradient descent with momentum, until every image has its label."""
    model.compile(keras.optimizers.RMSprop(0.01), keras.losses.CategoricalCrossentropy(from_logits=True), jit_compile=False)
    wanted, losses = np.eye(10)[y], []
    for update in range(400):
        losses.append(float(model.train_on_batch(x, wanted)))
        if update % 25 == 0 and (np.argmax(model.predict_on_batch(x), axis=1) == y).all():
            break
    return losses


TRAIN = "[float(model.train_on_batch(x, y)) for _ in range(100)]"

overfit = Training(
    "overfit",
    points=5,
    model="little_net",
    groups=[
        Group("the loss at the start", 1, [after("the first loss is the one before any update", "start", **run)]),
        Group("the loss falls", 1, [after("the loss is lower afterwards", "falls", **run)]),
        Group("every layer learns", 1, [after("all weights move", "moved", **run)]),
        Group("fifty of fifty", 2, [after("every image gets its own label", "fits", **run)]),
    ],
    mistakes=[
        Mistake("scores taken for probabilities", edit=("from_logits=True", "from_logits=False"),
                say="The model gives scores, and your loss takes them for probabilities. Tell it with `from_logits=True`; the first "
                    "loss should be near log 10."),
        Mistake("one update", edit=("range(100)", "range(1)"),
                say="One step goes downhill, but one step is not enough to learn fifty images."),
        Mistake("steps too large", edit=("Adam(0.01)", "SGD(300.0)"),
                say="Your steps are too large: the loss goes up instead of down."),
        Mistake("loss after the training", edit=(f"return {TRAIN}", f"_ = {TRAIN}\n    return [float(model.test_on_batch(x, y))]"),
                say="You return the loss after the training. The first loss tells whether all is wired up rightly: keep the one "
                    "before each update."),
        Mistake("all but the last layer frozen", edit=("    loss =", "    for layer in model.layers[:-1]:\n        layer.trainable = False\n    loss ="),
                say="Only the last layer learns. Let all layers be trained here: a frozen one is what this rung is to find."),
    ],
    variants=[by_fit, until_all_right],
)
