# %% [markdown]
# # 6. LeNet
#
# In the 1990s a network of five layers read the amounts on a good part of the cheques in the United States. Its parts
# are those you have built by hand: convolution, pooling, an activation, dense layers. Now Keras builds them, and what
# remains for you is what a library cannot do: to say which layers, to notice when it does something else than you
# meant, and to train the thing without fooling yourself.
#
# | part | you write | points | work time |
# | --- | --- | --- | --- |
# | 6.1 From a slide to a model | `walkthrough` | 5 | 20 min |
# | 6.2 K, F, S, P in Keras | `slide_layer` | 12 | 35 min |
# | 6.3 What the layer computes | `conv_layer` | 6 | 25 min |
# | 6.4 A mean is a convolution | `average_kernel` | 4 | 15 min |
# | 6.5 LeNet-5 | `lenet5` | 9 | 30 min |
# | 6.6 Fifty images by heart | `overfit` | 5 | 25 min |
# | 6.7 Your own reader of digits | `glyph_net` | 6 | 40 min |
# | 6.8 The same network in NumPy | `lenet_forward` | 7 | 30 min |
# | 6.9 What is taken for what | `confusion` | 3 | 15 min |
# | 6.10 Subsampling that learns | `Subsampling` | 5 | 25 min |
# | 6.11 Maps that do not see all | `PartialConv2D` | 6 | 35 min |
# | 6.12 Count, and check the slides | `counts` | 14 | 25 min |
#
# **Work time** about five hours (an estimate), in parts that can be done one by one; 6.10 and 6.11 are an extension.
# **Run time** about 3 minutes on two cores (an estimate), most of it for the trainings in 6.7.
#
# Images have the shape (N, H, W, C) everywhere: image, row, column, channel. No part needs another: where a
# figure needs an earlier function that is not right yet, it takes a library's and says so. But if your answer calls an
# earlier function of yours, the errors of that one count here too. Keras takes a few seconds to load.
#
# If Python says `No module named 'common'`, choose the kernel of the `.venv` that README.md makes. After a restart run
# the cell below and the cells of your answers again; the figure right below an answer needs it.

# %%
import numpy as np

from common import check
from common.data import glyphs, mnist
from common.data.files import state
from common.given import given, library
from common.mode import choose
from common.plots import show_curves, show_grids, show_images, show_kernels, show_sheet
from common.quiet import quietly

with quietly():
    import keras
    from keras import layers, ops

    from common.training import cosine, fit, hand_in

conv2d, pool = library("conv2d"), library("pool")  # the layers of assignments 1 and 3; your own are not needed here

# %% [markdown]
# Run the cell above, then the one below. It draws the images of this notebook: digits, printed in 21 fonts, moved,
# turned, bent and faded, of 28×28 grey pixels from 0 to 255. Below them is one digit on its way through the first
# layers of a network: a convolution with a kernel that looks for edges, a ReLU, a pooling.

# %% tags=["experiment"]
data = glyphs(train=choose(smoke=2000, student=8000), validation=1000, test=2000)
show_sheet(data.train.images[:40], [data.classes[label] for label in data.train.labels[:40]])
digit = data.train.images[:1] / 255
edges = conv2d(digit, np.array([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]]).reshape(3, 3, 1, 1), np.zeros(1), 1, 1)
after = np.maximum(edges, 0)
smaller = library("max_pool")(after, (2, 2), 2)
show_images(
    [each[0, :, :, 0] for each in (digit, edges, after, smaller)],
    titles=["input 28 × 28", "convolution 28 × 28", "ReLU 28 × 28", "pooling 14 × 14"],
)

# %% [markdown]
# ## 6.1 From a slide to a model
#
# A slide of the lectures walks through the layers of a small network for colour images of 32×32, and gives the size
# after each:
#
# | layer | size of its output |
# | --- | --- |
# | INPUT | 32×32×3 |
# | CONV, 12 filters | 32×32×12 |
# | RELU | 32×32×12 |
# | POOL | 16×16×12 |
# | FC | 1×1×10 |
#
# Much is left unsaid, as on most slides. A convolution that keeps 32×32 must pad. A pooling that halves has windows of
# 2×2 with stride 2. "FC" connects each of the ten scores with all 16·16·12 numbers before it, so these must first lie
# in one row. In Keras:
#
# - `keras.Sequential([keras.Input(shape), …])` is a chain of layers,
# - `layers.Conv2D(filters, kernel_size, strides=1, padding="valid", activation=None)`; with `padding="same"` and
#   stride 1 the size stays,
# - `layers.MaxPooling2D(pool_size=2, strides=None, padding="valid")`; `strides=None` means: as large as the window,
# - `layers.Flatten()` and `layers.Dense(units, activation=None)`.
#
# Write `walkthrough(shape, filters, classes)`, which builds that network. The kernels are 5×5, the maximum is pooled,
# and the last layer gives scores as they are.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `shape` | (H, W, C) | size of the images; (32, 32, 3) on the slide |
# | `filters` | int | filters of the convolution; 12 on the slide |
# | `classes` | int | number of scores; 10 on the slide |
# | returns | a Keras model | (N, H, W, C) → (N, classes) |
#
# Names of layers are yours to choose. Sequential, functional or a class of your own: all are welcome.
#
# <details><summary>Hint 1: the idea</summary> One layer for each line of the table, and one that the table does not
# show. </details>
# <details><summary>Hint 2: the shapes</summary> After the pooling there is (N, 16, 16, 12). A dense layer works on the
# last axis only, so it must get (N, 3072). </details>
# <details><summary>Hint 3: almost there</summary> <code>Conv2D(filters, 5, padding="same", activation="relu")</code>,
# then <code>MaxPooling2D(2)</code>, <code>Flatten()</code> and a dense layer without activation. </details>


