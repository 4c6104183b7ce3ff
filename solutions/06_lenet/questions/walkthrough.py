"""walkthrough: 5 points. The layers that a slide walks through, from 32x32x3 to ten scores."""

import keras
from keras import layers

from autograder.rubric import Group, Mistake, Model, any_of, images, look

# --- right answers in other styles ------------------------------------------------------------------------------------


def functional(shape, filters, classes):
    """Functional, the activation as a layer, Reshape for Flatten, names of one's own."""
    x = keras.Input(shape, name="picture")
    y = layers.ReLU()(layers.Conv2D(filters, (5, 5), strides=1, padding="same", name="edges")(x))
    y = layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2))(y)
    y = layers.Reshape((y.shape[1] * y.shape[2] * y.shape[3],))(y)
    return keras.Model(x, layers.Dense(classes, activation="linear", name="scores")(y))


class Walk(keras.Model):
    """Subclassed, with the activation as an operation."""

    def __init__(self, filters, classes):
        super().__init__()
        self.conv = layers.Conv2D(filters, 5, padding="same")
        self.pool = layers.MaxPooling2D()
        self.flat = layers.Flatten()
        self.scores = layers.Dense(classes)

    def call(self, x):
        """CONV, RELU, POOL, FC."""
        return self.scores(self.flat(self.pool(keras.ops.relu(self.conv(x)))))


def subclassed(shape, filters, classes):
    """Built by calling it once."""
    model = Walk(filters, classes)
    model(keras.ops.zeros((1, *shape)))
    return model


def one_by_one(shape, filters, classes):
    """Sequential, layer by layer."""
    model = keras.Sequential()
    model.add(keras.Input(shape))
    model.add(layers.Conv2D(filters, 5, padding="SAME".lower()))
    model.add(layers.Activation("relu"))
    model.add(layers.MaxPool2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(classes))
    return model


# --- the question -----------------------------------------------------------------------------------------------------

slide = {"shape": (32, 32, 3), "filters": 12, "classes": 10}
other = {"shape": any_of((12, 20, 1), (20, 14, 3), (16, 10, 2)), "filters": any_of(4, 7, 9), "classes": any_of(7, 5, 12)}

walkthrough = Model(
    "walkthrough",
    points=5,
    groups=[
        Group("layers", 1, [look("the layers in their order", "layers", **slide)]),
        Group("shapes", 1, [look("the slide's sizes", "shapes", **slide), look("another image, not square", "shapes", **other)]),
        Group("parameters", 1, [look("the parameters of each layer", "parameters", **slide),
                                look("those of another image", "parameters", **other)]),
        Group("activations", 1, [look("which activation stands where", "activations", **slide)]),
        Group("function", 1, [look("the same numbers come out", "function", x=images(2, 12, 10, 3), shape=(12, 10, 3),
                                   filters=any_of(4, 6, 5), classes=any_of(7, 5, 12))]),
    ],
    mistakes=[
        Mistake("padding forgotten", edit=('padding="same", activation', "activation"),
                say="Without padding a 5×5 kernel takes two rows and columns off each side; on the slide the size stays 32×32."),
        Mistake("kernel 3x3", edit=("(filters, 5,", "(filters, 3,"),
                say="Your kernel is 3×3. That keeps the slide's sizes too, but 5×5 is asked for."),
        Mistake("no activation", edit=('padding="same", activation="relu"', 'padding="same"'),
                say="The slide's RELU is missing. Without it convolution and scores are one linear map."),
        Mistake("relu after the scores", edit=("Dense(classes)", 'Dense(classes, activation="relu")'),
                say="A ReLU stands behind the scores. It makes every negative score 0, and classes that got 0 cannot be told apart "
                    "any more."),
        Mistake("softmax in the model", edit=("Dense(classes)", 'Dense(classes, activation="softmax")'),
                say="The slide's last layer gives scores. The softmax belongs to the loss here."),
        Mistake("relu after the pooling only", edit=('activation="relu"),\n            layers.MaxPooling2D(2),',
                                                     '),\n            layers.MaxPooling2D(2),\n            layers.ReLU(),'),
                say="The ReLU stands behind the pooling. With a maximum the numbers are the same, but the slide takes it before, "
                    "and with a mean it would matter."),
        Mistake("flatten forgotten", edit=("            layers.Flatten(),\n", ""),
                say="Dense works on the last axis: without `Flatten` there are scores for every place instead of one set for the "
                    "image."),
        Mistake("mean over all places", edit=("layers.Flatten()", "layers.GlobalAveragePooling2D()"),
                say="The slide connects each score with all numbers of the volume before. Your pooling over the whole map leaves "
                    "one number for each filter."),
        Mistake("average pooling", edit=("layers.MaxPooling2D(2)", "layers.AveragePooling2D(2)"),
                say="The slide pools by the maximum; yours takes the mean."),
        Mistake("pooling with stride 1", edit=("layers.MaxPooling2D(2)", "layers.MaxPooling2D(2, strides=1)"),
                say="Your windows start one pixel apart, so almost nothing is taken away. On the slide the size is halved."),
    ],
    variants=[functional, subclassed, one_by_one],
)
