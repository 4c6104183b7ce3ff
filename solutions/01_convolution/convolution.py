# %% [markdown]
# # 1. Convolution
#
# A convolutional network looks at an image through small windows. The same few weights look everywhere: at the sky, at
# the roof, at the corner. That is why such a network needs thousands of weights where a fully connected one needs
# billions, and why it knows a roof wherever the roof stands. This notebook builds that one operation from nothing but
# NumPy: first along a line, then over a batch of colour images.
#
# **You will write** `conv1d`, `conv_output_shape` and `conv2d`.
# **Work time** about 60 minutes (an estimate). **Run time** under 10 seconds.
#
# After each function stands a check cell. Run it as often as you like: it shows what it tried, how far off you are, and
# what is probably wrong. Your score comes from the same kinds of cases with fresh numbers and other sizes.

# %%
import numpy as np

from common import check
from common.plots import photo, show_images, show_signals

# %% [markdown]
# Run this first. It is the photograph that your own code will filter, and one row of its pixels. A row of pixels is a
# signal like any other: long flat stretches, and jumps where one thing ends and the next begins.

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
# Outside their own samples, $x$ and $h$ count as 0. Read the formula as a machine: for each $n$ the kernel is laid over
# the signal **back to front**, because $k$ runs up while $n-k$ runs down. Overlapping samples are multiplied, the
# products are added.
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
# **Look.** The mean follows the signal but rounds its corners. The difference is near 0 on flat stretches and jumps at
# every edge. What would the difference look like with `[-1, 1]`? And what happens at the very first sample of the mean,
# where the kernel hangs over the edge?

# %% [markdown]
# ## 1.2 How large is the output?
#
# Before writing two loops over an image, know where they end. Most wrong convolutions are wrong here: they pass on
# square images and fail on the first rectangular one.
#
# A kernel of size $F$ slides over $W$ pixels in steps of $S$, after $P$ zeros were put on each side. The number of
# places it stops at is
#
# $$W_{out} = \left\lfloor \frac{W - F + 2P}{S} \right\rfloor + 1$$
#
# The floor is a rule, not a nicety: pixels that fill no whole step are left out. Of 7 pixels, a kernel of 3 with stride
# 3 sees the first 6 and never the last. Height follows the same formula with its own numbers.
#
# Write `conv_output_shape(image, kernel, stride, padding)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `image` | (H, W) | height and width of the image |
# | `kernel` | (kh, kw) | height and width of the kernel |
# | `stride` | int | step, the same down and across |
# | `padding` | int | zeros added on each of the four sides |
# | returns | (H_out, W_out), two ints | height and width of the output |
#
# <details><summary>Hint 1: the idea</summary> In how many places can a kernel of 3 stand on 7 pixels? Count them on
# paper for stride 1, 2 and 3. </details>
# <details><summary>Hint 2: the shapes</summary> Height needs H and kh, width needs W and kw. Nothing is shared but
# stride and padding. </details>
# <details><summary>Hint 3: almost there</summary> Python's <code>//</code> is the floor of a quotient, and it gives an
# int. </details>


# %%
def conv_output_shape(image, kernel, stride=1, padding=0):
    """Output size of a convolution. (H, W), (kh, kw), stride, padding -> (H_out, W_out)."""
    ### BEGIN SOLUTION
    (height, width), (kh, kw) = image, kernel
    return (height - kh + 2 * padding) // stride + 1, (width - kw + 2 * padding) // stride + 1
    ### END SOLUTION


# %%
check(conv_output_shape)

# %% [markdown]
# ## 1.3 Over images
#
# Now the real thing, as Keras defines it. An image has channels, a layer has several filters, and images come in
# batches:
#
# $$y[n, i, j, f] = b[f] + \sum_{u, v, c} \tilde{x}[n,\; iS + u,\; jS + v,\; c]\;\; w[u, v, c, f]$$
#
# where $\tilde{x}$ is $x$ with $P$ rows and columns of zeros on each side. Two things to notice:
#
# - The kernel is **not** flipped. Strictly this is cross-correlation; every deep learning library calls it convolution.
#   For learned weights the difference does not matter, for your check it does.
# - The sum runs over the channels too. A filter that looks at colour images has three layers of weights, and gives one
#   number per position.
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
# | returns | (N, H_out, W_out, C_out) | one map per filter, sizes as in 1.2 |
#
# Loops over the output positions are fine; loops over images and channels are not needed. `x` must be unchanged
# afterwards. Write the output size again here or call your own function; this part is graded on its own.
#
# <details><summary>Hint 1: the idea</summary> Fix one output position (i, j). Which rows and columns of the padded
# images does it see? </details>
# <details><summary>Hint 2: the shapes</summary> That window has shape (N, kh, kw, C_in), the filters have
# (kh, kw, C_in, C_out). Three axes must go. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.tensordot(window, w, 3)</code> sums over the last three axes
# of the one and the first three of the other. </details>


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
# loss: you will let it in a later part. What would you see if you added up the squares of both maps?