# %%
def walkthrough(shape, filters, classes):
    """The slide's network: CONV, RELU, POOL, FC. (N, H, W, C) -> (N, classes)."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(filters, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(classes),
        ]
    )
    ### END SOLUTION


# %%
check(walkthrough)

# %% [markdown]
# The same table once more, now from your model. `None` stands for the number of images, which no layer needs to know.

# %% tags=["experiment"]
walkthrough((32, 32, 3), 12, 10).summary()

# %% [markdown]
# **Look.** Where are the parameters? And what becomes of the two numbers when the images are 64×64: which of the two
# layers with weights notices that?

# %% [markdown]
# ## 6.2 K, F, S, P in Keras
#
# The lectures write a layer as four letters: $K$ filters of size $F$, a step $S$, and $P$ zeros on each side. Keras
# takes other words, and says `padding` where the lectures say $P$:
#
# | lectures | `Conv2D` | `MaxPooling2D`, `AveragePooling2D` |
# | --- | --- | --- |
# | $K$ | `filters` | |
# | $F$ | `kernel_size`: int, or (down, across) | `pool_size`: 2 by default for the maximum, none for the mean |
# | $S$ | `strides`: int or pair, 1 by default | `strides`: the window by default |
# | $P$ = 0 | `padding="valid"` | `padding="valid"` |
# | $P$ that keeps the size | `padding="same"` | |
# | any other $P$ | `layers.ZeroPadding2D(P)` before it | |
# | dilation $d$ | `dilation_rate=d` | |
#
# `"same"` is not a number of zeros but a rule (assignment 1.4): the output has ⌈W / S⌉ places, and an odd zero goes
# **after** the image. With stride 1 and odd $F$ that is $P = (F-1)/2$. With stride 2 it may be 2 zeros before and 3
# after, which no $P$ is. The slide that lists "F = 5, S = 2, P = ? (whatever fits)" means this rule.
#
# Translate twelve lines. Write `slide_layer(line, shape)`: a model of the one layer on that line (or of two, where the
# zeros need one of their own), without activation.
#
# | line | where from | layer |
# | --- | --- | --- |
# | `"a"` | activation maps | convolution, K 6, F 5, S 1, P 0 |
# | `"b"` | the walk-through above | convolution, K 12, F 5, S 1, P 2 |
# | `"c"` | common settings; VGG | convolution, K 32, F 3, S 1, P 1 |
# | `"d"` | common settings | convolution, K 64, F 1, S 1, P 0 |
# | `"e"` | common settings | convolution, K 16, F 5, S 2, P "whatever fits": Keras' rule |
# | `"f"` | AlexNet, CONV1 | convolution, K 96, F 11, S 4, P 0 |
# | `"g"` | ResNet, first layer | convolution, K 64, F 7, S 2, P 3 on all four sides |
# | `"h"` | Keras' pairs | convolution, K 8, F 3 down and 5 across, S 2 down and 1 across, P 0 |
# | `"i"` | dilated convolution | convolution, K 8, F 3, S 1, P 0, d 2 |
# | `"j"` | POOL | maximum, F 2, S 2 |
# | `"k"` | AlexNet, POOL1 | maximum, F 3, S 2 |
# | `"l"` | LeNet, subsampling | mean, F 2, S 2 |
#
# `shape` is the (H, W, C) of the images. The check gives your layer weights and compares what comes out, on images that
# are smaller than the slides' and not square. How you write a layer is up to you.
#
# <details><summary>Hint 1: the idea</summary> Three questions for each line: is the size kept? is the step written
# down? is the default what you want? </details>
# <details><summary>Hint 2: the shapes</summary> 8×10 pixels under line g: with P = 3 and with "same" alike the output
# is 4×5. Which pixels stand in the middle of the first window? </details>
# <details><summary>Hint 3: almost there</summary> A dict from the letter to a list of layers, and
# <code>keras.Sequential([keras.Input(shape), *chosen])</code>. Line g is two layers. </details>


# %%
def slide_layer(line, shape):
    """The layer of one line of the table as a model. line, (H, W, C) -> a Keras model."""
    ### BEGIN SOLUTION
    chosen = {
        "a": [layers.Conv2D(6, 5)],
        "b": [layers.Conv2D(12, 5, padding="same")],
        "c": [layers.Conv2D(32, 3, padding="same")],
        "d": [layers.Conv2D(64, 1)],
        "e": [layers.Conv2D(16, 5, strides=2, padding="same")],
        "f": [layers.Conv2D(96, 11, strides=4)],
        "g": [layers.ZeroPadding2D(3), layers.Conv2D(64, 7, strides=2)],
        "h": [layers.Conv2D(8, (3, 5), strides=(2, 1))],
        "i": [layers.Conv2D(8, 3, dilation_rate=2)],
        "j": [layers.MaxPooling2D(2)],
        "k": [layers.MaxPooling2D(3, strides=2)],
        "l": [layers.AveragePooling2D(2)],
    }
    return keras.Sequential([keras.Input(shape), *chosen[line]])
    ### END SOLUTION


# %%
check(slide_layer)

# %% [markdown]
# Line g is the one that costs people weeks: weights are carried from a library that pads 3 and 3 to one that pads 2
# and 3, and everything runs. An edge in the middle of an image, seen through both, with the same weights.

# %% tags=["experiment"]
photo_of_an_edge = np.zeros((1, 24, 24, 1), np.float32)
photo_of_an_edge[:, :, 12:] = 1
blur = np.ones((7, 7, 1, 1), np.float32) / 49
with_zeros = np.pad(photo_of_an_edge, ((0, 0), (3, 3), (3, 3), (0, 0)))
padded = ops.convert_to_numpy(ops.conv(with_zeros, blur, 2, "valid"))
same = ops.convert_to_numpy(ops.conv(photo_of_an_edge, blur, 2, "same"))
show_images(
    [padded[0, :, :, 0], same[0, :, :, 0], (same - padded)[0, :, :, 0]], titles=["P = 3", '"same"', "difference"]
)
print(f"sizes {padded.shape[1:3]} and {same.shape[1:3]}, largest difference {np.abs(same - padded).max():.2f}")

# %% [markdown]
# **Look.** Both maps have the same size, so nothing complains. Where do they differ, and in which direction has the
# edge moved? For which image sizes would there be no difference at all?

# %% [markdown]
# ## 6.3 What the layer computes
#
# A slide gives the layer as one formula. Map $j$ of layer $n$ is
#
# $$h_j^n = \max\left(0,\; \sum_{k=1}^{K} h_k^{n-1} * w_{kj}^n\right)$$
#
# The sum runs over the $K$ maps below: each has a kernel of its own for each map above. The slide leaves out the bias,
# $+\, b_j$ inside the maximum, and its $*$ is the correlation of assignment 1, as in every library.
#
# Write `conv_layer(x, w, b, padding, activation)`: what `Conv2D` computes with stride 1, in NumPy. `conv2d(x, w, b)`
# of assignment 1 is given: it sums over the maps, adds the bias and pads nothing.
#
# | name | type or shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C_in) | images or maps |
# | `w` | (kh, kw, C_in, C_out) | kernels |
# | `b` | (C_out,) | a bias for each filter |
# | `padding` | `"valid"` or `"same"` | no zeros, or as many as keep H×W |
# | `activation` | None, `"relu"` or `"tanh"` | taken last |
# | returns | (N, H_out, W_out, C_out) | the maps of the layer |
#
# `"same"` with stride 1 puts kh − 1 zeros above and below together. Where that is odd, one more goes **below**; across
# likewise, to the right.
#
# <details><summary>Hint 1: the idea</summary> Three steps in this order: zeros, convolution, activation. </details>
# <details><summary>Hint 2: the shapes</summary> For "same", <code>x</code> becomes (N, H + kh − 1, W + kw − 1, C_in).
# </details>
# <details><summary>Hint 3: almost there</summary> (kh − 1) // 2 zeros above and kh // 2 below: together kh − 1.
# <code>np.pad</code> takes a pair for each axis. </details>


# %%
def conv_layer(x, w, b, padding="valid", activation=None):
    """What Conv2D computes. x (N, H, W, C_in), w (kh, kw, C_in, C_out), b (C_out,) -> (N, H_out, W_out, C_out)."""
    ### BEGIN SOLUTION
    kh, kw = w.shape[:2]
    if padding == "same":
        x = np.pad(x, ((0, 0), ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2), (0, 0)))
    y = conv2d(x, w, b)
    if activation == "relu":
        y = np.maximum(y, 0)
    if activation == "tanh":
        y = np.tanh(y)
    return y
    ### END SOLUTION


# %%
check(conv_layer)

# %% [markdown]
# The proof that it is the same layer: Keras' own with its weights copied out, next to yours, on a real digit.

# %% tags=["experiment"]
keras.utils.set_random_seed(3)
for size, padding, activation in ((5, "same", "relu"), (3, "valid", "tanh"), (4, "same", None)):
    theirs = layers.Conv2D(4, size, padding=padding, activation=activation)
    maps = ops.convert_to_numpy(theirs(digit.astype("float32")))
    mine = conv_layer(digit, *theirs.get_weights(), padding, activation)
    print(f"{size}×{size}, {padding}, {activation}: {np.abs(maps - mine).max():.1e} apart at most")
    if activation == "relu":
        show_images([mine[0, :, :, f] for f in range(4)], titles=[f"map {f}, yours" for f in range(4)])

# %% [markdown]
# **Look.** Weights drawn at random already make edge detectors of a kind. What tells you that the bias of an untrained
# Keras layer is 0? And why are the numbers in the last lines near 1e-7, and not 0?

# %% [markdown]
# ## 6.4 A mean is a convolution
#
# Under the picture of average pooling a slide writes "≡ strided conv". It means: there is a kernel with which a
# convolution whose stride is its own size gives exactly the averages. LeNet's subsampling is such a layer with two
# numbers added (6.10), and a network that is to learn its own way of shrinking begins here.
#
# Write `average_kernel(size, channels)`, the weights for which `Conv2D(channels, size, strides=size, use_bias=False)`
# is the same as `AveragePooling2D(size)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `size` | (kh, kw) | the window |
# | `channels` | int | channels of the images, before and after |
# | returns | (kh, kw, channels, channels) | weights in Keras' order: row, column, channel in, channel out |
#
# <details><summary>Hint 1: the idea</summary> Each channel is averaged by itself. What must the weights from channel 0
# to channel 1 be? </details>
# <details><summary>Hint 2: the shapes</summary> At each place (u, v) of the window stands a (channels, channels)
# matrix, the same everywhere. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.eye(channels)</code>, divided by the number of values in
# the window, at each of its places. </details>


# %%
def average_kernel(size, channels):
    """Weights that average. size, channels -> (kh, kw, channels, channels)."""
    ### BEGIN SOLUTION
    kh, kw = size
    w = np.ones((kh, kw, 1, 1))
    return w * np.eye(channels) / (kh * kw)
    ### END SOLUTION


# %%
check(average_kernel)

# %% tags=["experiment"]
few = data.train.images[:4].reshape(1, 28, 28, 4).astype("float32")  # four digits as four channels of one image
strided = layers.Conv2D(4, (4, 2), strides=(4, 2), use_bias=False)
strided.build(few.shape)
strided.set_weights([average_kernel((4, 2), 4)])
apart = np.abs(ops.convert_to_numpy(strided(few) - layers.AveragePooling2D((4, 2))(few))).max()
print(f"strided convolution against AveragePooling2D, on pixels up to 255: {apart:.1e} apart at most")
wins = ops.convert_to_numpy(layers.MaxPooling2D(2)(few) + layers.MaxPooling2D(2)(255 - few)) - 255
print(f"max(x) + max(255 - x) - 255, 0 if the maximum were linear: from {wins.min():.0f} to {wins.max():.0f}")
show_grids(
    [average_kernel((4, 2), 4).sum(axis=(0, 1))], ["weights from channel to channel"], ("channel in", "channel out")
)

# %% [markdown]
# **Look.** Of the kernel's 128 weights 96 are 0: `DepthwiseConv2D` has only the other 32. For the maximum no kernel
# will do, as the second line shows. In which windows is its number 0 nevertheless?

# %% [markdown]
# ## 6.5 LeNet-5
#
# Now the network. It was drawn for images of 32×32; our digits have 28×28, so its first convolution pads, which is the
# same as two rows and columns of zeros around them. The names are those of the paper: C for convolution, S for
# subsampling, F for fully connected, numbered by layer.
#
# | layer | what | activation | size of its output | parameters |
# | --- | --- | --- | --- | --- |
# | C1 | convolution, 6 filters of 5×5, padded | tanh | 28×28×6 | 156 |
# | S2 | mean of 2×2 windows, stride 2 | | 14×14×6 | 0 |
# | C3 | convolution, 16 filters of 5×5 | tanh | 10×10×16 | 2,416 |
# | S4 | mean of 2×2 windows, stride 2 | | 5×5×16 | 0 |
# | C5 | convolution, 120 filters of 5×5 | tanh | 1×1×120 | 48,120 |
# | F6 | dense, 84 units | tanh | 84 | 10,164 |
# | output | dense, one unit per class | | 10 | 850 |
#
# Together 61,706 parameters for ten classes. This is the version that everybody builds today; what the paper of 1998
# had instead of S2, C3 and S4 is the subject of 6.10 and 6.11.
#
# The last layer has **no** activation. It gives scores, and the loss turns them into probabilities. A softmax in the
# model and one more in the loss is among the commonest mistakes there are: training runs, slowly, and nothing says why.
#
# Write `lenet5(classes)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `classes` | int | number of scores |
# | returns | a Keras model | (N, 28, 28, 1) → (N, classes) |
#
# <details><summary>Hint 1: the idea</summary> The table is the program, line by line; between C5 and F6 something must
# become flat. </details>
# <details><summary>Hint 2: the shapes</summary> Print <code>lenet5(10).summary()</code> and hold it against the table.
# The first line that differs is the one to mend. </details>
# <details><summary>Hint 3: almost there</summary> Three times <code>Conv2D(filters, 5, activation="tanh")</code>, the
# first with <code>padding="same"</code>, with <code>AveragePooling2D(2)</code> after the first two. </details>


# %%
def lenet5(classes=10):
    """LeNet-5 with 61,706 parameters for ten classes. (N, 28, 28, 1) -> (N, classes)."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="tanh", name="conv1"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh", name="conv2"),
            layers.AveragePooling2D(2),
            layers.Conv2D(120, 5, activation="tanh", name="conv3"),
            layers.Flatten(),
            layers.Dense(84, activation="tanh"),
            layers.Dense(classes),
        ]
    )
    ### END SOLUTION


