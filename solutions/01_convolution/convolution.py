# %% [markdown]
# # 1. Convolution
#
# A convolutional network looks at an image through small windows. The same few weights look everywhere: at the sky,
# at the roof, at the corner. That is why such a network needs thousands of weights where a fully connected one needs
# billions, and why it knows a roof wherever the roof stands. This notebook builds that one operation from nothing but
# NumPy: first along a line, then over a batch of colour images, then backwards, so that it can learn.
#
# | part | you write | points | work time |
# | --- | --- | --- | --- |
# | 1.1 Along a line | `conv1d` | 5 | 20 min |
# | 1.2 Turned round or not | `filter2d` | 4 | 20 min |
# | 1.3 How large is the output? | `conv_output_shape` | 4 | 20 min |
# | 1.4 As large as before | `same_padding` | 4 | 25 min |
# | 1.5 A convolution layer | `conv2d` | 10 | 40 min |
# | 1.6 A Gaussian | `gaussian_kernel` | 3 | 15 min |
# | 1.7 One matrix product | `im2col` | 5 | 30 min |
# | 1.8 And back | `col2im` | 4 | 25 min |
# | 1.9 The backward pass | `conv2d_backward` | 11 | 60 min |
# | 1.10 Do not trust it, measure it | `numerical_gradient` | 5 | 25 min |
# | 1.11 Learn the weights | `learning_step` | 5 | 30 min |
# | 1.12 Check the slides | `slides` | 12 | 20 min |
#
# **Work time** about five and a half hours, in parts that can be done one by one (an estimate). **Run time** about 30
# seconds (measured on two cores), most of it for Keras to load and for part 1.11.
#
# After each function stands a check cell. Run it as often as you like: it shows what it tried, how far off you are,
# and what is probably wrong. Your score comes from the same kinds of cases with fresh numbers and other sizes. No part
# needs another: where a figure needs an earlier function that is not right yet, it takes a library's and says so. But
# if your answer calls an earlier function of yours, the errors of that one count here too.
#
# If Python says `No module named 'common'`, choose the kernel of the `.venv` that README.md makes. After a restart run
# the cell below and the cells of your answers again; the figure right below an answer needs it.

# %%
import numpy as np

from common import check
from common.data import photo
from common.given import given
from common.mode import choose
from common.plots import show_bars, show_curves, show_images, show_kernels, show_signals, show_windows
from common.quiet import quietly

# %% [markdown]
# Run the cell above, then the one below. It shows the photograph that your own code will filter, and one row of its
# pixels. A row of pixels is a signal like any other: long flat stretches, and jumps where one thing ends and the next
# begins.

# %% tags=["experiment"]
roofs = photo()
show_images([roofs], titles=["the photograph, and the row we look at"], row=60)
show_signals({"brightness along that row": roofs[60]})

# %% [markdown]
# ## 1.1 Along a line
#
# Why start with one dimension? Because everything that goes wrong with convolution already goes wrong here, where you
# can check it by hand.
#
# The convolution of a signal $x$ with a kernel $h$ is
#
# $$y[n] = \sum_k x[k]\; h[n-k]$$
#
# Outside their own samples, $x$ and $h$ count as 0. Read the formula as a machine: for each $n$ the kernel is laid
# over the signal **back to front**, because $k$ runs up while $n-k$ runs down. Overlapping samples are multiplied,
# the products are added.
#
# Try one by hand. With $x = [1, 2, 3]$ and $h = [1, 10]$:
# $y[0] = 1$, $y[1] = 2 + 10 = 12$, $y[2] = 3 + 20 = 23$, $y[3] = 30$.
#
# Write `conv1d(x, h, mode)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (L,) | the signal |
# | `h` | (K,) with K ≤ L | the kernel |
# | `mode` | `"full"`, `"valid"` or `"same"` | which of the values of $y$ to return |
# | returns | see below | the convolution |
#
# - `"full"`: all L + K − 1 values, from the first touch of kernel and signal to the last.
# - `"valid"`: only the L − K + 1 values where the kernel lies wholly on the signal.
# - `"same"`: L values, those of `"full"` that start at index (K − 1) // 2.
#
# Loops are fine. `np.convolve` and `np.correlate` would teach you nothing here: leave them out.
#
# <details><summary>Hint 1: the idea</summary> How much does one sample <code>x[k]</code> add, and to which values of
# <code>y</code>? </details>
# <details><summary>Hint 2: the shapes</summary> <code>x[k] * h</code> has K values. They belong to y[k], y[k+1], …,
# y[k+K−1]. </details>
# <details><summary>Hint 3: almost there</summary> Begin with L + K − 1 zeros and add <code>x[k] * h</code> into
# <code>y[k:k+K]</code> for every k. Then cut out what <code>mode</code> asks for. </details>


# %%
def conv1d(x, h, mode="full"):
    """Convolution of a signal with a kernel. x (L,), h (K,) -> (L+K-1,), (L-K+1,) or (L,)."""
    ### BEGIN SOLUTION
    length, taps = len(x), len(h)
    y = np.zeros(length + taps - 1)
    for k in range(length):
        y[k : k + taps] += x[k] * h
    if mode == "full":
        return y
    if mode == "valid":
        return y[taps - 1 : length]
    start = (taps - 1) // 2
    return y[start : start + length]
    ### END SOLUTION


# %%
check(conv1d)

# %% [markdown]
# Now your function draws something. The kernel `[1, 1, 1, 1, 1] / 5` replaces each pixel by a mean of five; `[1, -1]`
# subtracts each pixel's neighbour.

# %% tags=["experiment"]
row = roofs[60]
show_signals(
    {
        "brightness": row,
        "mean of five": conv1d(row, np.ones(5) / 5, "same"),
        "difference of neighbours": conv1d(row, np.array([1.0, -1.0]), "same"),
    }
)

# %% [markdown]
# **Look.** The mean follows the signal but rounds its corners. The difference is near 0 on flat stretches and jumps
# at every edge. What would the difference look like with `[-1, 1]`? And what happens at the very first sample of the
# mean, where the kernel hangs over the edge?

