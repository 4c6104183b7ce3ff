# %% [markdown]
# # 9. Residual networks
#
# Deeper should be better. A deep network can do all that a shallow one does: its extra layers only have to hand on
# what they get. But when people stacked 56 plain layers, the network did worse than one of 20, **on the very images
# it was trained on**. It could have done as well, and gradient descent did not find the way. One sum mends it: let
# each pair of layers learn what to *add* to its input. Then doing nothing is easy, and 152 layers can be trained.
#
# | part | you write | points | work time |
# | --- | --- | --- | --- |
# | 9.1 A unit with a way around | `residual_unit` and its backward pass | 9 | 45 min |
# | 9.2 Two ways through each unit | `gradient_paths` | 5 | 20 min |
# | 9.3 Three shortcuts | `residual` | 12 | 45 min |
# | 9.4 Plain and residual from one builder | `cifar_net` | 14 | 50 min |
# | 9.5 Too deep to learn | nothing: you watch | | 20 min |
# | 9.6 Why so steep? | `descend` | 6 | 30 min |
# | 9.7 What is left of batch norm | `fold_batch_norm` | 5 | 25 min |
# | 9.8 ResNet-18 to ResNet-152 | `resnet` | 12 | 45 min |
# | 9.9 Check the slides | `slides` | 12 | 25 min |
#
# **Work time** about five hours (an estimate), in parts that can be done one by one. **Run time** under ten
# minutes (measured on two busy cores), most of it for the networks of part 9.5.
#
# Parts 9.1, 9.2, 9.6 and 9.7 are NumPy, the others Keras. Images have the shape (N, H, W, C). No part needs another,
# but if your answer calls an earlier function of yours, the errors of that one count here too. The check of a network
# looks at it from several sides: layers, parameters, what is added to what, and the numbers that come out when it is
# given the same weights as the right one. It never trains it.
#
# If Python says `No module named 'common'`, choose the kernel of the `.venv` that README.md makes. After a restart run
# the cell below and the cells of your answers again; the figure right below an answer needs it.

# %%
import numpy as np

from common.quiet import quietly

with quietly():  # TensorFlow has much to say while it loads
    import keras

from keras import layers, ops

from common import check
from common.data import digits
from common.given import given, library
from common.mode import choose
from common.plots import show_bars, show_curves, show_panels

conv2d, conv2d_backward = library("conv2d"), library("conv2d_backward")  # of assignment 1


def conv(x, w):
    """A 3x3 convolution that keeps the size, without bias. x (N, H, W, C), w (3, 3, C, F) -> (N, H, W, F)."""
    return conv2d(x, w, np.zeros(w.shape[3]), 1, 1)


def conv_backward(dout, x, w):
    """Its gradients. dout (N, H, W, F), x (N, H, W, C), w (3, 3, C, F) -> dx like x, dw like w."""
    return conv2d_backward(dout, x, w, 1, 1)[:2]


def norm_relu(x):
    """Batch norm, then ReLU, with the defaults of Keras."""
    return layers.ReLU()(layers.BatchNormalization()(x))


# %% [markdown]
# Run the cell above, then the one below. One slide calls it the *revolution of depth*: four networks of ImageNet's
# contests, and how often three of them missed the right class with five guesses.

# %% tags=["experiment"]
show_bars({"AlexNet, 2012": 8, "VGG, 2014": 19, "GoogLeNet, 2014": 22, "ResNet, 2015": 152}, unit="layers with weights")
show_bars({"AlexNet": 15.3, "GoogLeNet": 6.67, "ResNet": 3.6}, unit="top-5 error in %")

# %% [markdown]
# **Look.** Seven times as many layers in one year. What kept people from doing so before? More memory, more images,
# or something else? Decide on an answer now, and come back to it after part 9.5.

# %% [markdown]
# ## 9.1 A unit with a way around
#
# A **plain unit** is two convolutions with a ReLU behind each. A **residual unit** is the same with one sum in it:
# before the last ReLU, the input is added again.
#
# $$h = \mathrm{ReLU}(x * w_1) \qquad F(x) = h * w_2 \qquad y = \mathrm{ReLU}\big(F(x) + x\big)$$
#
# $F$ is the **branch**, the way around it the **shortcut**. In a plain unit $y = \mathrm{ReLU}(F(x))$. If the best
# thing to do is nothing, a residual unit needs weights of 0, and weights near 0 are where training begins anyway. A
# plain unit needs two kernels that undo one another.
#
# Backward, the sum matters even more. Let $g$ be the gradient that comes through the last ReLU. Then
#
# $$\frac{\partial L}{\partial x} = g \cdot \frac{\partial}{\partial x}\big(F(x) + x\big) = F'^{\,T} g + g$$
#
# which one writes in short as $1 + F'$. However small $F'$ is, the gradient arrives.
#
# Write `residual_unit(x, w1, w2, shortcut)` and `residual_unit_backward(dout, cache)`, in one cell.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | maps |
# | `w1`, `w2` | (3, 3, C, F), (3, 3, F, C) | the kernels of the two convolutions |
# | `shortcut` | bool | True: a residual unit. False: a plain one |
# | returns | `(out, cache)` | `out` (N, H, W, C); `cache` is whatever your backward pass needs |
# | `dout` | (N, H, W, C) | gradient of the loss with respect to `out` |
# | returns | `(dx, dw1, dw2)` | gradients, in the shapes of `x`, `w1` and `w2` |
#
# `conv` and `conv_backward` above do the convolutions, which keep the size and have no bias. A ReLU passes a gradient
# where its output is above 0, and nothing elsewhere. There is no batch norm yet.
#
# <details><summary>Hint 1: the idea</summary> Go through the unit backwards, a step at a time: last ReLU, sum, second
# convolution, inner ReLU, first convolution. What does a sum do with a gradient? </details>
# <details><summary>Hint 2: the shapes</summary> The gradient behind the sum has the shape of <code>x</code>. It is
# used twice: as it is for the shortcut, and for the second convolution, whose input <code>h</code> is (N, H, W, F).
# </details>
# <details><summary>Hint 3: almost there</summary> <code>dsum = dout * (out &gt; 0)</code>, then <code>dh, dw2 =
# conv_backward(dsum, h, w2)</code>. At the end, <code>dsum</code> is added once more. </details>