# %%
check(lenet5)

# %% [markdown]
# ## 6.6 Fifty images by heart
#
# Most networks that do not learn are wired up wrongly, and hours of training do not tell you. Three cheap looks do,
# each a minute, always in this order:
#
# 1. **The loss at the start.** An untrained network should know nothing: every class about 1/C, so the loss
#    $-\log p$ is about $\log C$, 2.30 for ten classes. Much more: the scores are too large. Or the loss does not
#    know that it gets scores.
# 2. **Fifty images by heart.** A network with thousands of weights must be able to learn fifty images without a
#    mistake. If it cannot, something is broken: a frozen layer, a wrong label, a learning rate.
# 3. **All of them**, with an eye on images it has not seen.
#
# Here is the first look, at your network and at two that are ill.

# %% tags=["experiment"]
scores_wanted = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
probabilities_wanted = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
network, some, names = given("lenet5"), data.train.images[:500] / 255, data.train.labels[:500]
keras.utils.set_random_seed(1)
untrained = network(10)
first = untrained(some)
print(f"log 10 = {np.log(10):.2f}")
print(f"as it should be:                            {float(scores_wanted(names, first)):.2f}")
print(f"scores taken for probabilities:             {float(probabilities_wanted(names, first)):.2f}")
untrained.set_weights([8 * each for each in untrained.get_weights()])
print(f"weights 8 times as large:                   {float(scores_wanted(names, untrained(some))):.2f}")