# %% [markdown]
# ## 1.2 Turned round or not
#
# Two operations share one name. *Convolution*, as mathematics has it, lays the kernel over the image back to front in
# both directions:
#
# $$y[n_1, n_2] = \sum_{k_1} \sum_{k_2} x[k_1, k_2]\; h[n_1-k_1,\; n_2-k_2]$$
#
# *Cross-correlation* lays it over the image as it is:
#
# $$y[i, j] = \sum_{u} \sum_{v} x[i+u,\; j+v]\; h[u, v]$$
#
# Every deep learning library computes the second and calls it the first. As long as the weights are learned, nobody
# notices: the network learns the turned kernel. As soon as a kernel comes from a book, or from another library, it
# matters. So write both, and see with your own eyes which one a lecture slide shows.
#
# Write `filter2d(x, h, flip)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (H, W) | a grey image |
# | `h` | (kh, kw) with kh ≤ H, kw ≤ W | the kernel |
# | `flip` | bool | True: convolution, the kernel turned round. False: correlation, the kernel as it is |
# | returns | (H − kh + 1, W − kw + 1) | one number for each place where the kernel lies wholly on the image |
#
# Loops over the output are fine. `h` must be unchanged afterwards.
#
# <details><summary>Hint 1: the idea</summary> Turn a sheet of paper by half a turn: what was first is last, down and
# across. After that, both operations are the same. </details>
# <details><summary>Hint 2: the shapes</summary> At place (i, j) the kernel meets the window of kh rows from i on and
# kw columns from j on. Window and kernel have the same shape. </details>
# <details><summary>Hint 3: almost there</summary> <code>h[::-1, ::-1]</code> is the turned kernel, and
# <code>(x[i:i+kh, j:j+kw] * h).sum()</code> one output. </details>


# %%
def filter2d(x, h, flip):
    """Convolution (flip=True) or correlation of an image. x (H, W), h (kh, kw) -> (H-kh+1, W-kw+1)."""
    ### BEGIN SOLUTION
    h = h[::-1, ::-1] if flip else h
    (height, width), (kh, kw) = x.shape, h.shape
    out = np.empty((height - kh + 1, width - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (x[i : i + kh, j : j + kw] * h).sum()
    return out
    ### END SOLUTION


# %%
check(filter2d)

# %% [markdown]
# An image that is black but for one white pixel answers the question best: every output is one weight of the kernel.

# %% tags=["experiment"]
letter = np.pad(np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 0], [1, 0, 0]], float), 1)
dot = np.zeros((17, 15))
dot[8, 7] = 1
show_images(
    [letter, filter2d(dot, letter, flip=True), filter2d(dot, letter, flip=False)],
    titles=["the kernel", "a dot, convolved with it", "a dot, correlated with it"],
)

# %% [markdown]
# **Look.** Convolution stamps the kernel wherever there is light. Correlation stamps it upside down and back to
# front. Why is that, when it is correlation that uses the kernel "as it is"?
#
# Now the slide. It gives the formula of the convolution, then a worked table: an image of letters a to l, a kernel w,
# x, y, z, and the outputs `aw + bx + ey + fz`, `bw + cx + fy + gz` and so on. Here the letters a to l are the numbers
# 1 to 12, and the kernel holds powers of a hundred. So each output can be read like a word, two digits a letter:
# `1020506` says "01 02 05 06", that is, w met a, x met b, y met e and z met f.

# %% tags=["experiment"]
letters = np.arange(1.0, 13.0).reshape(3, 4)
powers = np.array([[100.0**3, 100.0**2], [100.0, 1.0]])
print("correlation:", filter2d(letters, powers, flip=False)[0].astype(int))
print("convolution:", filter2d(letters, powers, flip=True)[0].astype(int))

# %% [markdown]
# **Read.** Which of the two lines is the slide's table? You will need the answer in part 1.12.

# %% [markdown]
# ## 1.3 How large is the output?
#
# Before writing two loops over an image, know where they end. Most wrong convolutions are wrong here: they pass on
# square images and fail on the first rectangular one.
#
# A kernel of size $F$ slides over $W$ pixels in steps of $S$, after $P$ zeros were put on each side. The number of
# places it stops at is
#
# $$W_{out} = \left\lfloor \frac{W - F + 2P}{S} \right\rfloor + 1$$
#
# The floor is a rule, not a nicety: pixels that fill no whole step are left out. Of 7 pixels, a kernel of 3 with
# stride 3 sees the first 6 and never the last. Height follows the same formula with its own numbers.
#
# One lecture takes the other view: where the fraction is not whole, the layer "doesn't fit" and cannot be built. That
# is stricter than any library, and sometimes what you want, because what the floor drops, it drops without a word.
#
# Write `conv_output_shape(image, kernel, stride, padding, strict)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `image` | (H, W) | height and width of the image |
# | `kernel` | (kh, kw) | height and width of the kernel |
# | `stride` | int | step, the same down and across |
# | `padding` | int | zeros added on each of the four sides |
# | `strict` | bool | True: raise a `ValueError` where down or across a step does not come out even |
# | returns | (H_out, W_out), two ints | height and width of the output |
#
# <details><summary>Hint 1: the idea</summary> In how many places can a kernel of 3 stand on 7 pixels? Count them on
# paper for stride 1, 2 and 3. </details>
# <details><summary>Hint 2: the shapes</summary> Height needs H and kh, width needs W and kw. Nothing is shared but
# stride and padding. </details>
# <details><summary>Hint 3: almost there</summary> Python's <code>//</code> is the floor of a quotient, and it gives
# an int. <code>%</code> is what is left over. </details>


# %%
def conv_output_shape(image, kernel, stride=1, padding=0, strict=False):
    """Output size of a convolution. (H, W), (kh, kw), stride, padding, strict -> (H_out, W_out)."""
    ### BEGIN SOLUTION
    (height, width), (kh, kw) = image, kernel
    down, across = height - kh + 2 * padding, width - kw + 2 * padding
    if strict and (down % stride or across % stride):
        raise ValueError(f"a kernel of {kernel} in steps of {stride} leaves pixels of {image} over")
    return down // stride + 1, across // stride + 1
    ### END SOLUTION