# %%
def residual_unit(x, w1, w2, shortcut=True):
    """Two convolutions and a way around them. x (N, H, W, C) -> out (N, H, W, C) and a cache of your own."""
    ### BEGIN SOLUTION
    inside = np.maximum(conv(x, w1), 0)
    branch = conv(inside, w2)
    out = np.maximum(branch + x if shortcut else branch, 0)
    return out, (x, w1, w2, inside, out, shortcut)
    ### END SOLUTION


def residual_unit_backward(dout, cache):
    """Gradients of residual_unit. dout (N, H, W, C) -> dx (N, H, W, C), dw1 and dw2 like the kernels."""
    ### BEGIN SOLUTION
    x, w1, w2, inside, out, shortcut = cache
    dsum = dout * (out > 0)
    dinside, dw2 = conv_backward(dsum, inside, w2)
    dbefore = dinside * (inside > 0)
    dx, dw1 = conv_backward(dbefore, x, w1)
    return dx + dsum if shortcut else dx, dw1, dw2
    ### END SOLUTION


# %%
check(residual_unit, backward=residual_unit_backward)

# %% [markdown]
# Now stack forty units of your own, with small random kernels, and send a gradient of 1 back from the top. The curves
# show how large it still is in front of each unit: once plain, once with shortcuts, for kernels that are half and a
# quarter of the size that keeps the signal as it is.

# %% tags=["experiment"]
rng = np.random.default_rng(0)
picture, depth = rng.normal(size=(1, 6, 6, 8)), choose(smoke=10, student=40)
kernels = rng.normal(size=(depth, 2, 3, 3, 8, 8)) * np.sqrt(2 / 72)


def gradient_sizes(size, shortcut):
    """The norm of the gradient in front of each unit, the lowest unit first."""
    x, caches = np.maximum(picture, 0), []
    for w1, w2 in kernels * size:
        x, cache = residual_unit(x, w1, w2, shortcut)
        caches.append(cache)
    gradient, sizes = np.ones(x.shape), []
    for cache in reversed(caches):
        gradient = residual_unit_backward(gradient, cache)[0]
        sizes.append(np.linalg.norm(gradient) + 1e-300)
    return sizes[::-1]


reached = {
    f"{name}, kernels times {size}": (np.arange(1, depth + 1), gradient_sizes(size, shortcut))
    for name, shortcut in (("plain", False), ("with shortcuts", True))
    for size in (0.5, 0.25)
}
show_curves(reached, across="unit", up="size of the gradient", log="y")

# %% [markdown]
# **Look.** Read the curves from right to left, as the gradient travels. In the plain stacks each unit makes it
# smaller by the same factor: what is that factor, and what would be left after 56 units? With shortcuts it is the
# other way round: it grows a little. What does the forward pass do in that stack, and what could keep it in check?

# %% [markdown]
# ## 9.2 Two ways through each unit
#
# Think of each unit as one number: its branch has the slope $f_i$, its shortcut the slope 1. Through a chain of units
# the gradient is a product, and a product of sums is a sum of products:
#
# $$(1 + f_1)(1 + f_2)(1 + f_3) = 1 + (f_1 + f_2 + f_3) + (f_1 f_2 + f_1 f_3 + f_2 f_3) + f_1 f_2 f_3$$
#
# Each term is a **path**: at every unit it goes either through the branch or around it. Three units give eight paths:
# one takes no branch, three take one, three take two, one takes all. A plain net has the last one only. One slide
# puts it so: residual networks behave like ensembles of relatively shallow networks.
#
# Write `gradient_paths(slopes)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `slopes` | (n,) | the slope $f_i$ of each branch; n is at least 1; unchanged afterwards |
# | returns | (n + 1,) | entry k: the sum over all paths that take exactly k branches |
#
# The entries add up to the whole gradient. A loop over units is fine; a loop over all $2^n$ paths is too.
#
# <details><summary>Hint 1: the idea</summary> Put a letter beside each slope: (1 + f₁ t)(1 + f₂ t)… What stands
# beside t² in the end? </details>
# <details><summary>Hint 2: one unit more</summary> Knowing the sums for the units so far, what does one more unit do?
# A path of k branches either went around it, or it had k − 1 before. </details>
# <details><summary>Hint 3: almost there</summary> Begin with 1 and n zeros. For each slope, <code>parts[1:] += slope
# * parts[:-1]</code>: the right side is computed before anything is added. </details>