# %% [markdown]
# The second look is yours to write. `overfit(model, x, y)` trains a model on all of `x` at once, update after update,
# until it knows every image.
#
# | name | type or shape | meaning |
# | --- | --- | --- |
# | `model` | a Keras model, not compiled | gives scores (N, C), no softmax |
# | `x` | (N, H, W, 1) | images from 0 to 1 |
# | `y` | (N,) | their labels, whole numbers |
# | returns | list of floats | the loss **before** each update |
#
# The optimizer, its learning rate and the number of updates are your choice, within 30 seconds for fifty small images.
# All layers should learn. `model.train_on_batch(x, y)` makes one update and returns the loss before it. Say
# `jit_compile=False` in `compile`: on a CPU, compiling takes longer than this whole training.
#
# <details><summary>Hint 1: the idea</summary> Compile with a loss that takes scores, then the same batch again and
# again. </details>
# <details><summary>Hint 2: the numbers</summary> Adam with a rate of 0.01 needs about a hundred updates. What is
# the loss of the first? </details>
# <details><summary>Hint 3: almost there</summary>
# <code>keras.losses.SparseCategoricalCrossentropy(from_logits=True)</code> for labels that are whole numbers, and a
# list comprehension over 100 updates. </details>


# %%
def little_net():
    """A network of 690 weights to try it on, always with the same weights. (N, 12, 12, 1) -> (N, 10)."""
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 5, activation="tanh", name="conv"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(10, name="scores"),
        ]
    )
    dice = np.random.PCG64(6)
    for each in model.weights:
        steps = (dice.random_raw(int(np.prod(each.shape))) >> np.uint64(56)).astype(float) - 127.5
        each.assign(steps.reshape(each.shape) / 512 * (len(each.shape) > 1))
    return model


