"""residual: 12 points. The unit with its three shortcuts; zeros for missing channels can be had in many ways."""

from autograder.rubric import Group, Mistake, Model, images, look

SAME = {"shape": (8, 6, 4), "filters": 4}  # a unit that changes no shape
SMALLER = {"shape": (8, 10, 4), "filters": 6, "stride": 2}

# --- right answers in other styles ------------------------------------------------------------------------------------


def by_operations(shape, filters, stride=1, option="B"):
    """Slices, zeros laid beside the maps, the sum with +; the shortcut first."""
    import keras
    from keras import layers, ops

    image = keras.Input(shape, name="maps")
    project = option == "C" or (option == "B" and (stride != 1 or shape[-1] != filters))
    short = image
    if project:
        short = layers.Conv2D(filters, (1, 1), strides=(stride, stride), use_bias=False)(image)
        short = layers.BatchNormalization(name="norm_of_the_projection")(short)
    elif option == "A":
        short = image[:, ::stride, ::stride] if stride > 1 else image
        missing = filters - shape[-1]
        while missing > 0:
            some = min(missing, shape[-1])
            short = ops.concatenate([short, ops.zeros_like(short[..., :some])], axis=-1)
            missing -= some
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False, activation=None)(image)
    y = ops.relu(layers.BatchNormalization()(y))
    y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y))
    return keras.Model(image, ops.relu(short + y))


def own_layer(shape, filters, stride=1, option="B"):
    """The unit as a layer of one's own, in a Sequential model; zeros by ops.pad."""
    import keras
    from keras import layers, ops

    class Unit(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.convs = [layers.Conv2D(filters, 3, strides=each, padding="same", use_bias=False) for each in (stride, 1)]
            self.norms = [layers.BatchNormalization(), layers.BatchNormalization()]
            self.project = None
            if option == "C" or (option == "B" and (stride > 1 or shape[-1] != filters)):
                self.project = [layers.Conv2D(filters, 1, strides=stride, use_bias=False), layers.BatchNormalization()]

        def call(self, x):
            y = self.norms[0](self.convs[0](x))
            y = self.norms[1](self.convs[1](layers.Activation("relu")(y)))
            if self.project:
                x = self.project[1](self.project[0](x))
            elif option == "A":
                x = ops.pad(x[:, ::stride, ::stride, :], [[0, 0], [0, 0], [0, 0], [0, filters - shape[-1]]])
            return ops.relu(ops.add(x, y))

    return keras.Sequential([keras.Input(shape), Unit()])


def by_built_in_layers(shape, filters, stride=1, option="B"):
    """No operation at all: a pooling window of 1 thins out, channels are padded as if they were columns."""
    import keras
    from keras import layers

    image = keras.Input(shape)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(image)
    y = layers.Activation("relu")(layers.BatchNormalization()(y))
    y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y))
    short = image
    if option == "C" or (option == "B" and tuple(y.shape) != tuple(image.shape)):
        short = layers.BatchNormalization()(layers.Conv2D(filters, 1, strides=stride, use_bias=False)(image))
    if option == "A":
        short = layers.AveragePooling2D(1, strides=stride)(short)
        short = layers.ZeroPadding2D(((0, 0), (0, filters - shape[-1])))(layers.Permute((1, 3, 2))(short))
        short = layers.Permute((1, 3, 2))(short)
    return keras.Model(image, layers.Activation("relu")(layers.Add()([short, y])))


# --- the question -----------------------------------------------------------------------------------------------------

