"""lenet5: 9 points. The whole network, 61,706 parameters for ten classes."""

import keras
from keras import layers

from autograder.rubric import Group, Mistake, Model, any_of, images, look

# --- right answers in other styles ------------------------------------------------------------------------------------


def functional(classes=10):
    """Functional, activations as layers and operations, Reshape for Flatten, the zeros by hand, names of one's own."""
    x = keras.Input((28, 28, 1), name="scan")
    y = layers.Conv2D(6, (5, 5), padding="same", name="C1")(x)
    y = layers.AvgPool2D((2, 2), strides=(2, 2))(layers.Activation("tanh")(y))
    y = layers.AveragePooling2D(2)(keras.ops.tanh(layers.Conv2D(16, 5, name="C3")(y)))
    y = layers.Activation(keras.activations.tanh)(layers.Conv2D(120, kernel_size=5, name="C5")(y))
    y = layers.Dense(84, activation="tanh", name="F6")(layers.Reshape((120,))(y))
    return keras.Model(x, layers.Dense(classes, activation=None, name="scores")(y))


class LeNet(keras.Model):
    """Subclassed, the features a Sequential inside."""

    def __init__(self, classes):
        super().__init__()
        self.features = keras.Sequential([
            layers.Conv2D(6, 5, padding="same", activation="tanh"), layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"), layers.AveragePooling2D(2),
            layers.Conv2D(120, 5, activation="tanh"), layers.Flatten(),
        ])
        self.hidden = layers.Dense(84, activation="tanh")
        self.scores = layers.Dense(classes)

    def call(self, x):
        """Features, then the two dense layers."""
        return self.scores(self.hidden(self.features(x)))


def subclassed(classes=10):
    """Built by its input's shape."""
    model = LeNet(classes)
    model.build((None, 28, 28, 1))
    return model


def by_loop(classes=10):
    """Sequential, made in a loop."""
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters, padding in ((6, "same"), (16, "valid")):
        for each in (layers.Conv2D(filters, 5, 1, padding, activation=keras.ops.tanh), layers.AveragePooling2D((2, 2))):
            model.add(each)
    for each in (layers.Conv2D(120, 5), layers.Activation("tanh"), layers.Flatten(), layers.Dense(84), layers.Activation("tanh")):
        model.add(each)
    model.add(layers.Dense(classes))
    return model


# --- a mistake that is longer than a line -----------------------------------------------------------------------------


def not_padded(right, classes=10):
    """Images of 28x28 as they are; where C5's kernel finds no place, a dense layer: 44,426 parameters."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 5, activation="tanh"), layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"), layers.AveragePooling2D(2),
        layers.Flatten(), layers.Dense(120, activation="tanh"), layers.Dense(84, activation="tanh"), layers.Dense(classes),
    ])


# --- the question -----------------------------------------------------------------------------------------------------

SECOND = '            layers.Conv2D(16, 5, activation="tanh", name="conv2"),\n'
HIDDEN = '            layers.Dense(84, activation="tanh"),\n'
LAST = "layers.Dense(classes)"

lenet5 = Model(
    "lenet5",
    points=9,
    groups=[
        Group("layers", 1, [look("the layers in their order", "layers")]),
        Group("settings", 2, [look("filters, kernels, padding and units", "settings")]),
        Group("shapes", 1, [look("the shape that each layer gives", "shapes")]),
        Group("parameters", 2, [look("the parameters of each layer", "parameters"), look("61,706 in all", "total")]),
        Group("activations", 1, [look("which activation stands where", "activations")]),
        Group("other classes", 1, [look("as many scores as classes", "settings", classes=any_of(36, 26, 12))]),
        Group("function", 1, [look("the same numbers come out", "function", x=images(2, 28, 28, 1), classes=any_of(10, 7, 12))]),
    ],
    mistakes=[
        Mistake("padding forgotten", by=not_padded,
                say="Your first convolution does not pad: its maps are 24×24, S4 gives 4×4, and C5's kernel of 5×5 has no room left. "
                    "LeNet-5 was drawn for images of 32×32."),
        Mistake("padding everywhere", edit=("(16, 5,", '(16, 5, padding="same",'),
                say="Only the first convolution pads. The second takes two rows and columns off each side: 14×14 become 10×10."),
        Mistake("16 filters in conv3", edit=("120, 5,", "16, 5,"),
                say="Your third convolution has 16 filters; the table says 120. From there on a map is one number."),
        Mistake("conv3 by a dense layer", edit=('            layers.Conv2D(120, 5, activation="tanh", name="conv3"),\n            layers.Flatten(),\n',
                                                '            layers.Flatten(),\n            layers.Dense(120, activation="tanh"),\n'),
                say="Your C5 is a dense layer. On 5×5 maps that computes the same, but the table asks for a convolution: it also "
                    "works on larger images."),
        Mistake("max pooling", edit=(SECOND + "            layers.AveragePooling2D(2)", SECOND + "            layers.MaxPooling2D(2)"),
                say="S4 takes the mean of each window. Max pooling came later."),
        Mistake("relu", edit=('16, 5, activation="tanh"', '16, 5, activation="relu"'),
                say="The second convolution is followed by tanh here; ReLU was not in use in 1998."),
        Mistake("no activation", edit=('84, activation="tanh"', "84"),
                say="F6 has no activation. Without one it and the scores are one linear map."),
        Mistake("softmax in the model", edit=(LAST, 'layers.Dense(classes, activation="softmax")'),
                say="The last layer should give scores. A softmax here and one more in the loss is a softmax taken twice: training "
                    "still runs, and hardly learns."),
        Mistake("relu after the scores", edit=(LAST, 'layers.Dense(classes, activation="relu")'),
                say="A ReLU stands behind the scores: a class whose score is negative gets 0 and no gradient."),
        Mistake("F6 forgotten", edit=(HIDDEN, ""),
                say="Between the 120 numbers and the scores stands one more dense layer, F6. The slides leave it out too."),
        Mistake("no bias", edit=("(16, 5,", "(16, 5, use_bias=False,"),
                say="Your second convolution has no biases: 16 parameters are missing."),
        Mistake("always ten classes", edit=(LAST, "layers.Dense(10)"),
                say="`classes` has no effect: your network always gives ten scores."),
        Mistake("kernel 3x3", edit=("(6, 5,", "(6, 3,"),
                say="The first kernel is 3×3. All three convolutions of LeNet-5 are 5×5."),
    ],
    variants=[functional, subclassed, by_loop],
)