# %%
def overfit(model, x, y):
    """Learn x by heart. x (N, H, W, 1), y (N,) -> the loss before each update."""
    ### BEGIN SOLUTION
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, jit_compile=False)
    return [float(model.train_on_batch(x, y)) for _ in range(100)]
    ### END SOLUTION


# %%
check(overfit)

# %% [markdown]
# LeNet on fifty digits, once with their labels and once with labels drawn by lot.

# %% tags=["experiment"]
by_lot = np.random.default_rng(0).integers(0, 10, 50)
lost = {}
for what, its in {"their own labels": names[:50], "labels by lot": by_lot}.items():
    keras.utils.set_random_seed(1)
    losses = overfit(network(10), some[:50].astype("float32"), its)
    lost[what] = (range(len(losses)), losses)
lost["log 10"] = ([0, max(len(curve) for _, curve in lost.values())], [np.log(10)] * 2)
show_curves(lost, "updates", "loss", log="y", title="LeNet on fifty digits")

# %% [markdown]
# **Look.** Both curves begin near log 10 and fall by orders of magnitude: the network learns lottery numbers by heart
# as well. What, then, does a low training loss say about images it has not seen?

# %% [markdown]
# ## 6.7 Your own reader of digits
#
# The third look: all images, with two curves. The training loss says whether the network learns, the validation loss
# whether it learns something of use. `fit(model, data, epochs, …)` of this course divides bytes by 255, compiles with
# Adam and cross-entropy, shuffles by its `seed`, and draws the curves while it trains. First LeNet-5 as it is.

# %% tags=["experiment"]
keras.utils.set_random_seed(0)
lenet = network(10)
run = fit(lenet, data, epochs=choose(smoke=3, student=10))

# %% [markdown]
# **Look.** Which of the two curves still falls at the end, and which has stopped? What does the gap between them say?
#
# What has it learned? The six kernels of C1, and what they make of one digit.

# %% tags=["experiment"]
kernel, bias = lenet.get_weights()[:2]
show_kernels({f"kernel {f}": kernel[:, :, 0, f] for f in range(6)}, digits=1)
maps = np.tanh(conv2d(digit, kernel, bias, padding=2))[0]
show_images([maps[:, :, f] for f in range(6)], titles=[f"map {f}" for f in range(6)])

# %% [markdown]
# **Look.** Which kernels have a blue side and a red side, and in which direction? Which have one colour and merely
# blur? Few are as tidy as a Sobel kernel, but nobody asked for edges: this is what lowered the loss.
#
# Now yours. Train a network that reads printed digits and **hand it in**: not its code, the trained network itself.
#
# Write `glyph_net(seed)`, which builds a network, trains it on `glyphs(…)` and returns it. The cell below it saves the
# network as the file `glyph_net.npz` beside this notebook. Hand that file in together with the notebook: the grader
# reads the file, and never runs this function.
#
# | name | type or shape | meaning |
# | --- | --- | --- |
# | `seed` | int | for `keras.utils.set_random_seed` before you build, and for `fit`: the same seed, the same network |
# | returns | a trained Keras model | images (N, 28, 28, 1) **from 0 to 1** → (N, 10), the largest is its answer |
#
# Any network of built-in layers with at most 2 million weights will do; LeNet-5 is enough. It is scored on digits that
# nobody has seen, drawn like those of `glyphs`, in fonts that are in no training set. More digits cost nothing
# (`glyphs(train=20000)`), other `seed`s give other ones. `fit` takes `epochs`, `batch` and a `schedule`, such as
# `cosine(0.003, epochs)`, which begins with large steps and ends with small ones.
#
# <details><summary>Hint 1: the idea</summary> LeNet-5 and the fit above nearly do it. What helps against the gap
# between the two curves: more epochs, or more images? </details>
# <details><summary>Hint 2: the numbers</summary> Twice the images, and steps that become smaller towards the end.
# </details>
# <details><summary>Hint 3: almost there</summary> <code>lenet5()</code>, <code>glyphs(train=12000)</code>,
# <code>fit(model, data, epochs=6, seed=seed, schedule=cosine(0.003, 6))</code>, <code>return model</code>. </details>
#
# Two points for 80 % right, two more for 90 %, and two for what a LeNet-5 reaches that is trained with care. That last
# bar was measured: the training of the third hint, once for each of some seeds.
#
# [calibration of glyph_net]