# %%
check(conv_output_shape)

# %% tags=["experiment"]
sizes = np.arange(7, 40)
strides = (1, 2, 3)
show_curves(
    {f"stride {stride}": (sizes, [conv_output_shape((n, n), (5, 5), stride)[0] for n in sizes]) for stride in strides},
    across="pixels across the image",
    up="places for a kernel of 5",
)

# %% [markdown]
# **Look.** With stride 1 every pixel more is a place more. What are the stairs of the other two made of, and at which
# sizes would the strict version raise?

# %% [markdown]
# ## 1.4 As large as before
#
# Without padding every layer eats the border: after ten layers of 3×3, twenty rows and columns are gone. So the
# lectures pad. With stride 1 and an odd kernel of size $F$, $(F-1)/2$ zeros on each side keep the size. Then a slide
# lists common settings and says of $F = 5$, $S = 2$: "P = ? (whatever fits)". What fits?
#
# Keras and TensorFlow answer with `padding="same"`. Their rule, for one axis of $W$ pixels:
#
# 1. The output has $\lceil W / S \rceil$ places.
# 2. The windows need $(\lceil W / S \rceil - 1)\,S + F$ pixels. What is missing of these is added as zeros; where
#    nothing is missing, nothing is added.
# 3. The zeros are shared evenly between the two sides. **An odd one goes after the image**, to the bottom and the
#    right.
#
# Rule 3 makes stride 2 uneven: 7 pixels under a kernel of 3 get one zero on each side, 8 pixels get none before and
# one after. PyTorch, with its single number for both sides, shifts the same layer by a pixel. Weights carried from
# one library to the other then give slightly wrong answers, and no error.
#
# Write `same_padding(size, kernel, stride)` for one axis.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `size` | int | pixels along the axis |
# | `kernel` | int | the kernel's size along the axis |
# | `stride` | int | step |
# | returns | (before, after), two ints | zeros before the first pixel and after the last |
#
# <details><summary>Hint 1: the idea</summary> Draw 8 pixels and 4 windows of 3 that start 2 apart. How far does the
# last window hang over? </details>
# <details><summary>Hint 2: the steps</summary> First the number of places, then the total number of zeros, then the
# two shares. </details>
# <details><summary>Hint 3: almost there</summary> <code>-(-size // stride)</code> rounds up. <code>total // 2</code>
# zeros stand before; what remains of the total stands after. </details>


