"""train_with_drop: 6 points. Momentum, a rate that drops once, running statistics that move."""

from autograder.rubric import Group, Mistake, Training, after, any_of, numbers
from autograder.rubric.draw import Recipe

x = numbers(12, 6)
y = Recipe(lambda dice: dice.integers(12, 3))
rate, drop, updates = any_of(0.25, 0.125, 0.1875), any_of(3, 2), any_of(5, 6)
run = {"x": x, "y": y, "rate": rate, "drop": drop, "updates": updates}

# --- right answers in other styles ------------------------------------------------------------------------------------


def by_schedule(model, x, y, rate, drop, updates):
    """The rate as a schedule, in a graph, losses as fit keeps them."""
    import keras

    rates = keras.optimizers.schedules.PiecewiseConstantDecay([drop - 1], [rate, rate / 10])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rates, momentum=0.9), loss, jit_compile=False)
    return model.fit(x, y, batch_size=len(x), epochs=updates, shuffle=False, verbose=0).history["loss"]


def by_callback(model, x, y, rate, drop, updates):
    """A callback that says the rate of each epoch; an epoch is one update here."""
    import keras

    optimizer = keras.optimizers.SGD(learning_rate=rate, momentum=0.9)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=True)
    dropped = keras.callbacks.LearningRateScheduler(lambda epoch, _: rate if epoch < drop else rate * 0.1)
    return model.fit(x, y, batch_size=12, epochs=updates, callbacks=[dropped], verbose=0).history["loss"]


train_with_drop = Training(
    "train_with_drop",
    points=6,
    model="small_residual",
    groups=[
        Group("the loss falls", 1, [after("the loss is lower afterwards", "falls", **run)]),
        Group("what moves", 1, [after("all weights move, and the running statistics", "moved", **run)]),
        Group("updates", 1, [after("as many updates as asked", "updates", **run)]),
        Group("losses", 1, [after("a loss for each update, taken before it", "losses", **run)]),
        Group("weights", 2, [after("the weights at the end", "weights", **run)]),
    ],
    mistakes=[
        Mistake("never dropped", edit=("if update == drop:", "if False:"),
                say="The rate never drops: all updates are made with `rate`."),
        Mistake("one update late", edit=("if update == drop:", "if update == drop + 1:"),
                say="The rate drops one update too late: `drop` updates are made with the large one, counted from 1."),
        Mistake("one update early", edit=("if update == drop:", "if update == drop - 1:"),
                say="The rate drops one update too early: `drop` updates are made with the large one."),
        Mistake("dropped again and again", edit=("if update == drop:\n            model.optimizer.learning_rate = rate / 10",
                                                 "if update >= drop:\n            model.optimizer.learning_rate = rate / 10 ** (update - drop + 1)"),
                say="The rate is divided by 10 at each update after the drop. It drops once and stays there."),
        Mistake("no momentum", edit=("SGD(rate, momentum=0.9)", "SGD(rate)"),
                say="These are steps of plain gradient descent: the momentum of 0.9 is missing."),
        Mistake("compiled anew at the drop",
                edit=("model.optimizer.learning_rate = rate / 10",
                      "model.compile(keras.optimizers.SGD(rate / 10, momentum=0.9), loss, run_eagerly=True)"),
                say="You compile again for the drop. A new optimizer has forgotten its momentum: change the rate of the one you have."),
        Mistake("scores taken for probabilities", edit=("from_logits=True", "from_logits=False"),
                say="The model gives scores, not probabilities: the loss must know, by `from_logits=True`."),
        Mistake("batch norm frozen", edit=("    losses = []\n", "    losses = []\n    for layer in model.layers:\n        layer.trainable = not layer.name.startswith(\"norm\")\n    model.compile(model.optimizer, loss, run_eagerly=True)\n"),
                say="The batch norms were frozen: neither their gamma and beta nor their running statistics moved."),
        Mistake("one update too few", edit=("range(updates)", "range(updates - 1)"),
                say="There is one update less than `updates`."),
    ],
    variants=[by_schedule, by_callback],
)
