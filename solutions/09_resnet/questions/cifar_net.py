"""cifar_net: 14 points. Plain and residual nets of every depth 6n + 2 from one builder."""

from autograder.rubric import Group, Mistake, Model, images, look

TINY = {"depth": 8, "shape": (12, 10, 3)}

# --- right answers in other styles ------------------------------------------------------------------------------------


def with_plus(depth, residual=True, without=None, shape=(32, 32, 3), classes=10):
    """Nested loops over stages and units, slices and ops.pad, the sum with +."""
    import keras
    from keras import layers, ops

    units = (depth - 2) // 6
    image = x = keras.Input(shape, name="pictures")
    x = layers.Conv2D(16, (3, 3), padding="same", use_bias=False)(x)
    x = ops.relu(layers.BatchNormalization()(x))
    for stage, filters in enumerate((16, 32, 64)):
        for unit in range(units):
            if stage * units + unit == without:
                continue
            stride = 2 if stage > 0 and unit == 0 else 1
            y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
            y = layers.Activation("relu")(layers.BatchNormalization()(y))
            y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y))
            if residual:
                if stride == 2:
                    x = ops.pad(x[:, ::2, ::2, :], [[0, 0], [0, 0], [0, 0], [0, filters // 2]])
                y = x + y
            x = layers.ReLU()(y)
    x = layers.Flatten()(layers.GlobalAveragePooling2D(keepdims=True)(x))
    return keras.Model(image, layers.Dense(classes, name="scores")(x))


def of_own_layers(depth, residual=True, without=None, shape=(32, 32, 3), classes=10):
    """A Sequential model of units that are layers of one's own."""
    import keras
    from keras import layers, ops

    class Unit(keras.layers.Layer):
        def __init__(self, filters, stride):
            super().__init__()
            self.filters, self.stride = filters, stride
            self.convs = [layers.Conv2D(filters, 3, strides=each, padding="same", use_bias=False) for each in (stride, 1)]
            self.norms = [layers.BatchNormalization() for _ in range(2)]

        def call(self, x):
            y = self.norms[1](self.convs[1](ops.relu(self.norms[0](self.convs[0](x)))))
            if residual and self.stride > 1:
                zeros = ops.zeros_like(x[:, ::2, ::2])
                x = ops.concatenate([x[:, ::2, ::2], zeros], -1)
            return ops.relu(layers.add([x, y]) if residual else y)

    units = (depth - 2) // 6
    chain = [Unit(16 * 2 ** (place // units), 2 if place in (units, 2 * units) else 1) for place in range(3 * units) if place != without]
    stem = [layers.Conv2D(16, 3, padding="same", use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    return keras.Sequential([keras.Input(shape), *stem, *chain, layers.GlobalAveragePooling2D(), layers.Dense(classes)])


# --- the question -----------------------------------------------------------------------------------------------------

cifar_net = Model(
    "cifar_net",
    points=14,
    groups=[
        Group("layers", 2, [look("the layers of ResNet-8 and their settings", "parameters", **TINY)]),
        Group("depth", 2, [
            look("ResNet-20 in all", "total", depth=20),
            look("plain-20 in all", "total", depth=20, residual=False),
        ]),
        Group("stages", 2, [look("the parameters of each stage", "stages", depth=20)]),
        Group("shortcuts", 3, [look("a sum for each unit, and what it adds", "sums", depth=14)]),
        Group("plain", 1, [look("no sums in a plain net", "sums", depth=14, residual=False),
                           look("the numbers of plain-8", "function", x=images(2, 12, 10, 3), residual=False, **TINY)]),
        Group("function", 2, [
            look("the numbers of ResNet-8, odd sizes, one channel", "function", x=images(2, 9, 7, 1), depth=8, shape=(9, 7, 1), classes=5),
        ]),
        Group("a unit left out", 2, [
            look("what is left without a unit", "stages", depth=14, without=3),
            look("how many sums are left", "sums", depth=14, without=3),
            look("a plain net without a unit", "total", depth=14, residual=False, without=3),
        ]),
    ],
    mistakes=[
        Mistake("a third too deep", edit=("(depth - 2) // 6", "depth // 6 + 1"),
                say="You have a unit too many in each stage. A unit has two layers, three stages of n units have 6n; two more are first and last."),
        Mistake("stride in the first stage too", edit=("stride = 2 if unit % count == 0 and unit else 1", "stride = 2 if unit % count == 0 else 1"),
                say="Your first stage shrinks the maps as well. Only the first units of the second and third stage have stride 2."),
        Mistake("never smaller", edit=("stride = 2 if unit % count == 0 and unit else 1", "stride = 1"),
                say="Your maps keep their size through all stages: the first unit of the second and of the third has stride 2."),
        Mistake("filters not doubled", edit=("filters = 16 * 2 ** (unit // count)", "filters = 16"),
                say="All your stages have 16 filters. They have 16, 32 and 64: where the maps shrink, the filters double."),
        Mistake("plain has shortcuts", by=lambda right, residual=True, **others: right(residual=True, **others),
                say="With `residual=False` your net still has shortcuts."),
        Mistake("projections", edit=("short = layers.MaxPooling2D(1, strides=2)(x)\n                short = ops.pad(short, ((0, 0), (0, 0), (0, 0), (0, filters // 2)))",
                                     "short = layers.BatchNormalization()(layers.Conv2D(filters, 1, strides=2, use_bias=False)(x))"),
                say="Your shortcuts have weights where shapes change (option B). Here they are option A, so that plain and residual weigh the same."),
        Mistake("added after the activation", edit=("x = layers.ReLU()(layers.Add()([short, y]) if residual else y)",
                                                    "x = layers.Add()([short, layers.ReLU()(y)]) if residual else layers.ReLU()(y)"),
                say="The shortcut is added after the activation. Add first, then ReLU."),
        Mistake("biases kept", edit=("y = layers.Conv2D(filters, 3, padding=\"same\", use_bias=False)(y)", "y = layers.Conv2D(filters, 3, padding=\"same\")(y)"),
                say="The second convolution of your units has a bias. The batch norm behind it takes the mean off again: leave it out."),
        Mistake("flattened", edit=("layers.GlobalAveragePooling2D()", "layers.Flatten()"),
                say="The last maps are flattened. Their mean per channel is asked: 64 numbers, whatever the size of the image."),
        Mistake("counted from 1", edit=("if unit == without:", "if unit + 1 == without:"),
                say="Units are counted from 0 in `without`; you left out the one before."),
        Mistake("never left out", edit=("if unit == without:", "if False:"),
                say="`without` has no effect: all units are there."),
    ],
    variants=[with_plus, of_own_layers],
    terms=20_000,
)
