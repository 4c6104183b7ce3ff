"""resnet: 12 points. ResNet-18 to ResNet-152 from one table; the largest is described and never made."""

from autograder.rubric import Group, Mistake, Model, images, look

# --- right answers in other styles ------------------------------------------------------------------------------------


def by_stages(depth, shape=(224, 224, 3), classes=1000, width=64):
    """Functional, two kinds of unit as functions of their own, zeros around the image written out."""
    import keras
    from keras import layers, ops

    def norm(x):
        return layers.BatchNormalization()(x)

    def basic(x, filters, stride):
        y = ops.relu(norm(layers.Conv2D(filters, 3, stride, "same", use_bias=False)(x)))
        return norm(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y))

    def bottleneck(x, filters, stride):
        y = ops.relu(norm(layers.Conv2D(filters, 1, stride, use_bias=False)(x)))
        y = ops.relu(norm(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)))
        return norm(layers.Conv2D(4 * filters, 1, use_bias=False)(y))

    counts = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}[depth]
    image = keras.Input(shape)
    x = ops.relu(norm(layers.Conv2D(width, 7, 2, "same", use_bias=False)(image)))
    x = layers.MaxPooling2D(3, 2, "same")(x)
    for stage in range(4):
        for unit in range(counts[stage]):
            stride = 1 + (stage > 0 and unit == 0)
            y = (basic if depth < 50 else bottleneck)(x, width * 2**stage, stride)
            if tuple(x.shape) != tuple(y.shape):
                x = norm(layers.Conv2D(y.shape[-1], 1, stride, use_bias=False)(x))
            x = ops.relu(x + y)
    return keras.Model(image, layers.Dense(classes)(layers.GlobalAveragePooling2D()(x)))


def subclassed(depth, shape=(224, 224, 3), classes=1000, width=64):
    """A model of one's own class, made of units of one's own class."""
    import keras
    from keras import layers

    class Unit(keras.layers.Layer):
        def __init__(self, channels, filters, stride):
            super().__init__()
            sizes = (3, 3) if depth < 50 else (1, 3, 1)
            widths = [filters] * (len(sizes) - 1) + [filters if depth < 50 else 4 * filters]
            strides = [stride] + [1] * (len(sizes) - 1)
            self.convs = [layers.Conv2D(w, k, strides=s, padding="same", use_bias=False) for w, k, s in zip(widths, sizes, strides)]
            self.norms = [layers.BatchNormalization() for _ in sizes]
            self.project = stride > 1 or channels != widths[-1]
            if self.project:
                self.short = [layers.Conv2D(widths[-1], 1, strides=stride, use_bias=False), layers.BatchNormalization()]

        def call(self, x):
            y = x
            for place, (conv, norm) in enumerate(zip(self.convs, self.norms)):
                y = norm(conv(keras.ops.relu(y) if place else y))
            if self.project:
                x = self.short[1](self.short[0](x))
            return keras.ops.relu(y + x)

    class ResNet(keras.Model):
        def __init__(self):
            super().__init__()
            counts = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}[depth]
            self.stem = [layers.Conv2D(width, 7, strides=2, padding="same", use_bias=False), layers.BatchNormalization(),
                         layers.ReLU(), layers.MaxPooling2D(3, strides=2, padding="same")]
            self.units, channels = [], width
            for stage, count in enumerate(counts):
                for unit in range(count):
                    self.units.append(Unit(channels, width * 2**stage, 2 if stage and not unit else 1))
                    channels = width * 2**stage * (1 if depth < 50 else 4)
            self.head = [layers.GlobalAveragePooling2D(), layers.Dense(classes)]

        def call(self, x):
            for each in [*self.stem, *self.units, *self.head]:
                x = each(x)
            return x

    model = ResNet()
    model(keras.Input(shape))
    return model


# --- the question -----------------------------------------------------------------------------------------------------

resnet = Model(
    "resnet",
    points=12,
    groups=[
        Group("the stem", 1, [look("where ResNet-18's maps shrink", "stages", depth=18)]),
        Group("ResNet-18", 2, [look("layers and their settings", "settings", depth=18)]),
        Group("ResNet-34", 1, [look("21,814,696 in all", "total", depth=34)]),
        Group("ResNet-50", 3, [
            look("the parameters of each stage", "stages", depth=50),
            look("layers and their settings", "settings", depth=50),
        ]),
        Group("shortcuts", 2, [look("what each sum adds", "sums", depth=50)]),
        Group("ResNet-152", 2, [look("the parameters of each stage of the largest", "stages", depth=152)]),
        Group("function", 1, [look("the numbers of a narrow ResNet-18", "function", x=images(1, 64, 40, 3), depth=18, shape=(64, 40, 3),
                                   classes=7, width=4)]),
    ],
    mistakes=[
        Mistake("no projection in stage 1", edit=("if x.shape != y.shape:", "if stage > 0 and x.shape != y.shape:"),
                say="In the first unit of stage 1 your sum cannot match: a bottleneck gives four times as many channels as it gets there. Project."),
        Mistake("a projection at each stage", edit=("if x.shape != y.shape:", "if unit == 0:"),
                say="Your first stage begins with a projection though nothing changes there: ResNet-18 and 34 have only three."),
        Mistake("stride in the 3x3", edit=("y = norm_relu(layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x))\n                y = norm_relu(layers.Conv2D(filters, 3, padding=\"same\"",
                                           "y = norm_relu(layers.Conv2D(filters, 1, use_bias=False)(x))\n                y = norm_relu(layers.Conv2D(filters, 3, strides=stride, padding=\"same\""),
                say="The stride of your bottlenecks stands in the 3x3 convolution, as in later libraries. The paper has it in the first 1x1."),
        Mistake("first stage shrinks", edit=("stride = 2 if stage > 0 and unit == 0 else 1", "stride = 2 if unit == 0 else 1"),
                say="Your first stage shrinks the maps. The pooling in front of it has done that already."),
        Mistake("no pooling", edit=("    x = layers.MaxPooling2D(3, strides=2, padding=\"same\")(x)\n", ""),
                say="Between the stem and stage 1 stands a max pooling of 3x3 with stride 2."),
        Mistake("wide bottlenecks not widened", edit=("layers.Conv2D(4 * filters, 1, use_bias=False)", "layers.Conv2D(filters, 1, use_bias=False)"),
                say="The last 1x1 convolution of a bottleneck has four times as many filters as the others."),
        Mistake("ReLU in front of the sum", edit=("            y = layers.BatchNormalization()(y)\n            if", "            y = norm_relu(y)\n            if"),
                say="Your branch ends with a ReLU, so it can only add. The last norm is followed by the sum, and that by the ReLU."),
        Mistake("101 units for 152", edit=("152: (3, 8, 36, 3)", "152: (3, 4, 36, 3)"),
                say="Your ResNet-152 has 4 units in its second stage. It is the only one that has 8 there."),
    ],
    variants=[by_stages, subclassed],
    terms=20_000,
    memory_mib=1024,
)