# %%
def gradient_paths(slopes):
    """The gradient through n units by the number of branches on the way. slopes (n,) -> (n + 1,)."""
    ### BEGIN SOLUTION
    parts = np.zeros(len(slopes) + 1)
    parts[0] = 1
    for slope in slopes:
        parts[1:] += slope * parts[:-1]
    return parts
    ### END SOLUTION


# %%
check(gradient_paths)

# %% [markdown]
# ResNet-56 has 27 units, so it has $2^{27}$ paths. First count them by length, then weigh them: with a slope of 0.3
# in each branch a path through all of them carries next to nothing.

# %% tags=["experiment"]
lengths = np.arange(28)
paths = {"all paths": gradient_paths(np.ones(27)), "the gradient they carry": gradient_paths(np.full(27, 0.3))}
shares = {name: (lengths, each / each.sum()) for name, each in paths.items()}
show_curves(shares, across="branches on the way", up="share")
short = paths["the gradient they carry"][:13].sum() / paths["the gradient they carry"].sum()
print(f"{2**27:,} paths; those of at most 12 branches carry {short:.1%} of the gradient")

# %% [markdown]
# **Look.** Most paths take 13 or 14 of the 27 branches, but most of the gradient comes on paths of six. How deep is
# this network, then, for the gradient? And how much of the gradient is lost if one of the 27 branches is taken out?

# %% [markdown]
# ## 9.3 Three shortcuts
#
# In Keras a unit is a few lines. The convolutions get a **batch norm** each, in front of the ReLU. A batch norm takes
# the mean off, so the convolution in front of it needs no bias.
#
#     conv 3x3, stride  ->  batch norm  ->  ReLU  ->  conv 3x3  ->  batch norm  ->  sum with the shortcut  ->  ReLU
#
# What if the unit halves the maps, or has more filters than its input has channels? Then input and branch cannot be
# added as they are. He et al. tried three rules:
#
# - **A**: no weights. Every `stride`-th pixel of the input, in both directions, beginning with the first. For missing
#   channels, zeros **behind** the ones that are there.
# - **B**: a **projection** where shapes change, a 1×1 convolution with the unit's stride and a batch norm of its own.
#   Elsewhere the input itself.
# - **C**: a projection in every unit.
#
# Write `residual(shape, filters, stride, option)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `shape` | (H, W, C) | shape of the unit's input |
# | `filters` | int, at least C | filters of both convolutions |
# | `stride` | int | stride of the **first** convolution and of the shortcut |
# | `option` | `"A"`, `"B"` or `"C"` | the rule for the shortcut |
# | returns | a Keras model | (N, H, W, C) → (N, ⌈H / stride⌉, ⌈W / stride⌉, `filters`) |
#
# All convolutions have `padding="same"` and no bias, all batch norms are Keras' own with its defaults. No activation
# follows the projection. Functional models, subclassed ones and layers of your own are all fine, and so are names of
# your choice; a `Lambda` layer is not.
#
# <details><summary>Hint 1: the idea</summary> Write the branch first. Then decide from <code>option</code>,
# <code>stride</code> and the channels what stands on the shortcut: the input, a projection, or the input thinned out
# and filled up. </details>
# <details><summary>Hint 2: option A</summary> <code>x[:, ::stride, ::stride]</code> thins out; so does a pooling
# window of one pixel. <code>ops.pad</code> takes a pair (before, after) for each of the four axes. </details>
# <details><summary>Hint 3: almost there</summary> <code>keras.Model(x, layers.ReLU()(layers.Add()([short,
# y])))</code>, where <code>short</code> is <code>x</code>, or
# <code>layers.BatchNormalization()(layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x))</code>. </details>


# %%
def residual(shape, filters, stride=1, option="B"):
    """One residual unit with shortcut A, B or C. (N, H, W, C) -> (N, ceil(H/stride), ceil(W/stride), filters)."""
    ### BEGIN SOLUTION
    x = keras.Input(shape)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    short = x
    if option == "C" or (option == "B" and (stride > 1 or shape[-1] != filters)):
        short = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        short = layers.BatchNormalization()(short)
    elif option == "A":
        short = layers.MaxPooling2D(1, strides=stride)(x)
        short = ops.pad(short, ((0, 0), (0, 0), (0, 0), (0, filters - shape[-1])))
    return keras.Model(x, layers.ReLU()(layers.Add()([short, y])))
    ### END SOLUTION


# %%
check(residual)

# %% [markdown]
# What do the three cost? Here is the unit that leads from 64 to 128 maps, and the one behind it.

# %% tags=["experiment"]
costs = {}
for option in "ABC":
    for name, channels, stride in (("64 to 128 maps", 64, 2), ("128 to 128 maps", 128, 1)):
        unit = residual((28, 28, channels), 128, stride, option)
        costs[f"{name}, option {option}"] = sum(each.size for each in map(np.asarray, unit.trainable_weights)) / 1000
show_bars(costs, unit="thousand weights")

# %% [markdown]
# **Look.** Which rule would you take for a net in which plain and residual should weigh exactly the same? And which
# for one where a shape changes three times in 50 layers, so that its price hardly matters?