residual = Model(
    "residual",
    points=12,
    groups=[
        Group("the branch", 2, [look("two convolutions and their settings", "settings", **SAME)]),
        Group("where the sum is", 2, [
            look("an identity shortcut", "connections", **SAME),
            look("what is added where shapes change", "sums", **SMALLER),
        ]),
        Group("option B", 2, [
            look("a projection where shapes change", "settings", **SMALLER),
            look("odd sizes", "shapes", shape=(7, 8, 3), filters=5, stride=2),
        ]),
        Group("more filters, same size", 1, [
            look("a projection for the channels alone", "sums", shape=(7, 8, 3), filters=5, stride=1),
        ]),
        Group("option A", 2, [
            look("no weights in the shortcut", "total", option="A", **SMALLER),
            look("the numbers that come out, zeros after the channels", "function", x=images(2, 7, 8, 3), shape=(7, 8, 3),
                 filters=5, stride=2, option="A"),
        ]),
        Group("option C", 1, [look("a projection where nothing changes", "sums", option="C", **SAME)]),
        Group("function", 2, [
            look("the numbers of an identity unit", "function", x=images(2, 8, 6, 4), **SAME),
            look("the numbers of option B", "function", x=images(2, 7, 8, 3), shape=(7, 8, 3), filters=5, stride=2),
        ]),
    ],
    mistakes=[
        Mistake("added after the activation", edit=("layers.ReLU()(layers.Add()([short, y]))", "layers.Add()([short, layers.ReLU()(y)])"),
                say="The shortcut is added after the activation. Add first, then ReLU: so a branch can also take something away."),
        Mistake("no last activation", edit=("layers.ReLU()(layers.Add()([short, y]))", "layers.Add()([short, y])"),
                say="The ReLU behind the sum is missing."),
        Mistake("laid side by side", edit=("layers.Add()", "layers.Concatenate()"),
                say="Shortcut and branch are added, not laid side by side: the output has `filters` channels."),
        Mistake("no activation inside", edit=("    y = layers.ReLU()(y)\n", ""),
                say="Between the two convolutions stands a ReLU; without it they are one linear map."),
        Mistake("ReLU in front of the norm", edit=("    y = layers.BatchNormalization()(y)\n    y = layers.ReLU()(y)\n", "    y = layers.ReLU()(y)\n    y = layers.BatchNormalization()(y)\n"),
                say="Your inner ReLU stands in front of the batch norm. The order is convolution, norm, ReLU."),
        Mistake("stride in both convolutions", edit=('y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)',
                                                     'y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(y)'),
                say="Both convolutions of your branch have the stride. Only the first one has it, or the maps shrink twice."),
        Mistake("stride 1 in the projection", edit=("layers.Conv2D(filters, 1, strides=stride, use_bias=False)", "layers.Conv2D(filters, 1, use_bias=False)"),
                say="The projection has stride 1, so the sum cannot match: give it the stride of the branch."),
        Mistake("projection without its norm", edit=("        short = layers.BatchNormalization()(short)\n", ""),
                say="The projection has a batch norm of its own before the sum."),
        Mistake("projection of 3x3", edit=("layers.Conv2D(filters, 1, strides=stride, use_bias=False)",
                                           'layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)'),
                say="The projection only has to match shapes: a kernel of 1x1 does."),
        Mistake("projection for the stride only", edit=("stride > 1 or shape[-1] != filters", "stride > 1"),
                say="With more filters and stride 1 your shortcut keeps its old channels, so the sum cannot match. Option B projects there too."),
        Mistake("always projected", edit=('option == "C" or', 'option != "A" or'),
                say="Option B projects only where shapes change. Elsewhere the input itself is added, without a weight."),
        Mistake("C taken for B", edit=('option == "C" or (option == "B" and (stride > 1 or shape[-1] != filters))',
                                       'option in ("B", "C") and (stride > 1 or shape[-1] != filters)'),
                say="Option C projects everywhere, also where the shapes are the same already."),
        Mistake("means instead of thinning out", edit=("layers.MaxPooling2D(1, strides=stride)", 'layers.AveragePooling2D(stride, strides=stride, padding="same")'),
                say="Your option A takes means of neighbouring pixels. Asked is every `stride`-th pixel as it is, the first one first."),
        Mistake("zeros before the channels", edit=("(0, filters - shape[-1])", "(filters - shape[-1], 0)"),
                say="Your zeros stand before the input's channels. They stand after them: channel 0 meets channel 0."),
        Mistake("with biases", edit=("layers.Conv2D(filters, 3, strides=stride, padding=\"same\", use_bias=False)", "layers.Conv2D(filters, 3, strides=stride, padding=\"same\")"),
                say="The first convolution has a bias. The batch norm behind it takes the mean off again, so a bias has nothing to do there."),
    ],
    variants=[by_operations, own_layer, by_built_in_layers],
)