# %%
def glyph_net(seed=0):
    """A trained reader of digits. (N, 28, 28, 1) from 0 to 1 -> (N, 10)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    model = lenet5()
    fit(model, glyphs(train=choose(smoke=4000, student=12000)), epochs=6, seed=seed, schedule=cosine(0.003, 6))
    return model
    ### END SOLUTION


# %% tags=["experiment"]
hand_in(glyph_net(), "glyph_net")

# %%
check(glyph_net)

# %% [markdown]
# And handwriting? MNIST holds 70,000 handwritten digits of the same size. If it is on this machine, here is what the
# reader of printed digits makes of it, beside the same LeNet trained on handwriting. (To fetch it, 11 MB, run
# `mnist()` once.)

# %% tags=["experiment"]
if state("mnist") == "cached":
    written = mnist(train=choose(smoke=2000, student=8000), validation=1000, test=2000)
    show_sheet(written.train.images[:20], [written.classes[label] for label in written.train.labels[:20]])
    keras.utils.set_random_seed(0)
    writer = network(10)
    fit(writer, written, epochs=choose(smoke=3, student=10), show=False)
    for trained_on, model in {"printed": lenet, "handwritten": writer}.items():
        for tested_on, part in {"printed": data.test, "handwritten": written.test}.items():
            right = np.mean(np.argmax(model.predict(part.images / 255, verbose=0), axis=1) == part.labels)
            print(f"trained on {trained_on}, tested on {tested_on} digits: {right:.1%} right")
else:
    print("MNIST is not on this machine. Everything else works without it.")

# %% [markdown]
# **Look.** If it is there: both networks are good at home. Which of the two travels better, and what do the digits of
# one set have that those of the other lack?

# %% [markdown]
# ## 6.8 The same network in NumPy
#
# The claim of the first three assignments was: you have built the real thing. Here is the proof. Take the ten weight
# arrays out of the trained network, run them through NumPy layers, and get the same scores to the last digit that
# float32 holds.
#
# Write `lenet_forward(x, weights)`. Of assignments 1 and 3 there are `conv2d(x, w, b, stride=1, padding=0)` and
# `pool(x, size, stride, mode)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, 1) | images; 28×28, or larger |
# | `weights` | list of 10 arrays | as `model.get_weights()` gives them: kernel and bias of C1, C3, C5, F6, output |
# | returns | tuple of 4 arrays | after S2, S4 and C5 (each (N, rows, columns, maps)), and the scores (N, classes) |
#
# Read all sizes off the arrays. There may be other numbers of maps than in LeNet-5, and with larger images C5 gives
# more than one place. `Flatten` lays out a (rows, columns, maps) block row by row, the maps innermost, as
# `reshape` does.
#
# <details><summary>Hint 1: the idea</summary> The table of 6.5, line by line; each line with weights takes the next two
# arrays. </details>
# <details><summary>Hint 2: the shapes</summary> 28×28 → 14×14 after S2 → 5×5 after S4 → 1×1 after C5; the dense kernel
# is (rows · columns · maps, units). </details>
# <details><summary>Hint 3: almost there</summary> <code>pool(np.tanh(conv2d(x, w1, b1, padding=2)), (2, 2), 2,
# "average")</code> is the first stage; a dense layer is <code>flat @ w + b</code>. </details>


# %%
def lenet_forward(x, weights):
    """LeNet's answer in NumPy. x (N, H, W, 1), ten arrays -> after S2, after S4, after C5, scores (N, classes)."""
    ### BEGIN SOLUTION
    w1, b1, w3, b3, w5, b5, w6, b6, w7, b7 = weights
    maps2 = pool(np.tanh(conv2d(x, w1, b1, padding=2)), (2, 2), 2, "average")
    maps4 = pool(np.tanh(conv2d(maps2, w3, b3)), (2, 2), 2, "average")
    maps5 = np.tanh(conv2d(maps4, w5, b5))
    hidden = np.tanh(maps5.reshape(len(x), -1) @ w6 + b6)
    return maps2, maps4, maps5, hidden @ w7 + b7
    ### END SOLUTION


# %%
check(lenet_forward)

# %% tags=["experiment"]
unseen = data.test.images[:20] / 255
stages = lenet_forward(unseen, lenet.get_weights())
theirs = ops.convert_to_numpy(lenet(unseen.astype("float32")))
print(f"scores from {theirs.min():.1f} to {theirs.max():.1f}, {np.abs(stages[3] - theirs).max():.1e} apart at most")
print("the same answers:", (stages[3].argmax(axis=1) == theirs.argmax(axis=1)).all())
show_images(
    [unseen[0, :, :, 0], *(stages[0][0, :, :, f] for f in range(5))], ["input", *(f"S2, map {f}" for f in range(5))]
)
show_images([stages[1][0, :, :, f] for f in range(6)], [f"S4, map {f}" for f in range(6)])

# %% [markdown]
# **Look.** Follow one digit: after S2 you can still read it in most maps, after S4 hardly. The two programs differ in
# the seventh digit. Which of the two is nearer to the truth, and how would you find out?

# %% [markdown]
# ## 6.9 What is taken for what
#
# "97 % right" hides which 3 % are wrong. The **confusion matrix** shows it: its row $i$, column $j$ counts the images
# that are an $i$ and were taken for a $j$. The diagonal holds what is right. Everything else is a lead: a pair of
# classes that is often confused, a class that is never named.
#
# Write `confusion(labels, found, classes)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `labels` | (N,) | what each image is, whole numbers |
# | `found` | (N,) | what it was taken for |
# | `classes` | int | number of classes, also of those that occur in neither |
# | returns | (classes, classes) | counts: row = is, column = taken for |
#
# <details><summary>Hint 1: the idea</summary> Each image adds 1 to one place. </details>
# <details><summary>Hint 2: the shapes</summary> Begin with zeros of (classes, classes), whole numbers. </details>
# <details><summary>Hint 3: almost there</summary> <code>for right, said in zip(labels, found)</code>, and one line
# inside. </details>


# %%
def confusion(labels, found, classes):
    """How often each class was taken for each. labels (N,), found (N,), classes -> (classes, classes)."""
    ### BEGIN SOLUTION
    table = np.zeros((classes, classes), int)
    for right, said in zip(labels, found, strict=True):
        table[right, said] += 1
    return table
    ### END SOLUTION


# %%
check(confusion)