# %% [markdown]
# ## 9.4 Plain and residual from one builder
#
# For a fair comparison nothing may differ but the sums. He et al. made such nets for CIFAR-10, 32×32 pixels, for
# every depth $6n + 2$:
#
# 1. A 3×3 convolution with 16 filters, batch norm, ReLU.
# 2. Three stages of $n$ units each, with 16, 32 and 64 filters. The first unit of the second and of the third stage
#    has stride 2. Units are those of part 9.3, and the shortcuts are **option A**.
# 3. The mean of each of the 64 maps, and a dense layer with one score per class, no softmax.
#
# The plain net is the same without the sums: conv, batch norm, ReLU, conv, batch norm, ReLU. Option A has no weights,
# so both weigh exactly as much: 269,722 trained weights at depth 20, 853,018 at depth 56.
#
# Write `cifar_net(depth, residual, without, shape, classes)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `depth` | int | 8, 14, 20, … 110: convolutions and the dense layer, counted together |
# | `residual` | bool | True: shortcuts. False: the plain net |
# | `without` | int or None | a unit to leave out, counted from 0 through all stages. It is never one with stride 2 |
# | `shape` | (H, W, C) | shape of the images |
# | `classes` | int | scores |
# | returns | a Keras model | (N, H, W, C) → (N, `classes`) |
#
# Leaving a unit out means: both of its convolutions and norms are gone, and its input goes straight on. Convolutions
# have `padding="same"` and no bias.
#
# <details><summary>Hint 1: the idea</summary> One loop over 3n units. From a unit's number follow its stage, its
# filters and its stride. </details>
# <details><summary>Hint 2: the numbers</summary> <code>count = (depth - 2) // 6</code> units per stage; unit
# <code>u</code> is in stage <code>u // count</code> and has <code>16 * 2 ** stage</code> filters. </details>
# <details><summary>Hint 3: almost there</summary> In the loop: <code>if u == without: continue</code>; then the two
# convolutions; then, if residual, the shortcut, thinned out and filled up where the stride is 2. </details>


