# %% [markdown]
# # 3. Pooling and normalization
#
# A convolution answers at every pixel: here is an edge, here, and here again. Three things are wrong with that answer.
# There is too much of it. It is too exact: move the roof by one pixel and every number moves. And it depends on the
# light: the same roof at dusk gives numbers a tenth as large. Pooling mends the first two, normalization the third.
# Without pooling a network meets each object anew at each place; without normalization a deep one hardly learns.
#
# | part | you write | points | work time |
# | --- | --- | --- | --- |
# | 3.1 The largest value of each window | `max_pool` | 8 | 35 min |
# | 3.2 Back through the maximum | `max_pool_backward` | 8 | 45 min |
# | 3.3 A mean, a norm | `pool` | 8 | 30 min |
# | 3.4 Back through a mean and a norm | `pool_backward` | 8 | 40 min |
# | 3.5 Over features | `pool_features` | 4 | 20 min |
# | 3.6 Simple cells, complex cells | `gabor` | 5 | 30 min |
# | 3.7 Blur, then throw away | `downsample` | 6 | 30 min |
# | 3.8 Local contrast | `local_contrast` | 7 | 35 min |
# | 3.9 Rivals among the maps | `local_response` | 5 | 30 min |
# | 3.10 Batch normalization | `batch_norm` | 9 | 45 min |
# | 3.11 Back through batch normalization | `batch_norm_backward` | 7 | 50 min |
# | 3.12 Check the slides | `slides` | 15 | 25 min |
#
# **Work time** about seven hours (an estimate): parts 3.1 to 3.7 are one half, 3.8 to 3.12 the other.
# **Run time** about 20 seconds (measured on two cores).
#
# Images have the shape (N, H, W, C) everywhere, as in Keras: image, row, column, channel. No part needs another: where
# a figure needs an earlier function that is not right yet, it takes a library's and says so. But if your answer calls
# an earlier function of yours, the errors of that one count here too.
#
# If Python says `No module named 'common'`, choose the kernel of the `.venv` that README.md makes. After a restart run
# the cell below and the cells of your answers again; the figure right below an answer needs it.

# %%
import numpy as np

from common import check
from common.data import digit_scans, photo, scattered_digits
from common.given import given, library
from common.mode import choose
from common.plots import show_curves, show_images, show_numbers
from common.readout import edge_maps, mean_miss, share_wrong

conv2d = library("conv2d")  # the convolution of assignment 1; your own is not needed here

# %% [markdown]
# Run the cell above, then the one below. The photograph is what your functions will work on. The table is the lectures'
# own example of a pooling layer: 4×4 values, cut into four windows of 2×2. Before you write any code, find the largest
# value of each window, and estimate the four means.

# %% tags=["experiment"]
roofs = photo()
lecture = np.array(
    [[0.01, 0.15, 0.14, 0.10], [0.02, 0.15, 0.15, 0.02], [0.40, 0.60, 0.02, 0.03], [0.70, 0.40, 0.03, 0.02]]
)
show_images([roofs], titles=["the photograph"])
show_numbers({"the lectures' example": lecture}, window=2)

# %% [markdown]
# ## 3.1 The largest value of each window
#
# Think of a map that says how much each place looks like an eye. To know *that* there is an eye, and roughly where, the
# largest value of each window is enough. Max pooling keeps it and forgets the rest. That makes the answer smaller, and
# steadier: the eye may move about in its window and nothing changes.
#
# A window of `kh` rows and `kw` columns starts every `stride` pixels. LeNet's 2×2 windows with stride 2 tile the image.
# AlexNet's 3×3 windows with stride 2 overlap: one pixel lies in up to four of them. The output shrinks by the stride,
# $S$ in the formula, not by the window:
#
# $$y[n, i, j, c] = \max_{0 \le u < kh,\; 0 \le v < kw} x[n,\; iS + u,\; jS + v,\; c] \qquad
# H_{out} = \left\lfloor \frac{H - kh}{S} \right\rfloor + 1$$
#
# Write `max_pool(x, size, stride)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images |
# | `size` | (kh, kw) | window height and width |
# | `stride` | int | distance between the starts of neighbouring windows, the same down and across |
# | returns | (N, (H−kh)//stride+1, (W−kw)//stride+1, C) | the largest value of each window, per channel |
#
# Rows and columns that fill no whole window are left out. Nothing is padded. Loops over output positions are fine.
#
# <details><summary>Hint 1: the idea</summary> Fix one output position (i, j). Which rows and columns of <code>x</code>
# does its window cover? </details>
# <details><summary>Hint 2: the shapes</summary> That window has the shape (N, kh, kw, C). Two of its axes must go, and
# (N, C) is left. </details>
# <details><summary>Hint 3: almost there</summary> <code>window.max(axis=(1, 2))</code> goes to
# <code>out[:, i, j]</code>; the window starts at row <code>i * stride</code>. </details>