# %% tags=["experiment"]
scores = lenet.predict(data.test.images / 255, verbose=0)
found = scores.argmax(axis=1)
table = confusion(data.test.labels, found, 10)
wrong = table * (1 - np.eye(10, dtype=int))
show_grids([table, wrong], ["all", "only the mistakes"], ("is", "taken for"), names=data.classes)
misread = np.flatnonzero(found != data.test.labels)[:20]
if len(misread):
    titles = [f"{data.test.labels[i]}, not {found[i]}" for i in misread]
    show_sheet(data.test.images[misread], titles)
print(f"{(found == data.test.labels).mean():.1%} of {len(found):,} right, {len(misread)} of the others shown")

# %% [markdown]
# **Look.** Which pair is confused most, and is the table symmetric? How many of the misread digits could you not have
# read either? If 30 of 1,000 are wrong, the true share lies within about 3 % ± 1 %. Of how many percent more would you
# boast?

# %% [markdown]
# ## 6.10 Subsampling that learns (extension)
#
# The paper of 1998 does not take a plain mean in S2 and S4. It **adds** the values of each window, multiplies the sum
# by a coefficient that is learned, and adds a bias that is learned: two numbers for each map.
#
# $$y[n, i, j, c] = a_c \sum_{u, v} x[n,\; iF + u,\; jF + v,\; c] + b_c$$
#
# With a small coefficient and tanh behind it, a map works in the straight part of the curve and merely blurs; with a
# large one it switches. Each map may choose. A slide says that pooling has no parameters. Today's has none; LeNet's
# had.
#
# Write the layer `Subsampling(size=2)`.
#
# | what | shape | meaning |
# | --- | --- | --- |
# | `size` | int | side $F$ of the windows, and the step between them |
# | `coefficient` | (C,) | $a_c$, one for each map, ones at the start; made first |
# | `bias` | (C,) | $b_c$, zeros at the start; made second |
# | input → output | (N, H, W, C) → (N, H // size, W // size, C) | no activation |
#
# Rows and columns that fill no window are left out. `get_config` must name all that is needed to make the layer again.
# Weights are made in `build`, with `self.add_weight(shape=…, initializer=…, name=…)`.
#
# <details><summary>Hint 1: the idea</summary> A sum is a mean times the number of values, and Keras can average.
# </details>
# <details><summary>Hint 2: the shapes</summary> (N, h, w, C) times (C,) plus (C,): the last axes line up. </details>
# <details><summary>Hint 3: almost there</summary> <code>ops.average_pool(x, size, size, "valid")</code> times
# <code>size**2</code>. </details>


# %%
class Subsampling(keras.layers.Layer):
    """The subsampling of 1998: coefficient times sum, plus bias. (N, H, W, C) -> (N, H // size, W // size, C)."""

    ### BEGIN SOLUTION
    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def build(self, shape):
        self.coefficient = self.add_weight(shape=(shape[-1],), initializer="ones", name="coefficient")
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, x):
        total = self.size**2 * ops.average_pool(x, self.size, self.size, "valid", "channels_last")
        return total * self.coefficient + self.bias

    def get_config(self):
        return {**super().get_config(), "size": self.size}

    ### END SOLUTION


# %%
check(Subsampling)

# %% [markdown]
# ## 6.11 Maps that do not see all (extension)
#
# The other thing that was lost on the way: a map of C3 does not see all six maps of S2. The paper gives a table. Six
# maps see three neighbours, six see four neighbours, three see two and two, and one sees all. That is 60 connections
# instead of 96. It was meant to save work, and to break the symmetry: maps that see different things must learn
# different things.
#
# Write the layer `PartialConv2D(table, size=5)`, a convolution without padding and without activation.
#
# | what | shape | meaning |
# | --- | --- | --- |
# | `table` | list of lists | row j lists the maps that map j sees, e.g. `[[0, 1], [2, 0], [1, 2, 3]]` |
# | `size` | int | the kernel's side |
# | `kernel` | (size, size, connections) | a filter for each connection, in the table's order: row 0 first, as listed |
# | `bias` | (maps,) | one for each row of the table |
# | input → output | (N, H, W, C) → (N, H − size + 1, W − size + 1, maps) | |
#
# <details><summary>Hint 1: the idea</summary> An ordinary convolution whose kernel is 0 where nothing is connected. Put
# the filters into their places and call <code>ops.conv</code>. </details>
# <details><summary>Hint 2: the shapes</summary> A constant (connections, C, maps) array with a 1 for each connection:
# (size, size, connections) times that gives (size, size, C, maps). </details>
# <details><summary>Hint 3: almost there</summary> <code>ops.tensordot(self.kernel, places, 1)</code>, with
# <code>places[n, c, j] = 1</code> for connection n from map c to map j. Or: <code>ops.take</code> the maps of each row,
# convolve, and <code>ops.concatenate</code>. </details>


# %%
class PartialConv2D(keras.layers.Layer):
    """A convolution in which each map sees some maps below. (N, H, W, C) -> (N, H-size+1, W-size+1, maps)."""

    ### BEGIN SOLUTION
    def __init__(self, table, size=5, **kwargs):
        super().__init__(**kwargs)
        self.table, self.size = tuple(tuple(seen) for seen in table), size

    def build(self, shape):
        pairs = [(c, f) for f, seen in enumerate(self.table) for c in seen]
        self.places = np.zeros((len(pairs), shape[-1], len(self.table)), "float32")
        for number, (c, f) in enumerate(pairs):
            self.places[number, c, f] = 1
        self.kernel = self.add_weight(shape=(self.size, self.size, len(pairs)), name="kernel")
        self.bias = self.add_weight(shape=(len(self.table),), initializer="zeros", name="bias")

    def call(self, x):
        whole = ops.tensordot(self.kernel, self.places, 1)
        return ops.conv(x, whole, 1, "valid", "channels_last") + self.bias

    def get_config(self):
        return {**super().get_config(), "table": [list(seen) for seen in self.table], "size": self.size}

    ### END SOLUTION