# %%
def same_padding(size, kernel, stride):
    """Zeros before and after one axis for the "same" padding of Keras. size, kernel, stride -> (before, after)."""
    ### BEGIN SOLUTION
    places = -(-size // stride)
    total = max((places - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2
    ### END SOLUTION


# %%
check(same_padding)

# %% tags=["experiment"]
for size in (7, 8):
    show_windows(size, kernel=3, stride=2, pads={f"{size} pixels, kernel 3, stride 2": same_padding(size, 3, 2)})

# %% [markdown]
# **Look.** The numbered squares are pixels, the white ones zeros, the bars windows. Move the single zero of the
# second strip to the other side in your mind. Which pixels would then stand in the middle of a window?

# %% [markdown]
# ## 1.5 A convolution layer
#
# Now the real thing, as Keras defines it, forward. An image has channels, a layer has several filters, and images
# come in batches:
#
# $$y[n, i, j, f] = b[f] + \sum_{u, v, c} \tilde{x}[n,\; iS + u,\; jS + v,\; c]\;\; w[u, v, c, f]$$
#
# where $\tilde{x}$ is $x$ with $P$ rows and columns of zeros on each side. Two things to notice:
#
# - The kernel is **not** turned round: this is the correlation of part 1.2, under the name that all libraries give
#   it.
# - The sum runs over the channels too. A filter that looks at colour images has three layers of weights, and gives
#   one number per position.
#
# Write `conv2d(x, w, b, stride, padding)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C_in) | images |
# | `w` | (kh, kw, C_in, C_out) | filters |
# | `b` | (C_out,) | one bias per filter |
# | `stride` | int | step, the same down and across |
# | `padding` | int | zeros added on each of the four sides |
# | returns | (N, H_out, W_out, C_out) | one map per filter, sizes as in 1.3 |
#
# Loops over the output positions are fine; loops over images and channels are not needed. `x` must be unchanged
# afterwards. Write the output size again here, or call your own function: then its errors count here too.
#
# <details><summary>Hint 1: the idea</summary> Fix one output position (i, j). Which rows and columns of the padded
# images does it see? </details>
# <details><summary>Hint 2: the shapes</summary> That window has shape (N, kh, kw, C_in), the filters have
# (kh, kw, C_in, C_out). Three axes must go. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.tensordot(window, w, 3)</code> sums over the last three
# axes of the one and the first three of the other. </details>


# %%
def conv2d(x, w, b, stride=1, padding=0):
    """Convolution layer. x (N, H, W, C_in), w (kh, kw, C_in, C_out), b (C_out,) -> (N, H_out, W_out, C_out)."""
    ### BEGIN SOLUTION
    (n, height, width, _), (kh, kw, _, filters) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    out = np.empty((n, (height - kh + 2 * padding) // stride + 1, (width - kw + 2 * padding) // stride + 1, filters))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            top, left = i * stride, j * stride
            window = padded[:, top : top + kh, left : left + kw, :]
            out[:, i, j, :] = np.tensordot(window, w, 3) + b
    return out
    ### END SOLUTION


# %%
check(conv2d)

# %% [markdown]
# Two filters, three by three, on the photograph. One answers to edges between left and right, the other to edges
# between above and below.

# %% tags=["experiment"]
sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
filters = np.stack([sobel, sobel.T], axis=-1)[:, :, None, :]
edges = conv2d(roofs[None, :, :, None], filters, np.zeros(2), stride=1, padding=1)[0]
show_images([roofs, edges[..., 0], edges[..., 1]], titles=["photograph", "left against right", "above against below"])

# %% [markdown]
# **Look.** The eaves and ridges show in one map and are all but gone in the other; the posts do the opposite. These
# eighteen weights were chosen by hand in the 1960s. A network finds such filters by itself, because they lower its
# loss: in part 1.11 you will let it. What would you see if you added up the squares of both maps?
#
# A layer of a network is this and one thing more: $h_j = \max(0,\; b_j + \sum_k x_k * w_{kj})$, a sum over all input
# maps $k$ and then the ReLU, which sets what is negative to 0. The next cell asks Keras whether your layer is its
# layer: `Conv2D(activation="relu")` with your weights, on 50 random shapes, and whether your sizes and paddings of
# parts 1.3 and 1.4 are its own.

# %% tags=["experiment"]
with quietly():  # TensorFlow has much to say while it loads
    import keras

conv2d_here, shape_here, padding_here = given("conv2d"), given("conv_output_shape"), given("same_padding")
rng = np.random.default_rng(1)
agree = {"size without padding": 0, 'size with "same"': 0, "number of weights": 0, "values": 0}
tries = choose(smoke=5, student=50)
for _ in range(tries):
    n, c, f, kh, kw, stride = rng.integers(1, 5, 6)
    height, width = rng.integers(5, 12, 2)
    x, w, b = rng.normal(size=(n, height, width, c)), rng.normal(size=(kh, kw, c, f)), rng.normal(size=f)
    for padding in ("valid", "same"):
        layer = keras.layers.Conv2D(int(f), (int(kh), int(kw)), int(stride), padding, activation="relu")
        theirs = np.asarray(layer(x.astype(np.float32)))
        if padding == "valid":
            agree["size without padding"] += theirs.shape[1:3] == shape_here((height, width), (kh, kw), stride)
            agree["number of weights"] += layer.count_params() == kh * kw * c * f + f
            continue
        layer.set_weights([w, b])
        pads = [padding_here(height, kh, stride), padding_here(width, kw, stride)]
        mine = np.maximum(0, conv2d_here(np.pad(x, ((0, 0), *pads, (0, 0))), w, b, stride))
        agree['size with "same"'] += mine.shape == theirs.shape
        agree["values"] += bool(np.allclose(mine, np.asarray(layer(x.astype(np.float32))), atol=1e-4))
show_bars(agree, f"agreements with Keras in {tries} random layers")

# %% [markdown]
# **Look.** Each bar should reach the number of layers that were tried. A filter has kh · kw · C_in weights and one
# bias, whatever the size of the image. Why does the image not enter?

# %% [markdown]
# ## 1.6 A Gaussian
#
# A mean of neighbours blurs, but its hard edges leave stripes. The gentlest blur weighs the neighbours by their
# distance, with the bell of Gauss:
#
# $$g(x, y) = \frac{1}{2\pi\sigma^2}\; \exp\!\left(-\frac{x^2 + y^2}{2\sigma^2}\right)$$
#
# where $x$ and $y$ are distances from the middle, and $\sigma$ is the width of the bell in pixels. The factor in
# front makes the whole infinite plane sum to 1. A kernel has only a few samples of the plane, so its sum is not 1,
# and filtering would brighten or darken the image. Leave the factor out and divide by the sum instead.
#
# Write `gaussian_kernel(size, sigma)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `size` | int | rows and columns of the kernel |
# | `sigma` | float | $\sigma$, in pixels |
# | returns | (size, size) | weights that sum to 1 |
#
# The middle is the middle of the kernel: index (size − 1) / 2, which for an even size lies between two pixels.
#
# <details><summary>Hint 1: the idea</summary> For each weight you need its distance from the middle, down and across.
# </details>
# <details><summary>Hint 2: the shapes</summary> The distances down form a column (size, 1), those across a row
# (1, size). Their sum is a square. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.arange(size) - (size - 1) / 2</code> are the distances
# along one axis. </details>


# %%
def gaussian_kernel(size, sigma):
    """Gaussian weights that sum to 1. size, sigma -> (size, size)."""
    ### BEGIN SOLUTION
    distance = np.arange(size) - (size - 1) / 2
    y, x = distance[:, None], distance[None, :]
    g = np.exp(-(y**2 + x**2) / (2 * sigma**2))
    return g / g.sum()
    ### END SOLUTION


# %%
check(gaussian_kernel)

# %% tags=["experiment"]
filter_here = given("filter2d")
bell = gaussian_kernel(9, 2.0)
box = np.full((9, 9), 1 / 81)
show_kernels({"mean of 81": box, "Gaussian, sigma 2": bell}, digits=3)
show_images(
    [roofs, filter_here(roofs, box, flip=False), filter_here(roofs, bell, flip=False)],
    titles=["photograph", "mean of 81", "Gaussian, sigma 2"],
)

# %% [markdown]
# **Look.** Both kernels are 9×9. Which picture is softer, and in which one do thin bright lines turn into little
# boxes? Does it matter for this kernel whether it is turned round?

# %% [markdown]
# ## 1.7 One matrix product
#
# A convolution is linear in the image: twice the image gives twice the output, and the output of a sum is the sum of
# the outputs. Whatever is linear is a matrix. The next cell finds it without a formula. It filters the sixteen images
# that are 0 but for one pixel, and writes each output as a column.

# %% tags=["experiment"]
filter_here = given("filter2d")
unit_images = np.eye(16).reshape(16, 4, 4)
kernel = np.arange(1.0, 10.0).reshape(3, 3)
C = np.stack([filter_here(image, kernel, flip=False).ravel() for image in unit_images], axis=1)
print(f"the matrix of a 3x3 kernel on a 4x4 image: {C.shape}, {np.count_nonzero(C)} of {C.size} entries are not 0")
show_images([C], titles=["one row per output, one column per pixel"])

# %% [markdown]
# **Look.** Four outputs, sixteen pixels. Each row is the kernel, spread out and moved: the weights are the same in
# every row, and most entries are 0. For a real image this matrix would be enormous and almost empty.
#
# So libraries turn it round. They put the *windows* into a matrix, one per row, and the kernel into a vector. Then
# the layer is one dense product, which is what computers do fastest:
#
# $$\underbrace{\text{output}}_{N H_{out} W_{out} \times C_{out}} =
# \underbrace{\text{windows}}_{N H_{out} W_{out} \times k_h k_w C_{in}}\;
# \underbrace{\text{filters}}_{k_h k_w C_{in} \times C_{out}}$$
#
# The price is memory: with a 3×3 kernel every pixel is copied up to nine times.
#
# Write `im2col(x, kernel, stride)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images, padded already where padding is wanted |
# | `kernel` | (kh, kw) | height and width of a window |
# | `stride` | int | step, the same down and across |
# | returns | (N · H_out · W_out, kh · kw · C) | every window, flattened, as a row |
#
# The order matters. Rows: all places of the first image, row by row, then those of the second. Within a row: the
# window flattened as NumPy does it, (kh, kw, C), so the channel changes fastest. That is also the order of
# `w.reshape(-1, C_out)`.
#
# <details><summary>Hint 1: the idea</summary> Think of the result as an array (N, H_out, W_out, kh, kw, C) and
# flatten it last. </details>
# <details><summary>Hint 2: the shapes</summary> Fix one weight (u, v). Which pixel does it see from each place? That
# is a slice of <code>x</code> with a step, of shape (N, H_out, W_out, C). </details>
# <details><summary>Hint 3: almost there</summary> The pixels that weight (u, v) sees are
# <code>x[:, u : u + H_out * stride : stride, v : v + W_out * stride : stride]</code>. So kh · kw assignments fill the
# array. </details>


# %%
def im2col(x, kernel, stride=1):
    """Every window as a row. x (N, H, W, C), kernel (kh, kw) -> (N * H_out * W_out, kh * kw * C)."""
    ### BEGIN SOLUTION
    (n, height, width, channels), (kh, kw) = x.shape, kernel
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    patches = np.empty((n, rows, columns, kh, kw, channels), x.dtype)
    for u in range(kh):
        for v in range(kw):
            patches[:, :, :, u, v] = x[:, u : u + rows * stride : stride, v : v + columns * stride : stride]
    return patches.reshape(n * rows * columns, kh * kw * channels)
    ### END SOLUTION


# %%
check(im2col)

# %% [markdown]
# What does it buy? The same layer twice: by loops over the output, and as one product.

# %% tags=["experiment"]
from time import perf_counter

conv2d_here, rng = given("conv2d"), np.random.default_rng(0)
w, milliseconds = rng.normal(size=(3, 3, 16, 32)), {}
for n, side in choose(smoke=[(1, 8)], student=[(1, 66), (64, 10)]):
    x, runs = rng.normal(size=(n, side, side, 16)), []
    for _ in range(choose(smoke=1, student=5)):
        start = perf_counter()
        loops = conv2d_here(x, w, np.zeros(32))
        middle = perf_counter()
        product = im2col(x, (3, 3)) @ w.reshape(-1, 32)
        runs.append((1000 * (middle - start), 1000 * (perf_counter() - middle)))
    print("largest difference:", abs(product.reshape(loops.shape) - loops).max())
    fastest = np.min(runs, axis=0)
    milliseconds |= {f"{n} × {side}×{side}, your conv2d": fastest[0], f"{n} × {side}×{side}, one product": fastest[1]}
show_bars(milliseconds, "milliseconds, best of the runs")

# %% [markdown]
# **Look.** Both layers have 4096 places and do the same number of products. Why is the gain for one large image so
# much larger than for 64 small ones? Look at what your loops do for one place. And how large is the matrix of windows,
# in MiB?

# %% [markdown]
# ## 1.8 And back
#
# Learning sends numbers the other way: from the windows back to the pixels. Where `im2col` copies a pixel into
# several windows, the way back must *add up* what comes from all of them. The two are adjoint, which means that for
# every image $x$ and every matrix $m$ of the right size
#
# $$\langle \mathrm{im2col}(x),\; m \rangle = \langle x,\; \mathrm{col2im}(m) \rangle$$
#
# where $\langle a, b \rangle$ multiplies entry by entry and sums up. `col2im` is not the inverse of `im2col`: a pixel
# that nine windows saw comes back nine times as large.
#
# Write `col2im(matrix, shape, kernel, stride)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `matrix` | (N · H_out · W_out, kh · kw · C) | rows and columns in the order of `im2col` |
# | `shape` | (N, H, W, C) | shape of the images |
# | `kernel` | (kh, kw) | height and width of a window |
# | `stride` | int | step, the same down and across |
# | returns | (N, H, W, C) | each pixel: the sum of its shares in all windows, 0 where no window saw it |
#
# <details><summary>Hint 1: the idea</summary> Run <code>im2col</code> backwards: first unflatten, then send each
# slice back to where it came from. </details>
# <details><summary>Hint 2: the shapes</summary> <code>matrix.reshape(N, H_out, W_out, kh, kw, C)</code>. For one
# weight (u, v) this leaves (N, H_out, W_out, C). </details>
# <details><summary>Hint 3: almost there</summary> Begin with zeros of the given shape, use the same slices as before,
# and <code>+=</code>. </details>


# %%
def col2im(matrix, shape, kernel, stride=1):
    """The adjoint of im2col. matrix (N * H_out * W_out, kh * kw * C), shape (N, H, W, C) -> (N, H, W, C)."""
    ### BEGIN SOLUTION
    (n, height, width, channels), (kh, kw) = shape, kernel
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    patches = matrix.reshape(n, rows, columns, kh, kw, channels)
    x = np.zeros(shape)
    for u in range(kh):
        for v in range(kw):
            x[:, u : u + rows * stride : stride, v : v + columns * stride : stride] += patches[:, :, :, u, v]
    return x
    ### END SOLUTION


# %%
check(col2im)

# %% tags=["experiment"]
im2col_here = given("im2col")
seen = {}
for stride in (1, 2, 3):
    ones = np.ones_like(im2col_here(np.zeros((1, 8, 8, 1)), (3, 3), stride))
    seen[f"stride {stride}"] = col2im(ones, (1, 8, 8, 1), (3, 3), stride)[0, :, :, 0]
show_kernels(seen, digits=0)

# %% [markdown]
# **Look.** How many windows of 3×3 see each pixel of an 8×8 image. Why do corners matter least? Stride 2 leaves a
# pattern like a chessboard. Where will you meet it again when a network draws pictures?

# %% [markdown]
# ## 1.9 The backward pass
#
# A layer learns from one message: how much the loss would change if its output changed. From that message, `dout`, it
# has to work out three others: one for its weights, one for its bias, and one for the layer below. Get them wrong and
# nothing crashes. The network trains, only worse than it should, and nobody knows why. Of 76 finished backward passes
# in public course repositories, 44 were wrong on some shape; most of them had passed their course's own checks.
#
# The rule is plain. One value of `dout`, at $(n, i, j, f)$, was made from one window and one filter. So
#
# - the filter $f$ gets the window, times that value;
# - the window gets the filter, times that value;
# - the bias $b_f$ gets that value.
#
# All shares are **added**: a pixel is in many windows, a weight is used at every place, by every image.
#
# $$db[f] = \sum_{n,i,j} dout[n,i,j,f] \qquad
# dw[u,v,c,f] = \sum_{n,i,j} dout[n,i,j,f]\; \tilde{x}[n,\; iS+u,\; jS+v,\; c]$$
#
# $$d\tilde{x}[n,\; iS+u,\; jS+v,\; c] \mathrel{+}= \sum_{f} dout[n,i,j,f]\; w[u,v,c,f]
# \quad\text{for all } n, i, j, u, v, c$$
#
# Write `conv2d_backward(dout, x, w, stride, padding)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `dout` | (N, H_out, W_out, C_out) | gradient of the loss with respect to the layer's output |
# | `x` | (N, H, W, C_in) | the images that the forward pass was given, not padded |
# | `w` | (kh, kw, C_in, C_out) | the filters |
# | `stride`, `padding` | int | as in the forward pass |
# | returns | shapes of `x`, `w` and (C_out,) | a tuple `(dx, dw, db)` |
#
# Rows and columns that fill no whole step take no part in the output, so their gradient is 0. `padding` may be 0.
#
# <details><summary>Hint 1: the idea</summary> Take your forward loops. At each place, instead of reading a window and
# writing an output, read an output's message and hand out its shares. </details>
# <details><summary>Hint 2: the shapes</summary> For one place, <code>dout[:, i, j]</code> is (N, C_out) and the
# window (N, kh, kw, C_in). Their product, summed over N, has the shape of <code>w</code>. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.tensordot(window, share, (0, 0))</code> sums over the
# images, <code>np.tensordot(share, w, (1, 3))</code> over the filters. Collect <code>dx</code> in an array of the
# padded size and cut out its middle at the end. </details>


# %%
def conv2d_backward(dout, x, w, stride=1, padding=0):
    """Gradients of a convolution layer. dout (N, H_out, W_out, C_out) -> dx like x, dw like w, db (C_out,)."""
    ### BEGIN SOLUTION
    (_, height, width, _), (kh, kw, _, _) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            top, left = i * stride, j * stride
            window, share = padded[:, top : top + kh, left : left + kw], dout[:, i, j]
            dw += np.tensordot(window, share, (0, 0))
            dpadded[:, top : top + kh, left : left + kw] += np.tensordot(share, w, (1, 3))
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    db = dout.sum((0, 1, 2))
    return dx, dw, db
    ### END SOLUTION


# %%
check(conv2d_backward)

# %% [markdown]
# A slide says of the cells of one map that they "share their weights": $w_a = w_b$. What does sharing do to a
# gradient? Give every place a kernel of its own for a moment. Then each has a gradient of its own, and your function
# finds it: a message from that place alone. The next cell draws them all, and their sum beside the gradient of the
# shared kernel.

# %% tags=["experiment"]
rng = np.random.default_rng(3)
x, w, message = rng.normal(size=(1, 5, 5, 1)), rng.normal(size=(3, 3, 1, 1)), rng.normal(size=(1, 3, 3, 1))
own = {}
for i, j in [(0, 0), (0, 1), (2, 2)]:
    alone = np.zeros_like(message)
    alone[0, i, j] = message[0, i, j]
    own[f"the kernel at place ({i}, {j})"] = conv2d_backward(alone, x, w)[1][:, :, 0, 0]
every = [conv2d_backward(message * unit.reshape(1, 3, 3, 1), x, w)[1][:, :, 0, 0] for unit in np.eye(9)]
shared = conv2d_backward(message, x, w)[1][:, :, 0, 0]
show_kernels(own | {"sum over all nine places": sum(every), "the shared kernel": shared})

# %% [markdown]
# **Look.** The last two are equal. A weight that is used at nine places is pulled by nine of them, and what it does
# is the sum. What would happen to the gradients if the same layer ran on an image twice as large?

# %% [markdown]
# ## 1.10 Do not trust it, measure it
#
# A gradient can be measured. Move one number a little up and a little down, see how the result changes, divide:
#
# $$\frac{\partial L}{\partial x_k} \approx \frac{L(x + \varepsilon e_k) - L(x - \varepsilon e_k)}{2\varepsilon},
# \qquad L(x) = \sum \mathrm{dout} \cdot f(x)$$
#
# where $e_k$ is 1 at entry $k$ and 0 elsewhere. It is slow, two runs of $f$ per number, and it needs no derivation.
# So it is how every backward pass in this course should be tested before it is believed. Two things spoil it: a step
# to one side only, whose error is as large as the step, and numbers of few digits, which swallow the step.
#
# Write `numerical_gradient(f, x, dout, step)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `f` | a function, array to array | what is to be differentiated |
# | `x` | any shape, any type of number | where; it must be unchanged afterwards |
# | `dout` | shape of `f(x)` | how much each output matters |
# | `step` | float | $\varepsilon$ |
# | returns | shape of `x` | the gradient of the sum of `dout * f(x)`, by a step to both sides. Compute in float64 |
#
# The check hands over functions by their names in the table below, because a function cannot be put into a file of
# cases. The first line of the function takes care of that: leave it as it is.
#
# <details><summary>Hint 1: the idea</summary> A loop over all entries. In each round, everything stands still but one
# number. </details>
# <details><summary>Hint 2: the steps</summary> <code>np.ndindex(x.shape)</code> gives every index as a tuple. For
# each, copy <code>x</code>, move that entry, call <code>f</code>; twice. </details>
# <details><summary>Hint 3: almost there</summary> Begin with <code>x = np.array(x, np.float64)</code>: a copy, and
# whole numbers become floats. The slope is <code>(dout * (up - down)).sum() / (2 * step)</code>. </details>

# %%
FUNCTIONS = {
    "cubes": lambda x: x * x * x,
    "neighbours": lambda x: x[..., 1:] * x[..., :-1],
    "total": lambda x: (x * x).sum().reshape(1),
}


# %%
def numerical_gradient(f, x, dout, step=1e-5):
    """Gradient of sum(dout * f(x)) by a step to both sides. x (any shape), dout like f(x) -> like x."""
    f = FUNCTIONS.get(f, f)
    ### BEGIN SOLUTION
    x = np.array(x, np.float64)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        ends = []
        for move in (step, -step):
            moved = x.copy()
            moved[index] += move
            ends.append(f(moved))
        gradient[index] = (dout * (ends[0] - ends[1])).sum() / (2 * step)
    return gradient
    ### END SOLUTION


# %%
check(numerical_gradient)

# %% [markdown]
# Now put your backward pass on the scales: stride 2, padding 1, a kernel of 3×2. Then let the step shrink, once in
# float64 and once in float32, the type that Keras computes in. What is measured is a sum of cubes of the layer's
# outputs.

# %% tags=["experiment"]
conv2d_here, backward_here = given("conv2d"), given("conv2d_backward")
rng = np.random.default_rng(5)
x, w, b = rng.normal(size=(2, 5, 6, 2)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
dout = rng.normal(size=conv2d_here(x, w, b, 2, 1).shape)
dx, dw, db = backward_here(dout, x, w, 2, 1)
print("dx:", abs(dx - numerical_gradient(lambda moved: conv2d_here(moved, w, b, 2, 1), x, dout)).max())
print("dw:", abs(dw - numerical_gradient(lambda moved: conv2d_here(x, moved, b, 2, 1), w, dout)).max())
print("db:", abs(db - numerical_gradient(lambda moved: conv2d_here(x, w, moved, 2, 1), b, dout)).max())

steps = 10.0 ** -np.arange(1, 11)
exact = backward_here(3 * conv2d_here(x, w, b, 2, 1) ** 2, x, w, 2, 1)[2]


def cubes_of_layer(digits):
    """The layer's outputs cubed, as a function of its bias, with numbers of this type."""
    return lambda bias: conv2d_here(x, w, bias, 2, 1).astype(digits) ** 3


errors = {}
for digits in (np.float64, np.float32):
    measured = [numerical_gradient(cubes_of_layer(digits), b, 1.0, step) for step in steps]
    errors[digits.__name__] = (steps, [abs(each - exact).max() / abs(exact).max() for each in measured])
show_curves(errors, across="step", up="relative error", log="xy")

# %% [markdown]
# **Look.** From the right, both curves fall with the square of the step: that is the error of the formula. Then they
# rise: two nearly equal numbers are subtracted, and fewer and fewer digits are left. Which step is best in float64,
# which in float32? One lecture moves weights by 10⁻⁶. What would you read off there in float32?

# %% [markdown]
# ## 1.11 Learn the weights
#
# Sobel's weights were thought up. The lectures ask: why not learn them? Take an image and the same image after an
# unknown filter. Begin with a kernel of zeros, filter the image, look at the difference, and go a small step
# downhill. The gradient is the `dw` of part 1.9, now for a loss that says what was wrong:
#
# $$L(w) = \frac{1}{M} \sum_{n,i,j} \big(\hat{y}[n,i,j] - y[n,i,j]\big)^2, \qquad
# \hat{y}[n,i,j] = \sum_{u,v} x[n,\; i+u,\; j+v]\; w[u,v]$$
#
# $$\frac{\partial L}{\partial w[u,v]} = \frac{2}{M} \sum_{n,i,j} \big(\hat{y} - y\big)[n,i,j]\;\, x[n,\; i+u,\; j+v],
# \qquad w \leftarrow w - \text{rate} \cdot \frac{\partial L}{\partial w}$$
#
# $M$ is the number of outputs, that is, of values in $y$.
#
# Write `learning_step(x, y, w, rate)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W) | grey images |
# | `y` | (N, H − kh + 1, W − kw + 1) | what the filter should make of them |
# | `w` | (kh, kw) | the kernel so far; it must be unchanged afterwards |
# | `rate` | float | length of the step |
# | returns | (kh, kw) and a float | a tuple `(new_w, loss)`, the loss **before** the step |
#
# One channel, one filter, no bias: write the sums again, they are short. If you call an earlier function instead, its
# errors count here too.
#
# <details><summary>Hint 1: the idea</summary> Forward, error, loss, gradient, step: five lines of mathematics, five
# pieces of code. </details>
# <details><summary>Hint 2: the shapes</summary> For one weight (u, v), the pixels it sees are
# <code>x[:, u : u + H_out, v : v + W_out]</code>, of the shape of <code>y</code>. </details>
# <details><summary>Hint 3: almost there</summary> <code>dw[u, v] = 2 * (error * seen).mean()</code>, where
# <code>seen</code> is that slice. </details>


# %%
def learning_step(x, y, w, rate):
    """One step of gradient descent. x (N, H, W), y (N, H-kh+1, W-kw+1), w (kh, kw) -> new w, loss before the step."""
    ### BEGIN SOLUTION
    (_, height, width), (kh, kw) = y.shape, w.shape
    error = np.zeros(y.shape)
    for u in range(kh):
        for v in range(kw):
            error += w[u, v] * x[:, u : u + height, v : v + width]
    error -= y
    loss = (error**2).mean()
    dw = np.empty(w.shape)
    for u in range(kh):
        for v in range(kw):
            dw[u, v] = 2 * (error * x[:, u : u + height, v : v + width]).mean()
    return w - rate * dw, loss
    ### END SOLUTION


# %%
check(learning_step)

# %% [markdown]
# Two unknown filters, two kinds of pictures: the photograph, its mean brightness taken off, and pure noise. Your
# function sees the pictures before and after, never the filter.

# %% tags=["experiment"]
filter_here, step_here = given("filter2d"), given("learning_step")
sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
bell = given("gaussian_kernel")(5, 1.0)
pictures = {"photograph": roofs - roofs.mean(), "noise": np.random.default_rng(0).normal(size=(60, 60))}
rates = {
    ("Sobel", "photograph"): 0.6,
    ("Gaussian", "photograph"): 0.22,
    ("Sobel", "noise"): 0.4,
    ("Gaussian", "noise"): 0.4,
}


def learn_kernel(target, picture, rate, steps):
    """Recover a kernel from a picture and the same picture filtered. Returns it and its largest error at each step."""
    x, y, w, gaps = picture[None], filter_here(picture, target, flip=False)[None], np.zeros(target.shape), []
    for _ in range(steps):
        w, _ = step_here(x, y, w, rate)
        gaps.append(abs(w - target).max())
    return w, gaps


gaps, learned = {}, {}
for (name, kind), rate in rates.items():
    target = {"Sobel": sobel, "Gaussian": bell}[name]
    steps = 20 if kind == "noise" else choose(smoke=50, student=2500)
    learned[name, kind], errors = learn_kernel(target, pictures[kind], rate, steps)
    gaps[f"{name}, from {kind}"] = (np.arange(1, steps + 1), errors)
    print(f"{name}, from {kind}: largest error of a weight after {steps} steps {errors[-1]:.1e}")
show_kernels({"Sobel": sobel, "learned from the photograph": learned["Sobel", "photograph"]})
show_kernels({"Gaussian": bell, "learned from the photograph": learned["Gaussian", "photograph"]}, digits=3)
show_curves(gaps, across="steps", up="largest error of a weight", log="xy")

# %% [markdown]
# **Look.** The weights that took a person an idea are found again from one pair of pictures. Noise needs a
# dozen steps, the photograph hundreds and more. Neighbouring pixels of a photograph are nearly equal: what does that
# say about the difference that swapping two neighbouring weights makes to the output?

# %% [markdown]
# ## 1.12 Check the slides
#
# You have built everything that the lectures say about this operation. Now check what they say. Most of it is right,
# some of it is not, and some of it is a matter of whom you ask. Fill in the table; use your functions wherever you
# can.
#
# - **A.** The slide on two dimensions gives the formula of part 1.2 and a worked table: an image of letters a to l in
#   three rows of four, a kernel w, x, y, z, and `aw + bx + ey + fz` as the first output.
# - **B.** "Consider an image 32×32×3 and a 5×5×3 filter." Six such filters, no padding, stride 1. And: "Without any
#   padding, the activation map is smaller than the input."
# - **C.** 7 pixels, kernel 3, stride 3: "doesn't fit! cannot apply".
# - **D.** "F = 5, S = 2, P = ? (whatever fits)".
# - **E.** "All cells in the same slice share their weights." Four pixels [1, 2, 3, 4], a kernel of two weights that
#   is used as it is at three places, `dout` [1, 10, 100].
#
# | entry | | what is asked |
# | --- | --- | --- |
# | `"table"` | A | which operation the table shows: `"convolution"` or `"correlation"` |
# | `"corner"` | A | the *formula*'s first output with the kernel wholly on the image; a … l = 1 … 12, w … z = 1 … 4 |
# | `"products"` | B | products in one filter's sum at one position, without the bias |
# | `"filter"` | B | weights and bias of one filter |
# | `"layer"` | B | weights and biases of all six |
# | `"maps"` | B | shape of the output: (H_out, W_out, C_out) |
# | `"never smaller"` | B | the one size of a square kernel for which the second sentence is wrong at stride 1 |
# | `"stride 3"` | C | the number of places that Keras and other libraries use |
# | `"never seen"` | C | how many of the 7 pixels then enter no window |
# | `"padding 31"` | D | P for 31 pixels and 16 places, the same on both sides |
# | `"padding 32"` | D | for 32 pixels and 16 places, by the rule of part 1.4: (before, after) |
# | `"shared"` | E | the gradient of the two shared weights: a tuple of two ints |

# %%
slides = {}
### BEGIN SOLUTION
slides["table"] = "correlation"
slides["corner"] = 1 * 4 + 2 * 3 + 5 * 2 + 6 * 1
slides["products"] = 5 * 5 * 3
slides["filter"] = 5 * 5 * 3 + 1
slides["layer"] = (5 * 5 * 3 + 1) * 6
slides["maps"] = (28, 28, 6)
slides["never smaller"] = 1
slides["stride 3"] = (7 - 3) // 3 + 1
slides["never seen"] = 1
slides["padding 31"] = 2
slides["padding 32"] = (1, 2)
slides["shared"] = (1 * 1 + 2 * 10 + 3 * 100, 2 * 1 + 3 * 10 + 4 * 100)
### END SOLUTION

# %%
check(slides, "slides")

# %% [markdown]
# ## 1.13 Further
#
# Nothing here is graded.
#
# - **The border.** Zeros are not the only padding. Filter the photograph with a wide Gaussian, once with zeros around
#   it and once with its edge pixels repeated (`np.pad(…, mode="edge")`). Where do the two differ, and by how much?
# - **Twice one dimension.** A Gaussian kernel is the outer product of two lines. Blur with a 9×1 and then a 1×9
#   kernel and compare. How many products per pixel does that save? Which other kernels of this notebook come apart
#   like that?
# - **A layer by product.** Write `conv2d` and `conv2d_backward` again with `im2col` and `col2im`, three lines each,
#   and check them with your first ones. `dw` is one matrix product, `dx` another and a `col2im`.
# - **Forward is backward.** `dx` is itself a convolution: of `dout` with the turned kernel, every place of the full
#   result. Show it with `filter2d` for one channel and stride 1. What must be done to `dout` when the stride is 2?
# - **Faster down.** Begin the photograph's Sobel with a larger rate. From which rate on does the loss grow, and what
#   has that to do with the brightest direction in the matrix of windows?