# %%
def max_pool(x, size, stride):
    """Largest value of each window. x (N, H, W, C) -> (N, H_out, W_out, C)."""
    ### BEGIN SOLUTION
    (n, h, w, c), (kh, kw) = x.shape, size
    out = np.empty((n, (h - kh) // stride + 1, (w - kw) // stride + 1, c), x.dtype)
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            top, left = i * stride, j * stride
            out[:, i, j] = x[:, top : top + kh, left : left + kw].max(axis=(1, 2))
    return out
    ### END SOLUTION


# %%
check(max_pool)

# %% [markdown]
# Your function on the lectures' example, and on the photograph three times in a row.

# %% tags=["experiment"]
pooled = max_pool(lecture[None, :, :, None], (2, 2), 2)
show_numbers({"before": lecture, "after": pooled[0, :, :, 0]}, window=2)
steps = [roofs[None, :, :, None]]
for _ in range(3):
    steps.append(max_pool(steps[-1], (3, 3), 2))
show_images([step[0, :, :, 0] for step in steps], titles=[f"{s.shape[1]} × {s.shape[2]}" for s in steps])

# %% [markdown]
# **Look.** The sky stays as it is, the bright edges of the roofs grow thicker, and the dark gaps between the posts
# close. Why does max pooling widen bright things and not dark ones? What would the minimum do? In the table, the upper
# right window holds 0.14 and 0.15: how much noise does it take before another pixel wins there?

# %% [markdown]
# ## 3.2 Back through the maximum
#
# A network with a pooling layer in it can only learn if the gradient finds its way back through that layer. Change a
# pixel a little: the output changes only if that pixel was the largest of its window, and then by just as much. So the
# whole gradient of an output goes to one pixel, the winner, and nothing to the others.
#
# Two things make this harder than it sounds. Where windows overlap, one pixel may win in several of them, and its
# gradients **add up**. And where values are equal, somebody has to decide. Flat regions are common after a ReLU, so
# this is no rare case. The rule here: the gradient goes to the **first** of the largest pixels, counted row by row.
#
# Write `max_pool_backward(dout, x, size, stride)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `dout` | (N, H_out, W_out, C) | gradient of the loss with respect to the output of `max_pool` |
# | `x`, `size`, `stride` | as in 3.1 | what `max_pool` was given |
# | returns | (N, H, W, C) | gradient of the loss with respect to `x` |
#
# Pixels that no window sees get 0. Loops over images, positions and channels are fine.
#
# <details><summary>Hint 1: the idea</summary> Each number of <code>dout</code> belongs to one window and is added to
# one pixel of <code>dx</code>. </details>
# <details><summary>Hint 2: the shapes</summary> For one image and one channel the window is (kh, kw).
# <code>argmax</code> counts through it row by row and finds the first of the largest; turn its number into a row and a
# column. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.unravel_index(window.argmax(), window.shape)</code> gives
# the place in the window. Add where the window starts. </details>


# %%
def max_pool_backward(dout, x, size, stride):
    """Gradient of max pooling. dout (N, H_out, W_out, C), x (N, H, W, C) -> (N, H, W, C)."""
    ### BEGIN SOLUTION
    kh, kw = size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + kh, left : left + kw, c]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, top + row, left + column, c] += dout[n, i, j, c]
    return dx
    ### END SOLUTION


# %%
check(max_pool_backward)

# %% [markdown]
# Send a gradient of 1 back from every output and see where it lands. A pixel's value is then the number of windows it
# won.

# %% tags=["experiment"]
part, largest = roofs[None, 40:104, 60:140, None], given("max_pool")
wins = {"a part of the photograph": part}
for size in (2, 3):
    ones = np.ones(largest(part, (size, size), 2).shape)
    wins[f"wins, {size}×{size}, stride 2"] = max_pool_backward(ones, part, (size, size), 2)
show_images([each[0, :, :, 0] for each in wins.values()], titles=[*wins])
print("most windows won by one pixel:", [int(each.max()) for each in wins.values()][1:])

# %% [markdown]
# **Look.** Most pixels get no gradient at all: of the four in a 2×2 window, three get nothing. With
# overlapping windows a bright pixel wins up to four times. Where would all the gradient go in a black region, where
# every pixel is 0?

# %% [markdown]
# ## 3.3 A mean, a norm
#
# The maximum is not the only way to make one number of many. The lectures name two more. The **average** keeps a little
# of everything. The **L2** norm lies between the two: it grows with every value in the window, and with the large ones
# most.
#
# $$y_{average} = \frac{1}{kh \cdot kw} \sum_{u, v} x[n, iS+u, jS+v, c] \qquad
# y_{L2} = \sqrt{\sum_{u, v} x[n, iS+u, jS+v, c]^2}$$
#
# The slide writes $1/K$ for the average. There, $K$ is the number of values in the window; elsewhere in the lectures
# the same letter is a kernel's size or a number of maps. Under the root of L2 stands a sum, not a mean.
#
# Write `pool(x, size, stride, mode)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x`, `size`, `stride` | as in 3.1 | images, window, step |
# | `mode` | `"average"` or `"l2"` | what to make of each window |
# | returns | (N, (H−kh)//stride+1, (W−kw)//stride+1, C) | one number per window and channel |
#
# The images may hold whole numbers; means of whole numbers are not whole. Other modes are not asked for.
#
# <details><summary>Hint 1: the idea</summary> The windows are those of 3.1. Only what is done with a window is new.
# </details>
# <details><summary>Hint 2: the shapes</summary> A window has the shape (N, kh, kw, C), and both modes sum over the axes
# 1 and 2. </details>
# <details><summary>Hint 3: almost there</summary> L2 of a window: square, sum over <code>axis=(1, 2)</code>, take the
# root. </details>


