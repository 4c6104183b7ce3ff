"""slide_layer: 12 points, one for each line of the table. What counts is what the layer computes, however it is written."""

import keras
from keras import layers

from autograder.rubric import Group, Mistake, Model, any_of, images, look

# --- right answers in other styles ------------------------------------------------------------------------------------


def with_zeros(filters, size, stride=1, zeros=0, **more):
    """Every padding as a layer of zeros before a convolution that has none."""
    return [layers.ZeroPadding2D(zeros), layers.Conv2D(filters, size, strides=stride, padding="valid", **more)]


def padded_by_hand(line, shape):
    """Zeros always by a layer of their own, all pairs written out."""
    rest = [[(side - 1) // 2 * 2 + 5 - side for side in shape[:2]], [(total // 2, total - total // 2) for total in (0, 0)]]
    rest[1] = [(max(total, 0) // 2, max(total, 0) - max(total, 0) // 2) for total in rest[0]]
    found = {
        "a": with_zeros(6, (5, 5)), "b": with_zeros(12, (5, 5), 1, 2), "c": with_zeros(32, 3, (1, 1), 1),
        "d": with_zeros(64, (1, 1)), "e": with_zeros(16, 5, 2, rest[1]), "f": with_zeros(96, 11, 4),
        "g": with_zeros(64, 7, (2, 2), ((3, 3), (3, 3))), "h": with_zeros(8, (3, 5), (2, 1)),
        "i": with_zeros(8, 3, dilation_rate=(2, 2)), "j": [layers.MaxPool2D(strides=(2, 2))],
        "k": [layers.MaxPool2D((3, 3), 2)], "l": [layers.AvgPool2D((2, 2), (2, 2), "valid")],
    }  # fmt: skip
    return keras.Sequential([keras.Input(shape), *found[line]])


def functional(line, shape):
    """A chain of conditions, functional."""
    x = keras.Input(shape)
    if line in "jkl":
        kind = layers.AveragePooling2D if line == "l" else layers.MaxPooling2D
        return keras.Model(x, kind(3 if line == "k" else 2, strides=2)(x))
    filters = dict(zip("abcdefghi", (6, 12, 32, 64, 16, 96, 64, 8, 8)))[line]
    size = {"c": 3, "d": 1, "f": 11, "g": 7, "h": (3, 5), "i": 3}.get(line, 5)
    strides = {"e": 2, "f": 4, "g": 2, "h": (2, 1)}.get(line, 1)
    before = keras.ops.pad(x, ((0, 0), (3, 3), (3, 3), (0, 0))) if line == "g" else x
    padding = "same" if line in "bcde" else "valid"
    return keras.Model(x, layers.Conv2D(filters, size, strides, padding, dilation_rate=2 if line == "i" else 1)(before))


# --- the question -----------------------------------------------------------------------------------------------------


def line(letter, what, *shapes):
    """One line of the table, tried on a small image: a layer knows nothing of the image's size."""
    shape = any_of(*shapes)
    x = images(2, shape.map(lambda s: s[0]), shape.map(lambda s: s[1]), shape.map(lambda s: s[2]))
    return Group(f"line {letter}", 1, [look(f"{letter}: {what}", "function", x=x, line=letter, shape=shape)])


small = ((8, 9, 3), (9, 7, 2), (7, 8, 1))

slide_layer = Model(
    "slide_layer",
    points=12,
    groups=[
        line("a", "6 filters of 5×5", *small),
        line("b", "12 filters of 5×5, P 2", *small),
        line("c", "32 filters of 3×3, P 1", *small),
        line("d", "64 filters of 1×1", *small),
        line("e", "16 filters of 5×5, S 2, what fits", (8, 9, 3), (9, 12, 2), (10, 7, 1)),
        line("f", "96 filters of 11×11, S 4", (15, 19, 3), (19, 16, 3), (17, 15, 1)),
        line("g", "64 filters of 7×7, S 2, P 3", (8, 10, 3), (12, 8, 3), (10, 12, 1)),
        line("h", "8 filters of 3×5", *small),
        line("i", "8 filters of 3×3, d 2", *small),
        line("j", "max, F 2, S 2", (7, 8, 3), (9, 6, 2), (8, 7, 1)),
        line("k", "max, F 3, S 2", (7, 8, 3), (9, 6, 2), (8, 7, 1)),
        line("l", "average, F 2, S 2", (7, 8, 3), (9, 6, 2), (8, 7, 1)),
    ],
    mistakes=[
        Mistake("a padded", edit=("layers.Conv2D(6, 5)", 'layers.Conv2D(6, 5, padding="same")'),
                say="Line a has no zeros around the image, so its maps are 4 rows and columns smaller."),
        Mistake("b not padded", edit=('layers.Conv2D(12, 5, padding="same")', "layers.Conv2D(12, 5)"),
                say='Line b keeps the size. What stands for "valid" in your call when nothing is said?'),
        Mistake("filters and size exchanged", edit=('layers.Conv2D(32, 3, padding="same")', 'layers.Conv2D(3, 32, padding="same")'),
                say="In line c the first two arguments have changed places: the number of filters comes first."),
        Mistake("e padded by 2", edit=('layers.Conv2D(16, 5, strides=2, padding="same")',
                                       "layers.ZeroPadding2D(2), layers.Conv2D(16, 5, strides=2)"),
                say="In line e two zeros on each side give the right size but other numbers on even sizes: Keras puts the odd zero "
                    "at the bottom and the right only."),
        Mistake("stride left at 1", edit=("layers.Conv2D(96, 11, strides=4)", "layers.Conv2D(96, 11)"),
                say="Line f moves in steps of 4. In a convolution `strides` is 1 unless you say otherwise."),
        Mistake("same for P 3", edit=("layers.ZeroPadding2D(3), layers.Conv2D(64, 7, strides=2)",
                                      'layers.Conv2D(64, 7, strides=2, padding="same")'),
                say='In line g "same" gives the right size and other numbers: with stride 2 and an even size it puts 2 zeros before '
                    "the image and 3 after. Three on every side is a layer of its own."),
        Mistake("columns before rows", edit=("layers.Conv2D(8, (3, 5), strides=(2, 1))", "layers.Conv2D(8, (5, 3), strides=(1, 2))"),
                say="In line h rows and columns have changed places: pairs in Keras are (down, across)."),
        Mistake("one stride for both", edit=("strides=(2, 1)", "strides=2"),
                say="In line h the step is 2 down and 1 across. A single number counts for both."),
        Mistake("dilation as a stride", edit=("layers.Conv2D(8, 3, dilation_rate=2)", "layers.Conv2D(8, 3, strides=2)"),
                say="In line i the weights stand 2 pixels apart. A stride moves the whole kernel instead."),
        Mistake("pooling padded", edit=("layers.MaxPooling2D(2)", 'layers.MaxPooling2D(2, padding="same")'),
                say='In line j windows that hang over the edge are left out. "same" keeps them.'),
        Mistake("stride of the pooling forgotten", edit=("layers.MaxPooling2D(3, strides=2)", "layers.MaxPooling2D(3)"),
                say="In line k the windows overlap. A pooling layer's `strides` is its window unless you say otherwise."),
        Mistake("max for average", edit=("layers.AveragePooling2D(2)", "layers.MaxPooling2D(2)"),
                say="Line l takes the mean of each window, not its maximum."),
    ],
    variants=[padded_by_hand, functional],
)