# %%
check(PartialConv2D)

# %% [markdown]
# The network of 1998, with your two layers in it. The paper counts 60,000 trainable parameters.

# %% tags=["experiment"]
threes = [[(f + step) % 6 for step in range(3)] for f in range(6)]
fours = [[(f + step) % 6 for step in range(4)] for f in range(6)]
pairs = [[f, f + 1, (f + 3) % 6, (f + 4) % 6] for f in range(3)]
table_c3 = [*threes, *fours, *pairs, [0, 1, 2, 3, 4, 5]]
seen = np.zeros((6, 16))
for column, row in enumerate(table_c3):
    seen[row, column] = 1
show_grids([seen], ["C3: which maps of S2 a map sees"], ("map of S2", "map of C3"))

tanh = layers.Activation("tanh")
keras.utils.set_random_seed(0)
original = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 5, padding="same", activation="tanh", name="C1"),
        Subsampling(name="S2"),
        tanh,
        PartialConv2D(table_c3, name="C3"),
        layers.Activation("tanh"),
        Subsampling(name="S4"),
        layers.Activation("tanh"),
        layers.Conv2D(120, 5, activation="tanh", name="C5"),
        layers.Flatten(),
        layers.Dense(84, activation="tanh", name="F6"),
    ]
)
for layer in original.layers:
    if layer.count_params():
        print(f"{layer.name:<4} {layer.count_params():>7,}")
print(f"all  {original.count_params():>7,}")

# %% [markdown]
# **Look.** Exactly 60,000. The output layer is missing in that count for a reason: in 1998 it compared F6 with a
# hand-drawn picture of each digit, 7×12 = 84 pixels, and had nothing to learn. Does the old network read as well as
# the new one? Put a `Dense(10)` behind it and train both.

# %% [markdown]
# ## 6.12 Count, and check the slides
#
# Work these out, on paper or in code, and fill in the dict. Numbers are whole unless said otherwise. Biases count.
#
# The walk-through of 6.1, as on the slide:
#
# - `"conv"`: parameters of CONV.
# - `"fc"`: parameters of FC.
#
# LeNet-5 as in 6.5:
#
# - `"C5_share"`: C5's share of all 61,706 parameters, to 1 %.
# - `"unpadded"`: all parameters when images of 28×28 are **not** padded and C5 is a dense layer of 120 units on what S4
#   gives then.
# - `"field"`: how many pixels along one side one unit of C5 sees, counting those of the padding.
# - `"multiplications"`: multiplications with weights in C1 for one image, padding included.
# - `"first_loss"`: the cross-entropy that an untrained network with ten classes should have, to 1 %.
# - `"sweep"`: a slide trains by wiggling: change one parameter, run the network, look at the loss, put it back. How
#   many runs does one sweep through all parameters take, with the one before any change?
#
# The paper of 1998:
#
# - `"S2"`: trainable parameters of its S2, two for each map.
# - `"C3"`: those of its C3, with 60 connections.
# - `"S4"`: those of its S4.
# - `"trainable"`: all of them, without an output layer.
#
# And what the slides say:
#
# - `"dense_layers"`: the slides draw LeNet-5 as CONV-POOL-CONV-POOL-CONV-FC. How many dense layers does the network of
#   6.5 have?
# - `"year"`: one slide says "LeNet-5, LeCun 1980". The year of the paper.
#
# <details><summary>Hint 1: the idea</summary> A convolution has F·F·C_in weights for each filter, and a bias.
# </details>
# <details><summary>Hint 2: the shapes</summary> Unpadded: 28 → 24 → 12 → 8 → 4, so 4·4·16 numbers reach the 120 units.
# </details>
# <details><summary>Hint 3: almost there</summary> The field grows by (F − 1) steps per layer, and a step is as wide as
# the product of the strides below: 5 after C1, 6 after S2, 14 after C3, 16 after S4. </details>

# %%
counts = {}
### BEGIN SOLUTION
counts["conv"] = 5 * 5 * 3 * 12 + 12
counts["fc"] = 16 * 16 * 12 * 10 + 10
counts["C5_share"] = 48120 / 61706
counts["unpadded"] = 156 + 2416 + (4 * 4 * 16 * 120 + 120) + 10164 + 850
counts["field"] = 16 + (5 - 1) * 2 * 2
counts["multiplications"] = 28 * 28 * 6 * 25
counts["first_loss"] = float(np.log(10))
counts["sweep"] = 61706 + 1
counts["S2"] = 2 * 6
counts["C3"] = 60 * 25 + 16
counts["S4"] = 2 * 16
counts["trainable"] = 156 + 12 + 1516 + 32 + 48120 + 10164
counts["dense_layers"] = 2
counts["year"] = 1998
### END SOLUTION

# %%
check(counts, "counts")

# %% [markdown]
# ## To go on
#
# - **ReLU and maximum.** Replace tanh by ReLU and the means by maxima. Which of the two changes helps more, and how
#   many trainings do you need to be sure?
# - **Few labels.** Train LeNet on 100, 300, 1,000, 3,000 digits and draw the error on the test set with both axes
#   logarithmic. Is it a straight line?
# - **Fonts.** Training and test fonts differ. How much better is the network on fonts it has seen?
# - **The same weights, larger images.** C5 is a convolution, so the layers up to it take a picture of 64×200. Build
#   such a model, copy the weights, and let it read a whole line of digits at once.
# - **Channels first.** Other libraries keep images as (N, C, H, W). Which of the ten weight arrays must be transposed
#   to carry LeNet over, and what happens at `Flatten`?