# %%
def pool(x, size, stride, mode):
    """Mean ("average") or root of the sum of squares ("l2") of each window. x (N, H, W, C) -> (N, H_out, W_out, C)."""
    ### BEGIN SOLUTION
    (n, h, w, c), (kh, kw) = x.shape, size
    out = np.zeros((n, (h - kh) // stride + 1, (w - kw) // stride + 1, c))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            top, left = i * stride, j * stride
            window = x[:, top : top + kh, left : left + kw]
            if mode == "average":
                out[:, i, j] = window.mean(axis=(1, 2))
            else:
                out[:, i, j] = np.sqrt((window**2).sum(axis=(1, 2)))
    return out
    ### END SOLUTION


# %%
check(pool)

# %% [markdown]
# The three kinds side by side, on a map of edges. And a proof in numbers: an average over a window is a convolution
# whose weights are all 1/(kh·kw), moved in steps. No kernel whatever can do what the maximum does.

# %% tags=["experiment"]
edges = edge_maps(roofs[None, :, :, None]).max(axis=-1, keepdims=True)
largest = given("max_pool")
three = {"largest": largest(edges, (4, 4), 4)} | {mode: pool(edges, (4, 4), 4, mode) for mode in ("average", "l2")}
show_images([edges[0, :, :, 0], *(each[0, :, :, 0] for each in three.values())], titles=["edges", *three])

as_convolution = conv2d(edges, np.full((3, 3, 1, 1), 1 / 9), np.zeros(1), stride=2)
apart = np.abs(as_convolution - pool(edges, (3, 3), 2, "average")).max()
print(f"average pooling against a strided convolution: {apart:.1e} apart at most")
a, b = roofs[None, :, :, None], roofs[None, ::-1, :, None]
gap = largest(a + b, (2, 2), 2) - largest(a, (2, 2), 2) - largest(b, (2, 2), 2)
print(f"max(a + b) - max(a) - max(b), 0 if the maximum were linear: from {gap.min():.2f} to {gap.max():.2f}")

# %% [markdown]
# **Look.** Each picture has a grey scale of its own. Thin lines stand out in the largest value, patches of texture in
# the mean, and the norm lies between. With 4×4 windows, how much larger than the mean can the norm be? And why is the
# number in the last line never positive?

# %% [markdown]
# ## 3.4 Back through a mean and a norm
#
# Here every pixel of a window has a share. In a mean of $K = kh \cdot kw$ values each counts $1/K$. In a norm
# $y = \sqrt{\sum x^2}$ a pixel counts $\partial y / \partial x = x / y$: the large ones more. Where a window holds
# nothing but zeros, $y$ is 0 and the quotient says 0/0. The norm has a kink there; take 0 as its gradient.
#
# Write `pool_backward(dout, x, size, stride, mode)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `dout` | (N, H_out, W_out, C) | gradient of the loss with respect to the output of `pool` |
# | `x`, `size`, `stride`, `mode` | as in 3.3 | what `pool` was given |
# | returns | (N, H, W, C) | gradient of the loss with respect to `x` |
#
# Windows may overlap: a pixel collects a share from each.
#
# <details><summary>Hint 1: the idea</summary> For one position, each pixel of the window gets <code>dout</code> times
# its slope. </details>
# <details><summary>Hint 2: the shapes</summary> The window is (N, kh, kw, C), one position of <code>dout</code> is
# (N, C). <code>dout[:, i : i + 1, j : j + 1]</code> is (N, 1, 1, C) and fits. </details>
# <details><summary>Hint 3: almost there</summary> For L2, divide the window by its norm, and where the norm is 0 by
# anything else: the window is 0 there too. </details>


# %%
def pool_backward(dout, x, size, stride, mode):
    """Gradient of average or L2 pooling. dout (N, H_out, W_out, C), x (N, H, W, C) -> (N, H, W, C)."""
    ### BEGIN SOLUTION
    kh, kw = size
    dx = np.zeros(x.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            top, left = i * stride, j * stride
            window = x[:, top : top + kh, left : left + kw]
            if mode == "average":
                slope = np.full(window.shape, 1 / (kh * kw))
            else:
                norm = np.sqrt((window**2).sum(axis=(1, 2), keepdims=True))
                slope = window / np.where(norm > 0, norm, 1)
            dx[:, top : top + kh, left : left + kw] += slope * dout[:, i : i + 1, j : j + 1]
    return dx
    ### END SOLUTION


# %%
check(pool_backward)

# %% [markdown]
# The gradient answers another question too: **which pixels does one unit see?** Its receptive field is where its
# gradient is not 0. Stack 3×3 means with stride 2 and send a 1 back from the middle unit.
#
# By counting: a layer with windows of $k$ pixels widens the field by $(k - 1)$ steps, and one of its steps is as wide
# as the product of all strides below it. With $r$ for the field and $s$ for the step, both 1 at the start, each layer
# does $r \leftarrow r + (k - 1)\, s$, then $s \leftarrow s \cdot \text{stride}$. The slide's $P + K - 1$ is the case of
# one convolution with stride 1 and one pooling layer.

# %% tags=["experiment"]
sides, fields, field, step = [63, 31, 15, 7, 3], [], 1, 1
for depth in range(1, 5):
    field, step = field + 2 * step, step * 2
    gradient = np.zeros((1, sides[depth], sides[depth], 1))
    gradient[0, sides[depth] // 2, sides[depth] // 2] = 1
    for side in reversed(sides[:depth]):
        gradient = pool_backward(gradient, np.ones((1, side, side, 1)), (3, 3), 2, "average")
    fields.append(gradient[0, :, :, 0])
    print(f"depth {depth}: counted {field}, seen {np.count_nonzero(fields[-1].any(axis=0))}")
show_images(fields, titles=[f"depth {depth}" for depth in range(1, 5)])

# %% [markdown]
# **Look.** The field doubles with every layer, but its middle is far brighter than its rim, and a grid runs through it.
# How does a pixel at the centre come to count so much more than one at the edge, when every layer treats its nine
# inputs alike? Where do the bright lines come from? A field "much smaller than in theory" is what the lectures report
# for trained networks.

# %% [markdown]
# ## 3.5 Over features
#
# So far a window lay in the image. It can also lie across the maps: take several maps that say nearly the same, and
# keep the norm of their values at each place. The place stays exact; *which* of the maps answered is forgotten. What
# that is good for you will see in 3.6.
#
# $$y[n, i, j, g] = \sqrt{\sum_{k \in \text{group } g} x[n, i, j, k]^2}$$
#
# Group 0 holds the first `size` maps, group 1 the next `size`, and so on.
#
# Write `pool_features(x, size)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | maps |
# | `size` | int that divides C | how many neighbouring maps make a group |
# | returns | (N, H, W, C // size) | the L2 norm of each group at each place |
#
# <details><summary>Hint 1: the idea</summary> Nothing happens along rows and columns: each place has C numbers, and
# C // size come out. </details>
# <details><summary>Hint 2: the shapes</summary> Reshaping splits the last axis: (N, H, W, C // size, size). </details>
# <details><summary>Hint 3: almost there</summary> After the split, <code>groups[..., g, :]</code> are the maps of group
# g. Square, sum over the last axis, take the root. </details>


# %%
def pool_features(x, size):
    """L2 norm over groups of `size` neighbouring maps. x (N, H, W, C) -> (N, H, W, C // size)."""
    ### BEGIN SOLUTION
    n, h, w, c = x.shape
    groups = x.reshape(n, h, w, c // size, size)
    return np.sqrt((groups**2).sum(axis=-1))
    ### END SOLUTION


# %%
check(pool_features)

# %% [markdown]
# ## 3.6 Simple cells, complex cells
#
# In 1962 Hubel and Wiesel found two kinds of cells in a cat's brain. **Simple** cells answer to a line of one direction
# at one place. **Complex** cells answer to the same direction wherever it lies in a small region. Simple cells work
# like a convolution, complex ones like a pooling layer. You will build both.
#
# The filter of a simple cell is a Gabor function: a wave under a bump.
#
# $$g = \exp\!\left(-\frac{x^2 + y^2}{2\sigma^2}\right) \cos\!\left(\frac{2\pi\, t}{\lambda} + \varphi\right),
# \qquad t = x \cos\theta + y \sin\theta$$
#
# $x$ counts columns to the right and $y$ counts rows downward, both from the middle of the kernel. $t$ runs in the
# direction $\theta$ in which the wave goes up and down. At the end the kernel's **mean is taken off**, so that it gives
# 0 on a flat patch: a cell that looks for lines should not answer to mere light.
#
# Write `gabor(size, wavelength, angle, phase, sigma)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `size` | int | height and width of the kernel |
# | `wavelength` | float, in pixels | $\lambda$, the length of one wave |
# | `angle` | float, in radians | $\theta$; with 0 the wave goes up and down from left to right |
# | `phase` | float, in radians | $\varphi$, where the wave starts |
# | `sigma` | float, in pixels | $\sigma$, the width of the bump |
# | returns | (size, size) | the kernel, its mean 0 |
#
# The middle is at $(size - 1)/2$, which for an even size lies between two pixels.
#
# <details><summary>Hint 1: the idea</summary> Make two arrays first: the x of every pixel, and the y of every pixel.
# All the rest is the formula. </details>
# <details><summary>Hint 2: the shapes</summary> <code>np.arange(size) - (size - 1) / 2</code> has the places along one
# axis. As a row it is x, as a column it is y. </details>
# <details><summary>Hint 3: almost there</summary> <code>y, x = np.meshgrid(place, place, indexing="ij")</code>.
# </details>


# %%
def gabor(size, wavelength, angle, phase, sigma):
    """A wave under a bump, its mean taken off. -> (size, size)."""
    ### BEGIN SOLUTION
    place = np.arange(size) - (size - 1) / 2
    y, x = np.meshgrid(place, place, indexing="ij")
    along = x * np.cos(angle) + y * np.sin(angle)
    wave = np.cos(2 * np.pi * along / wavelength + phase)
    bump = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    kernel = wave * bump
    return kernel - kernel.mean()
    ### END SOLUTION


# %%
check(gabor)

# %% [markdown]
# A bank of eight directions, each with two phases a quarter wave apart: a **quadrature pair**. Then a bright bar moves
# across the field of one direction, pixel by pixel, and we watch cells that sit in the middle.

# %% tags=["experiment"]
angles = np.arange(8) * np.pi / 8
bank = np.stack([gabor(17, 6.0, angle, phase, 4.0) for angle in angles for phase in (0, np.pi / 2)], axis=-1)
show_images([bank[..., k] for k in range(0, 16, 4)], titles=[f"{each:.0f}°" for each in np.degrees(angles[::2])])

bars = np.zeros((61, 61, 61, 1))
for place in range(61):
    bars[place, :, max(place - 1, 0) : place + 2] = 1
maps = conv2d(bars, bank[:, :, None, :], np.zeros(16), 1, 8)
norm = given("pool_features")
pair = norm(maps, 2)
region = given("max_pool")(pair[:, 24:37, 24:37], (13, 13), 1)
cells = {
    "simple cell: one filter and ReLU": np.maximum(maps[:, 30, 30, 0], 0),
    "norm of the quadrature pair": pair[:, 30, 30, 0],
    "complex cell: largest of 13×13 norms": region[:, 0, 0, 0],
}
show_curves({name: (np.arange(61), cell) for name, cell in cells.items()}, "where the bar is", "answer")

turned = np.linspace(0, np.pi, 37)
rows, columns = np.mgrid[-20:21, -20:21]
across = columns * np.cos(turned)[:, None, None] + rows * np.sin(turned)[:, None, None]
lines = (np.abs(across) < 1.5).astype(float)[..., None]
pairs = norm(conv2d(lines, bank[:, :, None, :], np.zeros(16), 1, 8), 2)[:, 20:21, 20:21]
every = norm(pairs, 8)
curves = {"0° cell": pairs[:, 0, 0, 0], "45° cell": pairs[:, 0, 0, 2], "norm over all eight": every[:, 0, 0, 0]}
show_curves(
    {name: (np.degrees(turned), curve) for name, curve in curves.items()}, "direction of the line, degrees", "answer"
)

# %% [markdown]
# **Look.** The simple cell goes on and off as the bar crosses its stripes. The norm over the pair forgets the phase and
# makes one smooth hill. The maximum over places makes a plateau: the same line, anywhere in the region. In the second
# figure the norm over all directions hardly changes while the line turns. Which kind of pooling gave which freedom, and
# what did each of them throw away?

# %% [markdown]
# **Is that good?** Geoffrey Hinton called pooling "a big mistake", because it loses where things are. Put it to the
# test. Digits of 8×8 pixels lie anywhere on a canvas of 32×32. A linear readout sees the maps after none, one, … five
# steps of max pooling, and has to say two things: which digit it is, and where.

# %% tags=["experiment"]
canvas, labels, corners = scattered_digits(choose(smoke=240, student=1600))
maps, largest, wrong, astray = edge_maps(canvas), given("max_pool"), [], []
for _ in range(6):
    wrong.append(share_wrong(maps, labels))
    astray.append(mean_miss(maps, corners))
    maps = largest(maps, (2, 2), 2) if maps.shape[1] > 1 else maps
show_curves({"share of digits named wrongly": (range(6), wrong)}, "steps of max pooling", "error")
show_curves({"distance from the true place": (range(6), astray)}, "steps of max pooling", "pixels")

# %% [markdown]
# **Look.** The first steps cost little and gain little. The last ones make the digit easier to name, with eight numbers
# left of eight thousand, and harder to find. Both sides of the dispute are right, about different questions. Which side
# would you take for a network that must outline each object? Change `(2, 2), 2` to overlapping windows `(3, 3), 2` and
# see which curve moves.

# %% [markdown]
# ## 3.7 Blur, then throw away
#
# Every pooling layer with a stride throws samples away, and that can lie. Look at a fine stripe pattern through every
# second pixel only: you see stripes that are coarser than the true ones, or none. This is aliasing, and its cure is
# old: **blur first**, so that nothing is left that the coarser grid cannot show. Then keep every second sample.
#
# Write `downsample(x, blur)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images |
# | `blur` | (K,), K odd, symmetric, sum 1 | weights, used once down the columns and once across the rows |
# | returns | (N, ⌈H/2⌉, ⌈W/2⌉, C) | the blurred images at rows and columns 0, 2, 4, … |
#
# Past the edge the edge pixel is repeated, K // 2 times on each side, so that the blurred image is as large as `x`.
# With `blur` = [1] nothing is blurred and only the samples go. The same weights down and across make a K×K kernel: the
# outer product of `blur` with itself.
#
# <details><summary>Hint 1: the idea</summary> Three steps: repeat the edges, blur twice, keep every second row and
# column. The order matters. </details>
# <details><summary>Hint 2: the shapes</summary> <code>np.pad(…, mode="edge")</code> makes (N, H + K − 1, W + K − 1, C).
# Blurring down gives (N, H, W + K − 1, C), then across (N, H, W, C). </details>
# <details><summary>Hint 3: almost there</summary> Blurring down is the sum over k of <code>blur[k] * padded[:, k : k +
# H]</code>. </details>


# %%
def downsample(x, blur):
    """Blur down and across, keep every second sample. x (N, H, W, C), blur (K,) -> (N, (H+1)//2, (W+1)//2, C)."""
    ### BEGIN SOLUTION
    high, wide, reach = x.shape[1], x.shape[2], len(blur) // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    down = sum(weight * padded[:, k : k + high] for k, weight in enumerate(blur))
    across = sum(weight * down[:, :, k : k + wide] for k, weight in enumerate(blur))
    return across[:, ::2, ::2]
    ### END SOLUTION


# %%
check(downsample)

# %% [markdown]
# A zone plate holds every frequency once: rings that get finer from the middle outward, down to one black and one white
# pixel at the rim. Half as many pixels can show the inner half of it.

# %% tags=["experiment"]
rows, columns = np.mgrid[-100:101, -100:101]
plate = (0.5 + 0.5 * np.cos(np.pi * (rows**2 + columns**2) / 201))[None, :, :, None]
bare = downsample(plate, np.ones(1))
blurred = downsample(plate, np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16)
three = {"zone plate": plate, "every second pixel": bare, "blurred first": blurred}
show_images([each[0, :, :, 0] for each in three.values()], titles=[*three])

# %% [markdown]
# **Look.** Without the blur, rings stand in the corners and at the sides that are not in the plate at all. With it they
# are nearly gone, and the true rings lose some contrast. Max pooling with stride 2 keeps no frequency out: pool the
# plate with it and compare. What does the mean of 2×2 windows do, which blurs a little?

# %% [markdown]
# ## 3.8 Local contrast
#
# So much for places. The other trouble was the light. A photograph at noon and one in the shade differ by a factor and
# an offset, and every filter's answer differs with them. We want the same response. So compare each value with its own
# neighbourhood: take off the mean of the neighbours, divide by their spread.
#
# $$h' = \frac{h - m(N)}{\sigma(N)} \quad\text{on the slide,}\qquad h' = \frac{h - m(N)}{\max(\sigma(N),\, c)}
# \quad\text{in your code}$$
#
# The slide's quotient is 0/0 on a flat patch, and on a patch that is flat but for noise it blows the noise up to full
# size. The constant $c$ stops both: where the spread is below $c$, it counts as $c$.
#
# $m$ is the mean over the neighbourhood $N$, $\sigma$ the root of the mean squared distance from $m$, as `np.std` gives
# it. $N$ is the square of `size` × `size` pixels around a pixel. At the edge of the image it is cut off: only pixels
# that exist count.
#
# Write `local_contrast(x, size, c, across)`.
#
# | name | type or shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images or maps |
# | `size` | odd int | height and width of the neighbourhood |
# | `c` | float > 0 | the smallest spread that is divided by |
# | `across` | bool | `False`: each channel has its own $m$ and $\sigma$. `True`: all channels share them |
# | returns | (N, H, W, C) | the normalized values |
#
# Loops over rows and columns are fine.
#
# <details><summary>Hint 1: the idea</summary> For each pixel cut out its neighbourhood, then two lines of statistics.
# </details>
# <details><summary>Hint 2: the shapes</summary> The neighbourhood is (N, up to size, up to size, C). Its mean has the
# shape (N, C), or (N, 1) when the channels share it. </details>
# <details><summary>Hint 3: almost there</summary> A slice may run past the end but must not begin below 0:
# <code>x[:, max(i - reach, 0) : i + reach + 1]</code>. </details>


# %%
def local_contrast(x, size, c, across=False):
    """Each value against its neighbourhood: (x - mean) / max(spread, c). x (N, H, W, C) -> (N, H, W, C)."""
    ### BEGIN SOLUTION
    reach, axes = size // 2, (1, 2, 3) if across else (1, 2)
    out = np.zeros(x.shape)
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            near = x[:, max(i - reach, 0) : i + reach + 1, max(j - reach, 0) : j + reach + 1]
            mean = near.mean(axis=axes, keepdims=True)
            spread = near.std(axis=axes, keepdims=True)
            centre = x[:, i : i + 1, j : j + 1]
            out[:, i : i + 1, j : j + 1] = (centre - mean) / np.maximum(spread, c)
    return out
    ### END SOLUTION


# %%
check(local_contrast)

# %% [markdown]
# The same roofs twice: as they are, and with a cloud over the right half that takes most of the light.

# %% tags=["experiment"]
bright = roofs[::2, ::2]
cloud = 0.55 + 0.45 * np.cos(np.linspace(0, np.pi, bright.shape[1]))
exposures = np.stack([bright, bright * cloud])[..., None]
evened = local_contrast(exposures, 9, 0.02)
show_images([*exposures[..., 0]], titles=["as it is", "with a cloud"])
show_images([*evened[..., 0].clip(-2.5, 2.5)], titles=["as it is, normalized", "with a cloud, normalized"])
for name, (one, other) in {"before": exposures, "after": evened}.items():
    print(f"likeness of the two {name}:", round(float(np.corrcoef(one.ravel(), other.ravel())[0, 1]), 3))

# %% [markdown]
# **Look.** The roofs look the same in both. The sky, which held next to nothing, shows its noise on the left; on the
# right, what the cloud left of it lies below `c` and stays flat. Set `c` to 0.1 and to 0.001 and look at sky and roofs
# again. What would a network lose that has to tell day from night?

# %% [markdown]
# ## 3.9 Rivals among the maps
#
# AlexNet normalizes across maps, not across places: where one map answers strongly, its neighbours in the list of maps
# are damped. This is local response normalization:
#
# $$y[\ldots, c] = \frac{x[\ldots, c]}{\left(k + \alpha \sum_{d = c - r}^{c + r} x[\ldots, d]^2\right)^{\beta}},
# \qquad r = \lfloor size / 2 \rfloor$$
#
# The sum runs over the maps that exist: at the first and last map it has fewer terms, and $\alpha$ is not divided by
# their number. AlexNet takes size 5, $k = 2$, $\alpha = 10^{-4}$, $\beta = 0.75$.
#
# Write `local_response(x, size, k, alpha, beta)`.
#
# | name | type or shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | maps |
# | `size` | odd int | how many neighbouring maps take part, the map itself in the middle |
# | `k`, `alpha`, `beta` | float | the constants of the formula |
# | returns | (N, H, W, C) | the damped maps |
#
# <details><summary>Hint 1: the idea</summary> Each map is divided by something made of its neighbours, place by place.
# One loop over the maps is enough. </details>
# <details><summary>Hint 2: the shapes</summary> For map c, the neighbours are <code>x[..., first:last]</code>. Squared
# and summed over the last axis they have the shape (N, H, W), as the map has. </details>
# <details><summary>Hint 3: almost there</summary> <code>first = max(c - size // 2, 0)</code>, and a slice may run past
# the end. </details>


# %%
def local_response(x, size=5, k=2.0, alpha=1e-4, beta=0.75):
    """Each map damped by its neighbours in the list of maps. x (N, H, W, C) -> (N, H, W, C)."""
    ### BEGIN SOLUTION
    reach = size // 2
    out = np.zeros(x.shape)
    for c in range(x.shape[-1]):
        near = x[..., max(c - reach, 0) : c + reach + 1]
        out[..., c] = x[..., c] / (k + alpha * (near**2).sum(axis=-1)) ** beta
    return out
    ### END SOLUTION


# %%
check(local_response)

# %% [markdown]
# One place in sixteen maps, some of them strong, before and after. Then the question that VGG's authors asked with
# their nets A and A-LRN: does it help? A linear readout names digits from filtered and pooled maps, with and without.

# %% tags=["experiment"]
answer = np.array([1, 2, 1, 0, 1, 9, 3, 1, 0, 2, 1, 8, 8, 1, 0, 2.0])
damped = local_response(answer[None, None, None], 5, 2.0, 0.1, 0.75)[0, 0, 0]
show_curves({"before": (range(16), answer), "after (alpha 0.1)": (range(16), damped)}, "map", "value")

scans, labels = digit_scans(choose(smoke=300, student=1797))
largest = given("max_pool")
for title, alpha in {"no LRN": None, "AlexNet's alpha, 0.0001": 1e-4, "alpha 0.1": 0.1}.items():
    maps = edge_maps(scans) if alpha is None else local_response(edge_maps(scans), 5, 2.0, alpha, 0.75)
    print(f"{title}: {share_wrong(largest(maps, (2, 2), 2), labels):.1%} named wrongly")

# %% [markdown]
# **Look.** A strong map takes its neighbours down with it, and two strong neighbours damp each other. The score hardly
# moves: VGG found the same and left the layer out. One difference between maps and places: rows have an order, maps
# have none. What would change if you shuffled the sixteen maps first?

# %% [markdown]
# ## 3.10 Batch normalization
#
# Multiply twenty times by something a little below 1, and little is left; a little above 1, and it explodes. That is
# what happens to the numbers on their way through a deep network, and to its gradients on their way back. The cure in
# use today measures each channel's mean and variance **over the batch** and brings them to 0 and 1, layer by layer.
#
# $$\mu = \text{mean of } x \text{ over images, rows, columns} \qquad \sigma^2 = \text{mean of } (x - \mu)^2 \qquad
# y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta$$
#
# There is one $\mu$, $\sigma$, $\gamma$, $\beta$ per channel. $\mu$ and $\sigma$ are computed, like responses;
# $\gamma$ and $\beta$ are learned, like weights. The lectures' slide leaves out two things that you need. A channel
# may be constant, so a small $\varepsilon$ goes **under the root**. And when the network is used there is no batch:
# one image must get one answer, whoever else is in line. So in training the layer also keeps **running** statistics,
#
# $$running \leftarrow momentum \cdot running + (1 - momentum) \cdot \text{this batch's}$$
#
# and in use it takes those in place of $\mu$ and $\sigma^2$ and leaves them as they are.
#
# Write `batch_norm(x, gamma, beta, mean, variance, training, momentum, eps)`.
#
# | name | type or shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images or maps |
# | `gamma`, `beta` | (C,) | the new spread and the new mean of each channel |
# | `mean`, `variance` | (C,) | the running statistics so far |
# | `training` | bool | `True`: normalize by the batch and move the running statistics. `False`: normalize by them |
# | `momentum` | float | how much of the running statistics stays |
# | `eps` | float | $\varepsilon$, added to the variance |
# | returns | `(out, mean, variance)` | `out` like `x`, and the running statistics after this call |
#
# The arguments must be unchanged afterwards: return new arrays. Variances divide by the number of values, as `np.var`
# does.
#
# <details><summary>Hint 1: the idea</summary> Two questions in this order: which mean and variance normalize this
# batch? And what are the running ones afterwards? </details>
# <details><summary>Hint 2: the shapes</summary> A mean over <code>axis=(0, 1, 2)</code> has the shape (C,), and (N, H,
# W, C) minus (C,) is what you want: NumPy lines up the last axes. </details>
# <details><summary>Hint 3: almost there</summary> Normalize with <code>mu</code> and <code>var</code>: in training they
# are the batch's, else they are the arguments. The last line is the same for both. </details>


# %%
def batch_norm(x, gamma, beta, mean, variance, training, momentum=0.99, eps=1e-3):
    """Normalize each channel. x (N, H, W, C), the others (C,) -> out (N, H, W, C), running mean and variance (C,)."""
    ### BEGIN SOLUTION
    mu, var = mean, variance
    if training:
        mu, var = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
        mean = momentum * mean + (1 - momentum) * mu
        variance = momentum * variance + (1 - momentum) * var
    out = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return out, mean, variance
    ### END SOLUTION


# %%
check(batch_norm)

# %% [markdown]
# Twenty layers of random weights, drawn too small, about right, or too large. How large are the numbers that arrive at
# each layer? Below that: how a running mean finds the true one, and how long it takes.


# %% tags=["experiment"]
def spreads(scale, normalized, layers=20):
    """Spread of the values after each layer of a random network."""
    dice = np.random.default_rng(1)
    x, found = dice.normal(size=(16, 4, 4, 64)), []
    for _ in range(layers):
        x = x @ dice.normal(scale=scale * np.sqrt(2 / 64), size=(64, 64))
        if normalized:
            x = batch_norm(x, np.ones(64), np.zeros(64), np.zeros(64), np.ones(64), True)[0]
        x = np.maximum(x, 0)
        found.append(x.std())
    return np.array(found)


plain = {f"weights × {scale}": spreads(scale, False) for scale in (0.5, 1.0, 2.0)}
normed = {f"weights × {scale}, batch norm": spreads(scale, True) for scale in (0.5, 2.0)}
every = {name: (range(1, 21), found) for name, found in (plain | normed).items()}
show_curves(every, "layer", "spread of the values", log="y")

dice, courses = np.random.default_rng(0), {"momentum 0.99": [], "momentum 0.9": []}
for momentum, course in zip((0.99, 0.9), courses.values(), strict=True):
    mean, variance = np.zeros(1), np.ones(1)
    for _ in range(400):
        batch = dice.normal(5, 2, (8, 2, 2, 1))
        _, mean, variance = batch_norm(batch, np.ones(1), np.zeros(1), mean, variance, True, momentum)
        course.append(mean[0])
show_curves({name: (range(400), course) for name, course in courses.items()}, "batches seen", "running mean")

# %% [markdown]
# **Look.** Without normalization only one of the three networks still carries a signal at layer 20; the others have
# lost it or blown it up a million times. With it, the scale of the weights makes no difference at all. The true mean in
# the second figure is 5. What would a network answer that is put to use after 50 batches with momentum 0.99?

# %% [markdown]
# ## 3.11 Back through batch normalization
#
# In training, $\mu$ and $\sigma$ are made of the very values that they normalize. So a pixel changes the output in
# three ways: by itself, through the variance, and through the mean. The last two reach every pixel of its channel, in
# every image of the batch. Leave them out and nothing crashes; the network just learns worse than it could.
#
# Write $s = \sqrt{\sigma^2 + \varepsilon}$, $\hat{x} = (x - \mu) / s$, $g = \gamma \cdot dout$, and $M = N \cdot H
# \cdot W$ for the number of values per channel. All sums run over images, rows and columns. The parameters get
#
# $$d\gamma = \sum dout \cdot \hat{x} \qquad d\beta = \sum dout$$
#
# and a pixel gets its three shares:
#
# $$dx = \frac{g}{s} + d\sigma^2\, \frac{2\,(x - \mu)}{M} + \frac{d\mu}{M} \qquad
# d\sigma^2 = -\frac{1}{2 s^3} \sum g\, (x - \mu) \qquad d\mu = -\frac{1}{s} \sum g$$
#
# Much of this cancels. Put it together on paper before you write it: what is left is one line.
#
# Write `batch_norm_backward(dout, x, gamma, eps)`, for a batch in training.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `dout` | (N, H, W, C) | gradient of the loss with respect to `out` |
# | `x`, `gamma`, `eps` | as in 3.10 | what `batch_norm` was given |
# | returns | like `x`, (C,), (C,) | `(dx, dgamma, dbeta)` |
#
# <details><summary>Hint 1: the idea</summary> Compute mean, spread and the normalized values again from
# <code>x</code>; then each formula is a line. </details>
# <details><summary>Hint 2: the shapes</summary> <code>dgamma</code> and <code>dbeta</code> are sums over the axes 0, 1
# and 2. M is <code>dout[..., 0].size</code>. </details>
# <details><summary>Hint 3: almost there</summary> Put together, <code>dx</code> is gamma / s times (dout − dbeta / M −
# normalized · dgamma / M). Over each channel it adds up to 0, because adding a constant to a channel changes nothing.
# </details>


# %%
def batch_norm_backward(dout, x, gamma, eps=1e-3):
    """Gradients of batch_norm in training. dout, x (N, H, W, C), gamma (C,) -> dx like x, dgamma (C,), dbeta (C,)."""
    ### BEGIN SOLUTION
    spread = np.sqrt(x.var(axis=(0, 1, 2)) + eps)
    normed = (x - x.mean(axis=(0, 1, 2))) / spread
    dgamma, dbeta = (dout * normed).sum(axis=(0, 1, 2)), dout.sum(axis=(0, 1, 2))
    count = dout[..., 0].size
    dx = gamma / spread * (dout - dbeta / count - normed * dgamma / count)
    return dx, dgamma, dbeta
    ### END SOLUTION


# %%
check(batch_norm_backward)

# %% [markdown]
# What does the layer do to a gradient? Take an arbitrary one, and look at what is left of it after the way back.

# %% tags=["experiment"]
dice = np.random.default_rng(0)
values, above = dice.normal(3, 2, (8, 5, 5, 1)), dice.normal(size=(8, 5, 5, 1))
back = batch_norm_backward(above, values, np.ones(1))[0]
centred = values - values.mean()
print(f"the part that would shift all values: {above.sum():.3f} before, {back.sum():.1e} after")
print(f"the part that would stretch them:     {(above * centred).sum():.3f} before, {(back * centred).sum():.1e} after")

# %% [markdown]
# **Look.** Both parts are gone, the first exactly and the second but for `eps`. Why must that be so? Think of what a
# shift or a stretch of the whole channel does to the output of the layer. What does it mean for a bias in the
# convolution just before a batch normalization?

# %% [markdown]
# ## 3.12 Check the slides
#
# Slides are written by people. Some numbers in them hold, some need a condition that is not said. Work these out, on
# paper or with your own functions, and fill in the dict. Sizes are tuples (H, W, C).
#
# Sizes and parameters:
#
# - `"pool1"`: the output's size of AlexNet's first pooling, 3×3 windows with stride 2 on 55×55×96.
# - `"pool1_parameters"`: how many parameters that layer has.
# - `"rows_unseen"`: a slide says that windows of 3 with stride 3 "cannot" be applied to 7×7. Libraries apply them, as
#   your code does. How many of the 7 rows does no window see?
# - `"K"`: the slide divides an average pooling by $K$. Its value for 3×3 windows on 96 maps.
# - `"weight"`: average pooling with 3×3 windows is a convolution of each map. One weight of its kernel, to 1 %.
#
# Receptive fields, in pixels along one side:
#
# - `"field_slide"`: what the slide's $P + K - 1$ gives for a 3×3 pooling after an 11×11 convolution.
# - `"field_alexnet"`: the true one for AlexNet's first pooling, whose 11×11 convolution has stride 4.
# - `"field_vgg"`: the one of VGG-16's last pooling. Its five blocks have 2, 2, 3, 3, 3 convolutions (3×3, stride 1),
#   each followed by a 2×2 pooling with stride 2.
#
# Normalization:
#
# - `"noise_slide"`: a patch is flat but for noise with $\sigma = 10^{-6}$. What the slide's formula for local contrast
#   gives for a pixel one $\sigma$ above the mean.
# - `"noise_guarded"`: the same with your guard, $c = 0.1$, to 1 %.
# - `"norm1"`: the slides list AlexNet's NORM1 after POOL1. In its paper it stands before. The size of the maps that it
#   normalizes there.
# - `"stored"`: how many numbers a batch normalization of 96 maps keeps.
# - `"trained"`: how many of them are trained.
# - `"spread"`: the slide divides by the standard deviation alone. With $\varepsilon = 0.001$ and $\gamma = 1$, the
#   standard deviation of the output for a channel of variance 0.001, to 1 %.
# - `"updates"`: the slide has no running statistics. With momentum 0.99, a running mean of 0 at the start and batches
#   of mean 1: after how many batches does the running mean first exceed 0.95?
#
# <details><summary>Hint 1: the idea</summary> A receptive field grows by (k − 1) steps per layer, and a step is as wide
# as the product of all strides below: the rule of 3.4. </details>
# <details><summary>Hint 2: the shapes</summary> For VGG-16, keep a pair (field, step), starting at (1, 1), and go
# through all 13 convolutions and 5 poolings. </details>
# <details><summary>Hint 3: almost there</summary> After n batches the running mean is 1 − 0.99ⁿ. A loop that counts
# will do. </details>

# %%
slides = {}
### BEGIN SOLUTION
slides["pool1"] = ((55 - 3) // 2 + 1, (55 - 3) // 2 + 1, 96)
slides["pool1_parameters"] = 0
slides["rows_unseen"] = 7 - 2 * 3
slides["K"] = 3 * 3
slides["weight"] = 1 / 9
slides["field_slide"] = 3 + 11 - 1
slides["field_alexnet"] = 11 + (3 - 1) * 4
field, step = 1, 1
for convolutions in (2, 2, 3, 3, 3):
    field, step = field + convolutions * 2 * step + step, step * 2
slides["field_vgg"] = field
slides["noise_slide"] = 1.0
slides["noise_guarded"] = 1e-6 / 0.1
slides["norm1"] = (55, 55, 96)
slides["stored"] = 4 * 96
slides["trained"] = 2 * 96
slides["spread"] = (0.001 / (0.001 + 0.001)) ** 0.5
slides["updates"] = int(np.floor(np.log(0.05) / np.log(0.99))) + 1
### END SOLUTION

# %%
check(slides, "slides")

# %% [markdown]
# ## To go on
#
# - **Max pooling from ReLUs.** Write max(a, b) with one ReLU and sums. How many ReLUs does a 2×2 window need?
# - **Faster.** `np.lib.stride_tricks.sliding_window_view` shows all windows at once without copying them. How much
#   faster is your `max_pool` with it, and what does its backward pass look like?
# - **Between mean and maximum.** $(\frac{1}{K}\sum x^p)^{1/p}$ is a mean for p = 1. What is it for p = 2, and for large
#   p? Write its gradient and check it by differences.
# - **Folding.** In use, batch normalization is a scale and a shift per channel. Put both into the weights and the bias
#   of the convolution before it, and show that the output is the same.
# - **Small batches.** Draw the spread of `batch_norm`'s answer for one image while the rest of its batch changes, for
#   batches of 2, 8 and 64. This noise acts like a regulariser, and it is why the layer suffers with batches of one.
