"""What counts in 08_training: the loss falls, the frozen layer stays, the steps are as many and as long as asked."""

import keras

from autograder.rubric import Assignment, Group, Mistake, Training, after, any_of, numbers
from autograder.rubric.draw import Recipe

x = numbers(12, 6)
y = Recipe(lambda dice: dice.integers(12, 3))
rate, updates = any_of(0.25, 0.125, 0.375), any_of(4, 3, 5)
run = {"x": x, "y": y, "rate": rate, "updates": updates}


def compiled(model, x, y, rate, updates):
    """In a graph, frozen by the name of the layer, losses as they are kept by fit."""
    model.get_layer("features").trainable = False
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.learning_rate = rate
    return model.fit(x, y, batch_size=len(x), epochs=updates, verbose=0).history["loss"]


def by_hand(model, x, y, rate, updates):
    """The gradient of the last layer written out; no optimizer at all."""
    features = keras.Model(model.inputs, model.layers[-2].output)
    losses = []
    for _ in range(updates):
        inside = keras.ops.convert_to_numpy(features(x))
        w, b = model.layers[-1].get_weights()
        p = keras.ops.convert_to_numpy(keras.ops.softmax(inside @ w + b))
        losses.append(float(-keras.ops.mean(keras.ops.log(p[range(len(y)), y]))))
        p[range(len(y)), y] -= 1
        model.layers[-1].set_weights([w - rate * inside.T @ p / len(y), b - rate * p.sum(0) / len(y)])
    return losses


finetune = Training(
    "finetune",
    points=6,
    model="small_net",
    groups=[
        Group("the loss falls", 2, [after("the loss is lower afterwards", "falls", **run)]),
        Group("what moves", 2, [after("only the last layer moves", "moved", **run)]),
        Group("losses", 1, [after("a loss for each update", "losses", **run)]),
        Group("weights", 1, [after("the weights at the end", "weights", **run)]),
    ],
    mistakes=[
        Mistake("nothing frozen", edit=("layer.trainable = False", "layer.trainable = True"),
                say="All layers were trained. Set `trainable = False` on those that shall stay, before `compile`."),
        Mistake("the head frozen", edit=("model.layers[:-1]", "model.layers[-1:]"),
                say="You froze the last layer and trained the others. It is the other way round."),
        Mistake("scores taken for probabilities", edit=("from_logits=True", "from_logits=False"),
                say="The model gives scores, not probabilities: the loss must know, by `from_logits=True`."),
        Mistake("uphill", edit=("SGD(rate)", "SGD(-rate)"),
                say="The loss rises: you step along the gradient, not against it."),
        Mistake("one update too few", edit=("range(updates)", "range(updates - 1)"),
                say="There is one update less than `updates`."),
        Mistake("rate ignored", edit=("SGD(rate)", "SGD()"),
                say="You use the optimizer's own learning rate instead of `rate`."),
        Mistake("only measured", edit=("train_on_batch", "test_on_batch"),
                say="The loss is measured but nothing is learned: no weight changes."),
    ],
    variants=[compiled, by_hand],
)

assignment = Assignment("Fine tuning", minutes=10, questions=[finetune])