# %%
def cifar_net(depth, residual=True, without=None, shape=(32, 32, 3), classes=10):
    """A plain or residual net of depth 6n + 2. (N, H, W, C) -> (N, classes)."""
    ### BEGIN SOLUTION
    count = (depth - 2) // 6
    image = keras.Input(shape)
    x = norm_relu(layers.Conv2D(16, 3, padding="same", use_bias=False)(image))
    for unit in range(3 * count):
        if unit == without:
            continue
        filters = 16 * 2 ** (unit // count)
        stride = 2 if unit % count == 0 and unit else 1
        y = norm_relu(layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        if residual:
            short = x
            if stride == 2:
                short = layers.MaxPooling2D(1, strides=2)(x)
                short = ops.pad(short, ((0, 0), (0, 0), (0, 0), (0, filters // 2)))
        x = layers.ReLU()(layers.Add()([short, y]) if residual else y)
    return keras.Model(image, layers.Dense(classes)(layers.GlobalAveragePooling2D()(x)))
    ### END SOLUTION


# %%
check(cifar_net)

# %% [markdown]
# The paper's table, made by your builder. Beside the weights that are trained, a Keras net holds the running mean and
# variance of each batch norm.

# %% tags=["experiment"]
print("depth   trained weights   running statistics")
for depth in choose(smoke=(20,), student=(20, 32, 44, 56, 110)):
    net = cifar_net(depth)
    trained = sum(int(np.prod(each.shape)) for each in net.trainable_weights)
    print(f"{depth:5}   {trained:15,}   {net.count_params() - trained:18,}")

# %% [markdown]
# ## 9.5 Too deep to learn
#
# Here is nothing to write. Three experiments follow, with your builder where it is right and with a given one where
# it is not. The images are scanned digits of 8×8 pixels, few and small, so that 56 layers can be trained on a laptop.
#
# **First: before any training.** Each net gets 64 digits, and you see how large the gradient of each kernel is, from
# the first convolution to the last. He et al. wrote that with batch norm it is *not* vanishing gradients that keep
# deep plain nets from learning. Check it.

# %% tags=["experiment"]
from common.training import drops, fit
from common.training.backend import weight_gradients

build, data = given("cifar_net"), digits(train=1280, validation=300, test=200)
shape, depths = data.train.images.shape[1:], choose(smoke=(8, 14), student=(20, 56))
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def small_net(depth, residual, without=None):
    """A net for digits, always with the same weights to start from."""
    keras.utils.set_random_seed(depth)
    return build(depth, residual, without, shape, 10)


first_images, first_labels = data.train.images[:64].astype(np.float32) / 255, data.train.labels[:64]
sizes = {}
for name, is_residual in (("plain", False), ("residual", True)):
    for depth in depths:
        found = weight_gradients(small_net(depth, is_residual), cross_entropy, first_images, first_labels)
        norms = [float(np.linalg.norm(each)) for each in found.values() if each.ndim == 4]
        sizes[f"{name}, depth {depth}"] = (np.linspace(0, 1, len(norms)), norms)
show_curves(sizes, across="place in the net, from the images to the scores", up="size of a kernel's gradient", log="y")

# %% [markdown]
# **Look.** Does the gradient of the deep plain net vanish? It is a thousand times as large at the bottom as at the
# top: what does one learning rate for all layers then do? Compare with part 9.1, where there was no batch norm. And
# which of the four curves would you want for a net of 152 layers?
#
# **Second: the experiment of the slides.** Four nets, plain and residual, shallow and deep, with the same data, the
# same steps, the same learning rate. What counts is the loss on the **training** images: a net that does worse there
# is not overfitting, it has not learned. The cell takes two to five
# minutes.

# %% tags=["experiment"]
runs, trained = {}, {}
for name, is_residual in (("plain", False), ("residual", True)):
    for depth in depths:
        net = small_net(depth, is_residual)
        optimizer = keras.optimizers.SGD(0.02, momentum=0.9)
        run = fit(net, data, epochs=choose(smoke=1, student=12), batch=64, optimizer=optimizer, show=False)
        runs[f"{name}, depth {depth}"], trained[is_residual, depth] = run, net
        print(f"{name}, depth {depth}: training loss {run.loss[-1]:.3f}, {run.seconds:.0f} s")
epochs = np.arange(1, len(run.loss) + 1)
panels = {
    name: {each.split(", ")[1]: (epochs, run.loss) for each, run in runs.items() if each.startswith(name)}
    for name in ("plain", "residual")
}
show_panels(panels, across="epoch", up="training loss")

# %% [markdown]
# **Look.** Which of the two plain nets does better on its own training images, and by how much? The deep one could
# copy the shallow one and hand its result on through 36 more layers: what keeps it from doing so? Then the same two
# depths with shortcuts.
#
# This is a small version of the slide, and an honest one: 1,280 images and a dozen epochs. With hundreds of epochs on
# 50,000 images the deep plain net gets much further. It stays behind the shallow one all the same: 12.8 % against 9.5
# % test error on CIFAR-10 in one careful repetition, and 7.4 % for ResNet-56.
#
# **Third: take a unit out.** A trained net loses one unit and is asked again, with no training in between. By part
# 9.2 a residual net should hardly notice. The weights of a unit stand together in `get_weights()`: five arrays for
# the first convolution and its norm, ten for each unit.

# %% tags=["experiment"]
tested, labels = data.test.images.astype(np.float32) / 255, data.test.labels


def share_right(net):
    """Share of the test images that a net gets right."""
    return float((ops.convert_to_numpy(net(tested, training=False)).argmax(axis=1) == labels).mean())


left = {}
for (is_residual, depth), net in trained.items():
    count, weights = (depth - 2) // 6, net.get_weights()
    units = [unit for unit in range(3 * count) if unit not in (count, 2 * count)][
        :: choose(smoke=2, student=depth // 20)
    ]
    shares = []
    for unit in units:
        shorter = small_net(depth, is_residual, without=unit)
        shorter.set_weights(weights[: 5 + 10 * unit] + weights[15 + 10 * unit :])
        shares.append(share_right(shorter))
    name = f"{'residual' if is_residual else 'plain'}, depth {depth} (whole: {share_right(net):.0%})"
    left[name] = (np.array(units) / (3 * count), shares)
show_curves(left, across="place of the unit that is left out", up="share of test images right")

# %% [markdown]
# **Look.** The plain net of 20 layers is right nearly always, and guesses as soon as one unit is gone; the one of 56
# guesses anyway. A residual net goes on. Which units can it spare least, and why should those stand where they stand?
# Which of the two is hurt less, the deep or the shallow one, and what does part 9.2 say to that?

# %% [markdown]
# ## 9.6 Why so steep?
#
# The slide with the CIFAR-10 curves asks it: twice, all errors fall within moments. Nothing happened to the network.
# The **learning rate** was divided by ten. A large rate gets far quickly but cannot settle: in a narrow valley it
# bounces from side to side. A small one follows the floor of the valley, and would have taken for ever to get there.
#
# Make such a valley. Each weight $w_i$ has its own steepness $s_i$, and because every batch shows other images, each
# gradient is off by some noise:
#
# $$L = \frac{1}{2} \sum_i s_i w_i^2 \qquad g_i = s_i w_i + \mathrm{noise}_i \qquad
# v \leftarrow 0.9\,v - \mathrm{rate} \cdot g \qquad w \leftarrow w + v$$
#
# The **velocity** $v$ begins at 0. This is gradient descent with a momentum of 0.9, as Keras' `SGD` does it.
#
# Write `descend(start, steepness, noise, rate, drop)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `start` | (D,) | the weights in front of the first update; unchanged afterwards |
# | `steepness` | (D,) | $s_i$, all above 0 |
# | `noise` | (U, D) | what is added to the gradient of each of the U updates |
# | `rate` | float | learning rate of the first `drop` updates |
# | `drop` | int | after so many updates the rate is `rate / 10`, and stays there. It may lie beyond the end |
# | returns | (U,) and (D,) | a tuple `(losses, end)`: $L$ **in front of** each update, and the weights after the last |
#
# Nothing but the rate changes at the drop: the velocity goes on.
#
# <details><summary>Hint 1: the idea</summary> One loop over the rows of <code>noise</code>. What has to be kept from
# one round to the next? </details>
# <details><summary>Hint 2: the shapes</summary> Weights, gradient and velocity are all (D,), the loss is one number.
# </details>
# <details><summary>Hint 3: almost there</summary> In round <code>u</code>, counted from 0: where <code>u ==
# drop</code>, divide the rate; note the loss; then gradient, velocity, weights, in this order. </details>


# %%
def descend(start, steepness, noise, rate, drop):
    """Momentum with a rate that drops once. start and steepness (D,), noise (U, D) -> losses (U,), end (D,)."""
    ### BEGIN SOLUTION
    w, velocity = start, np.zeros(len(start))
    losses = np.empty(len(noise))
    for update in range(len(noise)):
        if update == drop:
            rate = rate / 10
        losses[update] = (steepness * w**2).sum() / 2
        gradient = steepness * w + noise[update]
        velocity = 0.9 * velocity - rate * gradient
        w = w + velocity
    return losses, w
    ### END SOLUTION


# %%
check(descend)

# %% [markdown]
# A valley that is a hundred times as steep across as along, and three ways down: with a large rate, with a tenth of
# it from the start, and with the drop.

# %% tags=["experiment"]
rng = np.random.default_rng(2)
start, steepness, noise = np.array([10.0, 1.0]), np.array([0.02, 2.0]), rng.normal(size=(600, 2)) / 4
ways = {"0.2 throughout": (0.2, 600), "0.02 throughout": (0.02, 600), "0.2, from update 300 on 0.02": (0.2, 300)}
downhill = {name: descend(start, steepness, noise, rate, drop)[0] for name, (rate, drop) in ways.items()}
means = {name: np.convolve(losses, np.ones(20) / 20, "valid") for name, losses in downhill.items()}
show_curves({name: (np.arange(len(each)), each) for name, each in means.items()}, across="update", up="loss", log="y")

# %% [markdown]
# **Look.** The small rate is still on its way where the large one has long been bouncing. With the drop the loss
# first jumps, then falls far below both. What keeps the large rate from going lower, however long one waits? And
# whose fault is the jump?
#
# Now the slide itself, in small: two ResNet-8 from the same weights, with a rate that is rather too large. One drops
# it once, the other never.

# %% tags=["experiment"]
build, data, epochs = given("cifar_net"), digits(train=1280, validation=300, test=200), choose(smoke=2, student=14)
with_drop = {}
for name, at in (("0.4 throughout", []), ("0.04 from epoch 9 on", [8])):
    keras.utils.set_random_seed(1)
    net, optimizer = build(8, True, None, (8, 8, 1), 10), keras.optimizers.SGD(0.4, momentum=0.9)
    run = fit(net, data, epochs, batch=16, schedule=drops(0.4, at), optimizer=optimizer, show=False)
    with_drop[name] = (np.arange(1, len(run.loss) + 1), run.loss)
show_curves(with_drop, across="epoch", up="training loss", log="y")

# %% [markdown]
# **Look.** Behind the drop the loss falls by a factor of four within two epochs. Would it have been better to begin
# with the small rate? And why do people wait with the drop until the curve is flat?

# %% [markdown]
# ## 9.7 What is left of batch norm
#
# In training, batch norm is what makes 152 layers possible at all: it keeps the branches at one size, so that the
# sums do not blow up as in part 9.1, and it makes a kernel's own size irrelevant. After training, nothing of that is
# needed. Mean and variance no longer change, and then
#
# $$\gamma \, \frac{x * w - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta$$
#
# is a convolution with another kernel and a bias. The slide has no $\varepsilon$ and says nothing of running
# statistics; both are needed here. Networks that have to be fast are *folded* like that before they are shipped.
#
# Write `fold_batch_norm(w, gamma, beta, mean, variance, eps)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `w` | (kh, kw, C_in, C_out) | the kernel of a convolution without bias; unchanged afterwards |
# | `gamma`, `beta` | (C_out,) | scale and shift of the batch norm behind it |
# | `mean`, `variance` | (C_out,) | its running statistics, $\mu$ and $\sigma^2$ |
# | `eps` | float | $\varepsilon$ |
# | returns | `(kernel, bias)` | like `w`, and (C_out,): a convolution that does the work of both |
#
# <details><summary>Hint 1: the idea</summary> A batch norm in use only multiplies each channel by one number and adds
# another. Which two? </details>
# <details><summary>Hint 2: the shapes</summary> One number per filter. Filters are the last axis of the kernel, so
# NumPy puts a (C_out,) array in the right place by itself. </details>
# <details><summary>Hint 3: almost there</summary> With <code>scale = gamma / np.sqrt(variance + eps)</code>: the
# kernel is multiplied by it, and what is added is what the norm makes of 0. </details>


# %%
def fold_batch_norm(w, gamma, beta, mean, variance, eps=1e-3):
    """A convolution and the batch norm behind it as one. w (kh, kw, C_in, C_out), others (C_out,) -> kernel, bias."""
    ### BEGIN SOLUTION
    scale = gamma / np.sqrt(variance + eps)
    return w * scale, beta - mean * scale
    ### END SOLUTION


# %%
check(fold_batch_norm)

# %% [markdown]
# The first convolution of the net you trained last, and the norm behind it: both in Keras, then the two folded into
# one. The bars say how much each filter was scaled.

# %% tags=["experiment"]
kernel, *norm_weights = net.get_weights()[:5]
folded, bias = fold_batch_norm(kernel, *norm_weights)
pictures = data.test.images[:100].astype(np.float32) / 255
both = keras.Sequential([layers.Conv2D(16, 3, padding="same", use_bias=False), layers.BatchNormalization()])
one = layers.Conv2D(16, 3, padding="same")
both.build((None, 8, 8, 1))
one.build((None, 8, 8, 1))
both.set_weights([kernel, *norm_weights])
one.set_weights([folded, bias])
apart = np.abs(ops.convert_to_numpy(both(pictures, training=False)) - ops.convert_to_numpy(one(pictures))).max()
print(f"largest difference on {len(pictures)} images: {apart:.1e}")
sixteen = np.abs(folded).max(axis=(0, 1, 2)) / np.abs(kernel).max(axis=(0, 1, 2))
show_bars({f"filter {number}": size for number, size in enumerate(sixteen)}, unit="what the norm multiplies by")

# %% [markdown]
# **Look.** Not one filter was left as it was. What would the second convolution of a unit have to do if these factors
# were not learned and not there? And what does a kernel that is twice as large change in training, as long as its
# norm stands behind it?

# %% [markdown]
# ## 9.8 ResNet-18 to ResNet-152
#
# For ImageNet the same idea, in five sizes. From 50 layers on, two 3×3 convolutions would cost too much, so a unit
# becomes a **bottleneck**: a 1×1 convolution makes the maps few, a 3×3 works on them, another 1×1 makes them many
# again.
#
# | stage | maps for 224×224 images | 18 | 34 | 50 | 101 | 152 |
# | --- | --- | --- | --- | --- | --- | --- |
# | stem | 112×112 | 7×7, 64, stride 2 | same | same | same | same |
# | 1 | 56×56 | 2 units | 3 | 3 | 3 | 3 |
# | 2 | 28×28 | 2 units | 4 | 4 | 4 | 8 |
# | 3 | 14×14 | 2 units | 6 | 6 | 23 | 36 |
# | 4 | 7×7 | 2 units | 3 | 3 | 3 | 3 |
# | unit | $f$ = 64, 128, 256, 512 by stage | 3×3 $f$, 3×3 $f$ | same | 1×1 $f$, 3×3 $f$, 1×1 $4f$ | same | same |
#
# Write `resnet(depth, shape, classes, width)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `depth` | 18, 34, 50, 101 or 152 | which of the five |
# | `shape` | (H, W, C) | shape of the images |
# | `classes` | int | scores |
# | `width` | int | filters of the stem and of stage 1; 64 in the paper. Each further stage doubles them |
# | returns | a Keras model | (N, H, W, C) → (N, `classes`) |
#
# - Stem: the 7×7 convolution with stride 2, batch norm, ReLU, then max pooling 3×3 with stride 2.
# - Stage 1 keeps the size. The first unit of each further stage has stride 2, and it stands in the unit's **first**
#   convolution, as in the paper.
# - Every convolution has a batch norm behind it and no bias; a ReLU follows each norm but the last one of the branch;
#   that one comes after the sum.
# - Shortcuts are **option B**. Look closely at the first unit of stage 1: from 50 layers on, it has more channels to
#   give than it gets.
# - Everything pads with `"same"`, the pooling too. At the end the mean of each map, and a dense layer without
#   softmax.
#
# The check looks at ResNet-152, with its 60 million weights, without making one of them: Keras can tell all shapes
# beforehand.
#
# <details><summary>Hint 1: the idea</summary> It is the loop of part 9.4 with four stages of unequal length, two
# kinds of unit and a projection where shapes differ. </details>
# <details><summary>Hint 2: which shortcut?</summary> Build the branch first. The input fits if its shape equals the
# branch's; Keras tells both before there are numbers, as <code>x.shape</code>. </details>
# <details><summary>Hint 3: almost there</summary> <code>units = {18: (2, 2, 2, 2), …}[depth]</code>; for each stage
# and each unit in it <code>stride = 2 if stage &gt; 0 and unit == 0 else 1</code>; the last convolution of a
# bottleneck has <code>4 * filters</code>. </details>


# %%
def resnet(depth, shape=(224, 224, 3), classes=1000, width=64):
    """ResNet-18, 34, 50, 101 or 152. (N, H, W, C) -> (N, classes)."""
    ### BEGIN SOLUTION
    three = (3, 4, 6, 3)
    counts = {18: (2, 2, 2, 2), 34: three, 50: three, 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}[depth]
    image = keras.Input(shape)
    x = norm_relu(layers.Conv2D(width, 7, strides=2, padding="same", use_bias=False)(image))
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for stage, count in enumerate(counts):
        filters = width * 2**stage
        for unit in range(count):
            stride = 2 if stage > 0 and unit == 0 else 1
            if depth < 50:
                y = norm_relu(layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x))
                y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
            else:
                y = norm_relu(layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x))
                y = norm_relu(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y))
                y = layers.Conv2D(4 * filters, 1, use_bias=False)(y)
            y = layers.BatchNormalization()(y)
            if x.shape != y.shape:
                x = layers.Conv2D(y.shape[-1], 1, strides=stride, use_bias=False)(x)
                x = layers.BatchNormalization()(x)
            x = layers.ReLU()(layers.Add()([x, y]))
    return keras.Model(image, layers.Dense(classes)(layers.GlobalAveragePooling2D()(x)))
    ### END SOLUTION


# %%
check(resnet)

# %% [markdown]
# All five, counted. In brackets are the numbers that PyTorch's own models of these names have.

# %% tags=["experiment"]
published = {18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808}
weights = {"AlexNet, 8 layers": 62.378344, "VGG-19": 143.667240}
for depth in choose(smoke=(18,), student=(18, 34, 50, 101, 152)):
    net = resnet(depth)
    count = sum(int(np.prod(each.shape)) for each in net.trainable_weights)
    weights[f"ResNet-{depth}"] = count / 1e6
    print(
        f"ResNet-{depth}: {count:,} trained weights ({published[depth]:,}), {net.count_params() - count:,} statistics"
    )
show_bars(weights, unit="million weights")

# %% [markdown]
# **Look.** The network of 152 layers is lighter than the one of eight. Where did AlexNet's weights go? And what does
# a deep net cost instead, that this figure does not show?

# %% [markdown]
# ## 9.9 Check the slides
#
# Fill in the table. Parts 9.1 to 9.8 hold all you need, and two formulas:
#
# - The **receptive field** grows by $r \leftarrow r + (k - 1)\,s$ at each layer with a window of $k$, where $s$ is
#   the product of all strides below it; both are 1 at the start.
# - An error rate $p$ measured on $n$ images is known to about $\pm 1.96\,\sqrt{p\,(1 - p) / n}$, in 95 of 100 cases.
#
# The slides:
#
# - **A.** "ResNet, 152 layers." The count takes convolutions and the dense layer on the main path, not the
#   projections.
# - **B.** "Revolution of depth: AlexNet, 8 layers. VGG, 19 layers. ResNet, 152 layers."
# - **C.** "Residual networks behave like ensembles of relatively shallow networks." One path per choice at every
#   unit.
# - **D.** "If derivative < 1, gradient gets smaller and smaller as we go deeper and deeper." Take 20 units whose
#   branches have the slope 0.25 each.
# - **E.** "μ, σ: functions of x. γ, β: parameters to be learned." `keras.applications.ResNet50` says it has
#   25,636,712 parameters; your ResNet-50 has 25,557,032 that are trained.
# - **F.** "ResNet won with a top-5 error rate of 3.6 %. Humans generally hover around a 5-10 % error." Say that one
#   person labelled 1,500 images and got 5 % wrong, and that the net was tested on 100,000.
#
# | entry | | what is asked |
# | --- | --- | --- |
# | `"units"` | A | bottleneck units in ResNet-152 |
# | `"convolutions"` | A | convolutions in it, projections included |
# | `"heavier"` | B | VGG-19's 143,667,240 weights divided by ResNet-152's 60,192,808 |
# | `"paths 20"` | C | paths through ResNet-20 |
# | `"paths 56"` | C | paths through ResNet-56 |
# | `"typical 110"` | C | branches on a path through ResNet-110, on average over its paths |
# | `"plain"` | D | the gradient in front of 20 such plain units, if it is 1 behind them |
# | `"residual"` | D | the same with shortcuts |
# | `"statistics"` | E | running statistics in your ResNet-50 |
# | `"the rest"` | E | what Keras' own ResNet-50 has besides: `"biases"`, `"projections"` or `"scales"` |
# | `"field"` | | receptive field of ResNet-20 in front of the mean, along the main path, in pixels |
# | `"human"` | F | the 95 % range of that person's error, ± how many percentage points |

# %%
slides = {}
### BEGIN SOLUTION
slides["units"] = 3 + 8 + 36 + 3
slides["convolutions"] = 1 + 3 * 50 + 4
slides["heavier"] = 143_667_240 / 60_192_808
slides["paths 20"] = 2**9
slides["paths 56"] = 2**27
slides["typical 110"] = 54 // 2
slides["plain"] = 0.25**20
slides["residual"] = 1.25**20
slides["statistics"] = 53_120
slides["the rest"] = "biases"
slides["field"] = 1 + 2 * 7 * 1 + 2 * 1 + 2 * 5 * 2 + 2 * 2 + 2 * 5 * 4
slides["human"] = 1.96 * (0.05 * 0.95 / 1500) ** 0.5 * 100
### END SOLUTION

# %%
check(slides, "slides")

# %% [markdown]
# ## 9.10 Further
#
# Nothing here is graded.
#
# - **CIFAR-10 itself.** Run part 9.5 on `cifar10()` from `common.data`, with a GPU and `COURSE_MODE=full`. Between 20
#   and 32 layers the plain nets hardly differ; between 20 and 56 they do, on every seed.
# - **Begin as the identity.** Set `gamma_initializer="zeros"` in the last batch norm of each unit. What is the net of
#   part 9.5 at the start then, and how do its first epochs change?
# - **Before the sum.** Move norm and ReLU to the front of each convolution and leave the sum bare (He et al. called
#   it *pre-activation*). Which gradient then runs from the last unit to the first, untouched?
# - **Take two out.** Leave two, three, five units out of ResNet-56 and draw the accuracy. An ensemble fades; does
#   this net?
# - **Where the stride stands.** In a bottleneck with stride 2, the first 1×1 convolution never looks at three of four
#   pixels. Many libraries put the stride into the 3×3 instead. What changes in the count of weights, and what in the
#   cost?
