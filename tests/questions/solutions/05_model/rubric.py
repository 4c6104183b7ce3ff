"""What counts in 05_model: each side of a model earns its own points."""

import keras
from keras import layers

from autograder.rubric import Assignment, Group, Mistake, Model, any_of, images, look

# --- lenet5 -----------------------------------------------------------------------------------------------------------


def functional():
    """Functional, activations as layers, Reshape for Flatten, names of one's own."""
    x = y = keras.Input((32, 32, 1), name="picture")
    for filters in (6, 16):
        y = layers.AveragePooling2D((2, 2), strides=2)(layers.Activation("tanh")(layers.Conv2D(filters, (5, 5))(y)))
    y = layers.Reshape((400,))(y)
    for units in (120, 84):
        y = keras.ops.tanh(layers.Dense(units)(y))
    return keras.Model(x, layers.Dense(10, activation="linear", name="scores")(y))


class LeNet(keras.Model):
    """Subclassed, with a Sequential inside."""

    def __init__(self):
        super().__init__()
        self.features = keras.Sequential([
            each for filters in (6, 16)
            for each in (layers.Conv2D(filters, 5, activation="tanh"), layers.AveragePooling2D(2))
        ])
        self.flat = layers.Flatten()
        self.dense = [layers.Dense(120, activation="tanh"), layers.Dense(84, activation="tanh"), layers.Dense(10)]

    def call(self, x):
        """Features, then the dense layers."""
        x = self.flat(self.features(x))
        for each in self.dense:
            x = each(x)
        return x


def subclassed():
    """Built by calling it once."""
    model = LeNet()
    model(keras.ops.zeros((1, 32, 32, 1)))
    return model


lenet5 = Model(
    "lenet5",
    points=6,
    groups=[
        Group("layers", 1, [look("the layers in their order", "layers")]),
        Group("shapes", 1, [look("the shape that each layer gives", "shapes")]),
        Group("parameters", 2, [look("the parameters of each layer", "parameters"), look("61,706 in all", "total")]),
        Group("activations", 1, [look("which activation stands where", "activations")]),
        Group("function", 1, [look("the same numbers come out", "function", x=images(3, 32, 32, 1))]),
    ],
    mistakes=[
        Mistake("max pooling", edit=('AveragePooling2D(2, name="pool2")', 'MaxPooling2D(2, name="pool2")'),
                say="LeNet-5 takes the mean of each window. Max pooling came later."),
        Mistake("relu", edit=('2D(6, 5, activation="tanh"', '2D(6, 5, activation="relu"'),
                say="The first convolution is followed by tanh; ReLU was not in use in 1998."),
        Mistake("padding kept the size", edit=("2D(6, 5,", '2D(6, 5, padding="same",'),
                say='Your first convolution pads, so its maps stay 32x32. Without padding they are 28x28.'),
        Mistake("no bias", edit=("(16, 5,", "(16, 5, use_bias=False,"),
                say="The second convolution has a bias for each filter, which makes 16 parameters more."),
        Mistake("softmax at the end", edit=("Dense(10)", 'Dense(10, activation="softmax")'),
                say="The last layer gives scores as they are. The softmax belongs to the loss here."),
        Mistake("a dense layer forgotten", edit=('            layers.Dense(84, activation="tanh"),\n', ""),
                say="Between 120 units and the 10 scores stands one more dense layer."),
    ],
    variants=[functional, subclassed],
)

# --- residual ---------------------------------------------------------------------------------------------------------


def shortcut_first(shape, filters, stride=2):
    """The projection written first, the sum with +, activations as arguments and operations."""
    x = keras.Input(shape)
    short = layers.BatchNormalization()(layers.Conv2D(filters, (1, 1), strides=(stride, stride))(x))
    y = keras.ops.relu(layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", strides=stride)(x)))
    y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(y))
    return keras.Model(x, layers.Activation("relu")(short + y))


class Unit(keras.layers.Layer):
    """A layer of one's own, made of built-in ones."""

    def __init__(self, filters, stride):
        super().__init__()
        self.first = layers.Conv2D(filters, 3, padding="same", strides=stride)
        self.second = layers.Conv2D(filters, 3, padding="same")
        self.project = layers.Conv2D(filters, 1, strides=stride)
        self.norms = [layers.BatchNormalization() for _ in range(3)]

    def call(self, x):
        """Both branches, the sum, the activation."""
        y = keras.ops.relu(self.norms[0](self.first(x)))
        return keras.ops.relu(self.norms[1](self.second(y)) + self.norms[2](self.project(x)))


def own_layer(shape, filters, stride=2):
    """The unit as a layer of one's own."""
    x = keras.Input(shape)
    return keras.Model(x, Unit(filters, stride)(x))


shape = any_of((8, 10, 4), (7, 6, 3), (9, 12, 5))
filters = any_of(6, 8, 5)

residual = Model(
    "residual",
    points=6,
    groups=[
        Group("layers", 1, [look("layers and their settings", "settings", shape=(8, 8, 4), filters=6)]),
        Group("shapes", 1, [look("stride 1", "shapes", shape=(8, 6, 4), filters=6, stride=1),
                            look("odd sizes, stride 2", "shapes", shape=(7, 9, 3), filters=5)]),
        Group("connections", 2, [look("where the sum is taken", "connections", shape=(8, 8, 4), filters=6)]),
        Group("parameters", 1, [look("parameters of each layer", "parameters", shape=(8, 8, 3), filters=any_of(6, 7, 9), fresh=2)]),
        Group("function", 1, [look("the same numbers come out", "function", x=images(2, 8, 10, 4), shape=(8, 10, 4),
                                   filters=any_of(6, 8, 5), fresh=2)]),
    ],
    mistakes=[
        Mistake("sum after the activation", edit=("layers.ReLU()(layers.Add()([y, short]))", "layers.Add()([layers.ReLU()(y), short])"),
                say="Add first, then ReLU: so the unit can also make its input smaller."),
        Mistake("no projection norm", edit=("    short = layers.BatchNormalization()(short)\n", ""),
                say="The projection has a batch norm of its own before the sum."),
        Mistake("concatenated", edit=("layers.Add()", "layers.Concatenate()"),
                say="The branches are added, not laid side by side: the output has `filters` channels."),
        Mistake("projection 3x3", edit=("layers.Conv2D(filters, 1, strides=stride)", 'layers.Conv2D(filters, 3, strides=stride, padding="same")'),
                say="The projection only has to match shapes: a kernel of 1x1 does."),
        Mistake("no activation inside", edit=("    y = layers.ReLU()(y)\n", ""),
                say="Between the two convolutions stands a ReLU; without it they are one linear map."),
        Mistake("no last activation", edit=("layers.ReLU()(layers.Add()([y, short]))", "layers.Add()([y, short])"),
                say="A ReLU follows the sum."),
    ],
    variants=[shortcut_first, own_layer],
)

assignment = Assignment("Models", minutes=20, questions=[lenet5, residual])
