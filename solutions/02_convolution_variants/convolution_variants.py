# %% [markdown]
# # 2. Variants of convolution
#
# A plain convolution layer makes four promises: its window is dense, it looks at all channels, it uses the same weights
# everywhere, and its output is no larger than its input. Each promise has a price. A wide dense window needs many
# weights. Looking at all channels multiplies them. The same weights everywhere cannot know that eyes are above mouths.
# And a network whose maps only shrink can say what is in a picture, but cannot draw it pixel by pixel. This notebook
# gives up one promise at a time:
#
# | part | layer | what it gives up | what it gains |
# | --- | --- | --- | --- |
# | 2.1, 2.2 | dilated | the dense window | a wide view with few weights |
# | 2.3 | grouped | looking at all channels | fewer weights, several GPUs |
# | 2.4, 2.5 | locally connected | the same weights everywhere | knows the place |
# | 2.6 to 2.10 | transposed | an output that only shrinks | a map becomes larger, and gradients flow back |
# | 2.11, 2.12 | bilinear | learned weights | a smooth enlargement to start from |
#
# You will write nine functions and fill in three tables with the lectures' own numbers, some of which are wrong on the
# slides:
#
# | part | you write | points | work time |
# | --- | --- | --- | --- |
# | 2.1 Dilated convolution | `dilated_conv2d` | 8 | 40 min |
# | 2.2 Check the slide: dilation | `dilated_slide` | 4 | 15 min |
# | 2.3 Grouped convolution | `grouped_conv2d` | 6 | 30 min |
# | 2.4 Locally connected layer | `locally_connected2d` | 5 | 25 min |
# | 2.5 What does a layer cost? | `weight_counts` | 4 | 15 min |
# | 2.6 Transposed, as a matrix | `transposed_matrix` | 5 | 25 min |
# | 2.7 Transposed, as a layer | `conv2d_transpose` | 8 | 40 min |
# | 2.8 Check the slide: transposed | `transposed_slide` | 4 | 15 min |
# | 2.9 Transposed, with zeros between | `fractional_conv2d` | 6 | 30 min |
# | 2.10 The gradient of a convolution | `conv2d_input_gradient` | 7 | 40 min |
# | 2.11 The tent | `tent` | 3 | 15 min |
# | 2.12 Bilinear upsampling | `bilinear_upsample` | 5 | 30 min |
#
# **Work time** about five and a half hours, in parts that can be done one by one (an estimate). **Run time** about 10
# seconds (measured).
#
# After each function stands a check cell. Run it as often as you like. Your score comes from the same kinds of cases
# with fresh numbers and other sizes. No part needs another: where a figure needs an earlier function that is not right
# yet, it takes a library's and says so. But if your answer calls an earlier function of yours, as 2.10 may call that of
# 2.7, the errors of that one count here too.
#
# If Python says `No module named 'common'`, choose the kernel of the `.venv` that README.md makes. After a restart run
# the cell below and the cells of your answers again; the figure right below an answer needs it.

# %%
import numpy as np

from common import check
from common.data import digit_scans, photo
from common.given import given, library
from common.mode import choose
from common.plots import show_grids, show_images, show_panels

# The layer of assignment 1, as SciPy computes it: conv2d(x, w, b, stride, padding). Use it wherever you like.
conv2d = library("conv2d")

# %% [markdown]
# **Conventions**, the same in all parts and in Keras:
#
# | what | shape |
# | --- | --- |
# | images | (N, H, W, C): image, row, column, channel |
# | kernels | (kh, kw, C_in, C_out), not flipped |
# | kernels of a transposed convolution | (kh, kw, **C_out, C_in**): part 2.7 says why |
#
# Layers here have no bias. It works as in assignment 1 and would be the same in all of them. Functions leave their
# arguments unchanged. Loops over output positions are fine everywhere; loops over images are never needed.
#
# Run the cell above, then the one below. On the left is what a convolutional network starts from, on the right what is
# left after two layers of stride 2: one value for each block of 4×4 pixels. The first half of this notebook is about
# how much one such value has seen. The second half is about the way back.

# %% tags=["experiment"]
roofs = photo()
small = roofs.reshape(40, 4, 60, 4).mean(axis=(1, 3))
show_images([roofs, small], titles=["160 × 240 pixels", "40 × 60 values"])

# %% [markdown]
# ## 2.1 Dilated convolution
#
# To decide whether a pixel belongs to a roof, a network must see more than 3×3 pixels. A 9×9 kernel has nine times the
# weights. Pooling sees far too, but afterwards nobody knows where things were. A dilated convolution keeps the nine
# weights and the full resolution, and spreads its taps: from one tap to the next it is $d$ pixels.
#
# $$y[n, i, j, f] = \sum_{u, v, c} \tilde{x}[n,\; iS + u\,d,\; jS + v\,d,\; c]\;\; w[u, v, c, f]$$
#
# $\tilde{x}$ is $x$ with $P$ rows and columns of zeros on each side. With $d = 1$ this is the layer of assignment 1. A
# kernel of $F$ taps now covers $d(F-1)+1$ pixels, so there is room for
#
# $$W_{out} = \left\lfloor \frac{W + 2P - d(F-1) - 1}{S} \right\rfloor + 1$$
#
# Write `dilated_conv2d(x, w, dilation, stride, padding)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C_in) | images |
# | `w` | (kh, kw, C_in, C_out) | filters |
# | `dilation` | int | $d$: step from tap to tap, the same down and across |
# | `stride` | int | $S$: step from window to window |
# | `padding` | int | $P$: zeros added on each of the four sides |
# | returns | (N, H_out, W_out, C_out) | one map per filter |
#
# Keras refuses `strides` and `dilation_rate` above 1 together. The formula does not mind, and neither should you.
#
# <details><summary>Hint 1: the idea</summary> Take a kernel of 3 taps with dilation 2, and a row of 7 pixels. Which
# pixels does window 0 see? And window 1? </details>
# <details><summary>Hint 2: the shapes</summary> A window spans <code>d * (kh - 1) + 1</code> rows, but only kh of them
# are used. What you multiply with <code>w</code> has the shape (N, kh, kw, C_in). </details>
# <details><summary>Hint 3: almost there</summary> A slice has a step: <code>padded[:, top : top + span : d]</code>.
# </details>


# %%
def dilated_conv2d(x, w, dilation=1, stride=1, padding=0):
    """Dilated convolution. x (N, H, W, C_in), w (kh, kw, C_in, C_out) -> (N, H_out, W_out, C_out)."""
    ### BEGIN SOLUTION
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    high, wide = dilation * (w.shape[0] - 1) + 1, dilation * (w.shape[1] - 1) + 1
    rows = (padded.shape[1] - high) // stride + 1
    columns = (padded.shape[2] - wide) // stride + 1
    out = np.empty((len(x), rows, columns, w.shape[3]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, top : top + high : dilation, left : left + wide : dilation]
            out[:, i, j] = np.tensordot(window, w, 3)
    return out
    ### END SOLUTION


# %%
check(dilated_conv2d)

# %% [markdown]
# One bright pixel goes through three layers of 3×3 ones. The numbers count the ways from that pixel to each place. Read
# backwards, it is what one value of the last layer has seen.

# %% tags=["experiment"]
dot = np.zeros((1, 17, 17, 1))
dot[0, 8, 8, 0] = 1
grids = []
for dilations in [(1, 1, 1), (1, 2, 4), (2, 2, 2)]:
    seen = dot
    for dilation in dilations:
        seen = dilated_conv2d(seen, np.ones((3, 3, 1, 1)), dilation, padding=dilation)
    grids.append(seen[0, :, :, 0])
show_grids(grids, titles=["dilations 1, 1, 1", "dilations 1, 2, 4", "dilations 2, 2, 2"])

# %% [markdown]
# **Look.** All three stacks have 27 weights. The first sees 7×7 pixels. How many does the second see, and how many
# would a fourth layer with dilation 8 give? The third is as wide as 13×13: which of its pixels does it never see, and
# what would that do to thin lines?

# %% [markdown]
# ## 2.2 Check the slide: dilation
#
# The lecture *Fundamentals in Keras* gives the "half padding" dilated convolution of an $M$-pixel input with an $m$-tap
# kernel as
#
# $$o(r) = \sum_{i=0}^{m-1} h(i)\; e\big[sr + di - (m-1)/2\big]
# \qquad \text{size}\;\; \frac{M + 2p - m - (d-1)(m-1)}{s} + 1$$
#
# and adds: "If half padded, $s=1$ and $d=2$, the output is $M - 2m + 2$." It also says: "Skip $d$ positions in the
# input signal." Not all of this is right. Fill in `dilated_slide` with what is; every entry is one int.
#
# | entry | what is asked |
# | --- | --- |
# | `"p=0"` | output size for $M=7$, $m=3$, $d=2$, $s=1$, $p=0$ |
# | `"p=1"` | the same with "half padding" $p = (m-1)/2 = 1$ |
# | `"p=2"` | the same with $p=2$ |
# | `"slide's p"` | the padding for which the slide's $M - 2m + 2$ is right at $s=1$, $d=2$, for all $M$ and $m$ |
# | `"same"` | the padding $p$ that keeps the size for $m=5$, $d=3$, $s=1$ |
# | `"offset"` | what belongs in the place of the first formula's $(m-1)/2$ for $m=3$, $d=3$ (see below) |
# | `"skipped"` | pixels that lie between two neighbouring taps for $d=4$ |
# | `"stride 2"` | output size for $M=8$, $m=3$, $d=2$, $s=2$, $p=0$ |
#
# About `"offset"`: the middle tap of the kernel should sit on pixel $sr$. What has to be subtracted in the index for
# that?
#
# <details><summary>Hint 1: the idea</summary> Draw seven pixels and cross out the three that the first window uses.
# </details>
# <details><summary>Hint 2: the numbers</summary> The kernel covers d(m − 1) + 1 pixels. Half of what it covers, without
# the middle, lies on each side. </details>
# <details><summary>Hint 3: almost there</summary> Your own <code>dilated_conv2d</code> tells every size: look at its
# output's shape. </details>

# %%
dilated_slide = {}
### BEGIN SOLUTION
dilated_slide["p=0"] = 7 - 3 - 1 * 2 + 1
dilated_slide["p=1"] = 7 + 2 * 1 - 3 - 1 * 2 + 1
dilated_slide["p=2"] = 7 + 2 * 2 - 3 - 1 * 2 + 1
dilated_slide["slide's p"] = 0
dilated_slide["same"] = 3 * (5 - 1) // 2
dilated_slide["offset"] = 3 * (3 - 1) // 2
dilated_slide["skipped"] = 4 - 1
dilated_slide["stride 2"] = (8 - 3 - 1 * 2) // 2 + 1
### END SOLUTION

# %%
check(dilated_slide, "dilated_slide")

# %% [markdown]
# ## 2.3 Grouped convolution
#
# In 2012 AlexNet did not fit on one GPU. So its channels were dealt out to two, and most filters looked only at the
# channels on their own GPU. What began as a way round a memory limit stayed, because it halves the weights. With as
# many groups as channels it is the depthwise convolution of today's phones.
#
# The channels are cut into $g$ groups of neighbours, and so are the filters. Filters of group $q$ see the channels of
# group $q$ and no others:
#
# $$y[\ldots, f] = \text{conv2d}\big(x[\ldots,\; q\tfrac{C_{in}}{g} : (q+1)\tfrac{C_{in}}{g}],\;\; w\big)[\ldots, f]
# \qquad \text{with } q = \left\lfloor f \Big/ \tfrac{C_{out}}{g} \right\rfloor$$
#
# Write `grouped_conv2d(x, w, groups)`; stride 1, no padding.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C_in) | images |
# | `w` | (kh, kw, C_in / groups, C_out) | filters, each as deep as its group |
# | `groups` | int | number of groups; divides C_in and C_out |
# | returns | (N, H − kh + 1, W − kw + 1, C_out) | one map per filter, in the filters' order |
#
# <details><summary>Hint 1: the idea</summary> Each group is a plain convolution of its own. </details>
# <details><summary>Hint 2: the shapes</summary> Group 0 has the channels 0 to C_in / g − 1 of <code>x</code> and the
# filters 0 to C_out / g − 1. Its result has C_out / g maps. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.split</code> cuts along an axis, <code>conv2d</code> from
# the first cell does one group, <code>np.concatenate</code> puts the maps in a row. </details>


# %%
def grouped_conv2d(x, w, groups):
    """Grouped convolution. x (N, H, W, C_in), w (kh, kw, C_in/groups, C_out) -> (N, H-kh+1, W-kw+1, C_out)."""
    ### BEGIN SOLUTION
    (n, height, width, _), (kh, kw, depth, filters) = x.shape, w.shape
    share = filters // groups
    out = np.empty((n, height - kh + 1, width - kw + 1, filters))
    for q in range(groups):
        mine, kernels = x[..., q * depth : (q + 1) * depth], w[..., q * share : (q + 1) * share]
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                window = mine[:, i : i + kh, j : j + kw]
                out[:, i, j, q * share : (q + 1) * share] = np.tensordot(window, kernels, 3)
    return out
    ### END SOLUTION


# %%
check(grouped_conv2d)

# %% [markdown]
# What does a layer of 1×1 kernels do to the channels at one pixel? It multiplies them by a matrix. To see the matrix,
# send one channel after the other through the layer: image $c$ has a 1 in channel $c$ and 0 in all others.

# %% tags=["experiment"]
one_hot = np.eye(12)[:, None, None, :]
matrices = []
for groups in (1, 2, 4, 12):
    ones = np.ones((1, 1, 12 // groups, 12))
    matrices.append(grouped_conv2d(one_hot, ones, groups)[:, 0, 0, :].T)
show_grids(matrices, ["1 group", "2 groups", "4 groups", "12 groups"], axes=("filter", "channel"))

# %% [markdown]
# **Look.** Grouping a layer sets all but the diagonal blocks of its matrix to zero. Which part of the weights is left
# with $g$ groups? In a stack of such layers, which channels of the image can never meet? What would you do to the
# channels between two layers to mend that?

# %% [markdown]
# ## 2.4 Locally connected layer
#
# Sharing weights assumes that what helps in one place helps in all. In passport photographs it does not: eyes are
# always in the upper half. A locally connected layer looks through windows like a convolution, but every place has
# weights of its own:
#
# $$y[n, i, j, f] = \sum_{u, v, c} x[n,\; i + u,\; j + v,\; c]\;\; w[i, j, u, v, c, f]$$
#
# Write `locally_connected2d(x, w)`; stride 1, no padding.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C_in) | images |
# | `w` | (H_out, W_out, kh, kw, C_in, C_out) | for every output position, its filters |
# | returns | (N, H_out, W_out, C_out) | with H_out = H − kh + 1 and W_out = W − kw + 1 |
#
# <details><summary>Hint 1: the idea</summary> It is a convolution in which you look up the kernel anew at every
# position. </details>
# <details><summary>Hint 2: the shapes</summary> At (i, j) a window (N, kh, kw, C_in) meets weights
# (kh, kw, C_in, C_out). </details>
# <details><summary>Hint 3: almost there</summary> The loop is that of a convolution, with <code>w[i, j]</code> in place
# of <code>w</code>. </details>


# %%
def locally_connected2d(x, w):
    """Unshared convolution. x (N, H, W, C_in), w (H_out, W_out, kh, kw, C_in, C_out) -> (N, H_out, W_out, C_out)."""
    ### BEGIN SOLUTION
    rows, columns, kh, kw, _, filters = w.shape
    out = np.empty((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i : i + kh, j : j + kw]
            out[:, i, j] = np.tensordot(window, w[i, j], 3)
    return out
    ### END SOLUTION


# %%
check(locally_connected2d)

# %% [markdown]
# When is it worth its weights? The task: guess each pixel of a handwritten digit from its eight neighbours. Both layers
# are linear, so the best weights can be computed in one step (least squares); your function then applies them to
# digits that were not used. On the left all digits stand in the middle, on the right each stands somewhere else.

# %% tags=["experiment"]
dice = np.random.default_rng(0)
centred = np.pad(digit_scans()[0][..., 0], ((0, 0), (2, 2), (2, 2)))
moved = np.stack([np.roll(image, dice.integers(-2, 3, 2), (0, 1)) for image in centred])
counts = choose(smoke=[10, 100], student=[10, 30, 100, 300, 1000])


def best_weights(images, shared):
    """Least squares weights (10, 10, 3, 3, 1, 1) that guess each inner pixel of 12×12 images from its neighbours."""
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 3), axis=(1, 2)).reshape(len(images), 10, 10, 9)
    known, wanted = windows[..., [0, 1, 2, 3, 5, 6, 7, 8]], windows[..., 4]
    square, mixed = np.einsum("nijk,nijl->ijkl", known, known), np.einsum("nijk,nij->ijk", known, wanted)
    if shared:  # one set of weights for all places: each place gets the sum over all
        square[:], mixed[:] = square.sum((0, 1)), mixed.sum((0, 1))
    best = np.linalg.solve(square + 0.1 * np.eye(8), mixed[..., None])[..., 0]
    return np.insert(best, 4, 0, axis=-1).reshape(10, 10, 3, 3, 1, 1)


panels = {}
for title, images in {"digits in the middle": centred, "digits moved about": moved}.items():
    unseen, panels[title] = images[1200:], {}
    for name, shared in {"every place its own weights": False, "shared weights": True}.items():
        guesses = [locally_connected2d(unseen[..., None], best_weights(images[:n], shared)) for n in counts]
        errors = [np.sqrt(np.mean((guess[..., 0] - unseen[:, 1:-1, 1:-1]) ** 2)) for guess in guesses]
        panels[title][name] = (counts, errors)
show_panels(panels, "training images", "error of a guessed pixel", log="x")

# %% [markdown]
# **Look.** One hundred places, hence one hundred times the weights. On the left they win, but from how many images on?
# On the right they never win clearly. What do a hundred places learn from digits that may stand anywhere? The lecture
# says that this layer is good "when the input image is registered": which panel shows it?

# %% [markdown]
# ## 2.5 What does a layer cost?
#
# The lecture compares three ways to connect a 200×200 image of one channel to 40,000 hidden units, one for each pixel.
# Fully connected they need 40,000 · 40,000 = 1.6 billion weights. Count the weights of the others, and of some versions
# of AlexNet's second layer: 96 channels in, 256 filters of 5×5, on maps of 27×27 padded so that they stay 27×27.
# Fill in `weight_counts`: **weights only, no biases**; every entry is one int.
#
# | entry | what is asked |
# | --- | --- |
# | `"locally connected"` | each of the 40,000 hidden units has a 10×10 window of its own weights |
# | `"one filter"` | a convolution with one 10×10 filter |
# | `"hundred filters"` | a convolution with 100 filters of 10×10 |
# | `"conv2"` | AlexNet's second layer, plain |
# | `"conv2, 2 groups"` | the same in two groups, as it was trained |
# | `"conv2, dilated"` | plain, with dilation 2 |
# | `"conv2, transposed"` | its transposed convolution, which leads back from 256 to 96 channels |
# | `"conv2, unshared"` | locally connected instead |
#
# <details><summary>Hint 1: the idea</summary> How many weights has one filter at one place? How many such sets are
# there? </details>
# <details><summary>Hint 2: the numbers</summary> A filter of a grouped layer is as deep as its group, but no filter
# goes away. </details>
# <details><summary>Hint 3: almost there</summary> kh · kw · C_in / g · C_out, times the number of places where these
# are not shared. </details>

# %%
weight_counts = {}
### BEGIN SOLUTION
weight_counts["locally connected"] = 200 * 200 * 10 * 10
weight_counts["one filter"] = 10 * 10
weight_counts["hundred filters"] = 10 * 10 * 100
weight_counts["conv2"] = 5 * 5 * 96 * 256
weight_counts["conv2, 2 groups"] = 5 * 5 * (96 // 2) * 256
weight_counts["conv2, dilated"] = 5 * 5 * 96 * 256
weight_counts["conv2, transposed"] = 5 * 5 * 256 * 96
weight_counts["conv2, unshared"] = 27 * 27 * 5 * 5 * 96 * 256
### END SOLUTION

# %%
check(weight_counts, "weight_counts")

# %% [markdown]
# ## 2.6 Transposed convolution, as a matrix
#
# Segmentation needs an answer per pixel, so somewhere maps must grow again. The lecture's way: a convolution is linear,
# so it is a matrix $C$. For a 3×3 kernel on 4×4 pixels, $C$ has 4 rows (outputs) and 16 columns (inputs). Its transpose
# $C^T$ has 16 rows and 4 columns: it takes 2×2 values and gives 4×4. It does not undo the convolution, but it sends
# every value back to the pixels it came from, with the same weights.
#
# Write `transposed_matrix(w, size, stride)`: the matrix $C^T$ for one channel, without padding.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `w` | (kh, kw) | the kernel of the convolution $C$ |
# | `size` | (h, w) | size of the **small** side, which $C^T$ starts from |
# | `stride` | int | stride of the convolution $C$ |
# | returns | (H · W, h · w) | with H = (h − 1) · stride + kh and W = (w − 1) · stride + kw |
#
# Images become vectors row by row, as `x.reshape(-1)` does. Column $q$ of $C^T$ belongs to value $q$ of the small
# image. As an image (H, W), that column is 0 but for one copy of the kernel.
#
# A small one by hand, along a line: kernel $[1, 2, 3]$, 2 values, stride 1 give 4 pixels:
#
# $$C^T = \begin{bmatrix} 1 & 0 \\ 2 & 1 \\ 3 & 2 \\ 0 & 3 \end{bmatrix}$$
#
# <details><summary>Hint 1: the idea</summary> Where does the kernel lie on the large image when it computes value (i,
# j) of the small one? </details>
# <details><summary>Hint 2: the shapes</summary> Work with four axes (H, W, h, w) and reshape at the end. </details>
# <details><summary>Hint 3: almost there</summary> The block <code>matrix[top : top + kh, left : left + kw, i, j]</code>
# is the kernel. </details>


# %%
def transposed_matrix(w, size, stride=1):
    """Matrix of a transposed convolution. w (kh, kw), size (h, w) of the small side -> (H*W, h*w)."""
    ### BEGIN SOLUTION
    (kh, kw), (high, wide) = w.shape, size
    matrix = np.zeros(((high - 1) * stride + kh, (wide - 1) * stride + kw, high, wide))
    for i in range(high):
        for j in range(wide):
            top, left = i * stride, j * stride
            matrix[top : top + kh, left : left + kw, i, j] = w
    return matrix.reshape(-1, high * wide)
    ### END SOLUTION


# %%
check(transposed_matrix)

# %% [markdown]
# The slide's example: a kernel of 3×3 ones, and the "image" 1, 2, 3, 4.

# %% tags=["experiment"]
slide = transposed_matrix(np.ones((3, 3)), (2, 2))
image = np.array([[1, 2], [3, 4]])
result = (slide @ image.reshape(-1)).reshape(4, 4)
show_grids([slide, image, result], titles=["the matrix $C^T$", "image", "result"])

# %% [markdown]
# **Look.** Compare with the slide: 1 3 3 2 / 4 10 10 6 / 4 10 10 6 / 3 7 7 4. Why is every middle value 10? In which
# order would the slide's columns have to stand if images became vectors column by column?

# %% [markdown]
# ## 2.7 Transposed convolution, as a layer
#
# Nobody stores that matrix: it is almost all zeros. Read its columns instead. Every value of the small image lays down
# one copy of the kernel, multiplied by that value, and copies that overlap are **added**:
#
# $$y[n,\; iS + u,\; jS + v,\; f] \mathrel{+}= \sum_c x[n, i, j, c]\;\; w[u, v, f, c]
# \qquad \text{for all } i, j, u, v$$
#
# The kernel is the one of the convolution that leads the other way, from the large side to the small one. That
# convolution takes `f` in and gives `c` out, so in Keras the axes of `w` are (kh, kw, C_out, C_in) when you see it from
# here.
#
# Write `conv2d_transpose(x, w, stride)`, without padding.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, h, w, C_in) | small maps |
# | `w` | (kh, kw, C_out, C_in) | kernels |
# | `stride` | int | distance between neighbouring copies on the large side |
# | returns | (N, (h − 1) · stride + kh, (w − 1) · stride + kw, C_out) | large maps |
#
# If the stride is larger than the kernel, pixels that no copy reaches are 0.
#
# <details><summary>Hint 1: the idea</summary> In a convolution you read a window and write one value. Here you read one
# value and write a window. </details>
# <details><summary>Hint 2: the shapes</summary> Values (N, C_in) at (i, j) and weights (kh, kw, C_out, C_in) give a
# patch (N, kh, kw, C_out). </details>
# <details><summary>Hint 3: almost there</summary> <code>np.tensordot(x[:, i, j], w, ([1], [3]))</code> is that patch.
# </details>


# %%
def conv2d_transpose(x, w, stride=1):
    """Transposed convolution. x (N, h, w, C_in), w (kh, kw, C_out, C_in) -> (N, (h-1)s+kh, (w-1)s+kw, C_out)."""
    ### BEGIN SOLUTION
    (n, high, wide, _), (kh, kw, filters, _) = x.shape, w.shape
    out = np.zeros((n, (high - 1) * stride + kh, (wide - 1) * stride + kw, filters))
    for i in range(high):
        for j in range(wide):
            top, left = i * stride, j * stride
            out[:, top : top + kh, left : left + kw] += np.tensordot(x[:, i, j], w, ([1], [3]))
    return out
    ### END SOLUTION


# %%
check(conv2d_transpose)

# %% [markdown]
# A map of ones, kernels of ones, stride 2: the result counts how many copies lie on each pixel. Below, the small
# photograph is enlarged with the last two of these kernels.

# %% tags=["experiment"]
flat = np.ones((1, 5, 5, 1))
sizes = (2, 3, 4)
show_grids(
    [conv2d_transpose(flat, np.ones((k, k, 1, 1)), stride=2)[0, :, :, 0] for k in sizes],
    titles=[f"copies of {k} × {k}, stride 2" for k in sizes],
)
show_images(
    [conv2d_transpose(small[None, :, :, None], np.ones((k, k, 1, 1)), stride=2)[0, :40, :60, 0] for k in (3, 4)],
    titles=["enlarged with 3 × 3 ones (a corner)", "enlarged with 4 × 4 ones (a corner)"],
)

# %% [markdown]
# **Look.** The middle pattern is the checkerboard that decoder networks paint over their pictures: a kernel of 3 with
# stride 2 reaches some pixels once, some twice and some four times. Which kernel sizes are free of it, apart from the
# border? Could training remove it? What would the weights have to be?

# %% [markdown]
# ## 2.8 Check the slide: transposed convolution
#
# The lecture says of the transposed matrix: "this is no longer a convolution operation", upsamples "2×2, stride 2, 3×3
# kernel" to 5×5, and calls the name "deconvolution" a misnomer. Fill in `transposed_slide`.
#
# | entry | what is asked |
# | --- | --- |
# | `"valid"` | side length when 2×2 values are upsampled with a 3×3 kernel and stride 2, nothing cut off |
# | `"same"` | the same with Keras' `padding="same"`: the output is stride times as large as the input |
# | `"first row"` | for all ones (2×2 values, 3×3 kernel, stride 2): the first row of the result, a tuple of ints |
# | `"most"` | the largest value in that result |
# | `"padding"` | zeros on each side of the input that make it a plain convolution at stride 1, for a 3×3 kernel |
# | `"corner"` | top left weight of that plain convolution's kernel, if the transposed one has [[1, 2], [3, 4]] |
# | `"there and back"` | the slide's 4×4 result goes through the convolution $C$ of 3×3 ones: the top left value |
#
# About `"padding"` and `"corner"`: at stride 1 a transposed convolution **is** a convolution after all, of the padded
# input and with another kernel. About `"there and back"`: a true deconvolution would give back the 1 that the slide
# began with.
#
# <details><summary>Hint 1: the idea</summary> Draw where the four copies of the kernel lie. </details>
# <details><summary>Hint 2: the numbers</summary> At stride 1, look at a result's top left pixel: which value reaches
# it, and with which weight? Then at the pixel to its right. </details>
# <details><summary>Hint 3: almost there</summary> For "there and back", add up the top left 3×3 of the slide's result.
# </details>

# %%
transposed_slide = {}
### BEGIN SOLUTION
transposed_slide["valid"] = (2 - 1) * 2 + 3
transposed_slide["same"] = 2 * 2
transposed_slide["first row"] = (1, 1, 2, 1, 1)
transposed_slide["most"] = 4
transposed_slide["padding"] = 3 - 1
transposed_slide["corner"] = 4
transposed_slide["there and back"] = 1 + 3 + 3 + 4 + 10 + 10 + 4 + 10 + 10
### END SOLUTION

# %%
check(transposed_slide, "transposed_slide")

# %% [markdown]
# ## 2.9 Transposed convolution, as a convolution with zeros in between
#
# The last view explains the name "fractionally strided". Put $S - 1$ zeros between neighbouring values, so that one
# step on the large side is $1/S$ of a step on the small one. Then an ordinary convolution with stride 1 fills the gaps.
# Three things have to be right: zeros only **between** values, enough zeros **around** them, and the kernel turned by
# 180°.
#
# Write `fractional_conv2d(x, w, stride)`. It has the same contract as `conv2d_transpose` and must give the same
# numbers, by another way: insert zeros, then convolve.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, h, w, C_in) | small maps |
# | `w` | (kh, kw, C_out, C_in) | kernels, as in 2.7 |
# | `stride` | int | S |
# | returns | (N, (h − 1) · stride + kh, (w − 1) · stride + kw, C_out) | large maps |
#
# `conv2d` from the first cell is at hand: `conv2d(x, w, b)` with kernels (kh, kw, C_in, C_out).
#
# <details><summary>Hint 1: the idea</summary> Along a line, stride 2, kernel [a, b, c], values [1, 10]: write down the
# five results. Which window of the padded, zero-filled values gives each of them? </details>
# <details><summary>Hint 2: the shapes</summary> With zeros in between there are (h − 1) · S + 1 rows. The result has
# kh − 1 more, the convolution takes kh − 1 away: so how many zeros go on each side? </details>
# <details><summary>Hint 3: almost there</summary> <code>stuffed[:, ::stride, ::stride] = x</code> inserts the zeros.
# <code>w[::-1, ::-1]</code> turns the kernel; its last two axes must change places for <code>conv2d</code>. </details>


# %%
def fractional_conv2d(x, w, stride=1):
    """The same by inserted zeros. x (N, h, w, C_in), w (kh, kw, C_out, C_in) -> (N, (h-1)s+kh, (w-1)s+kw, C_out)."""
    ### BEGIN SOLUTION
    (n, high, wide, channels), (kh, kw, filters, _) = x.shape, w.shape
    stuffed = np.zeros((n, (high - 1) * stride + 1, (wide - 1) * stride + 1, channels))
    stuffed[:, ::stride, ::stride] = x
    padded = np.pad(stuffed, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    turned = w[::-1, ::-1].transpose(0, 1, 3, 2)
    return conv2d(padded, turned, np.zeros(filters))
    ### END SOLUTION


# %%
check(fractional_conv2d)

# %% [markdown]
# **Think.** How many of the products in your convolution have a factor of 0 that you put there, for stride 2? Which of
# the three views would you choose for a program, which for a proof?

# %% [markdown]
# ## 2.10 The gradient of a convolution
#
# You have met this operation without being told: it is how a convolution layer learns. When the loss changes by `dout`
# per output value, the chain rule sends each `dout[i, j]` back to the pixels of its window, with the weights they had
# on the way in, and adds up. That is $C^T$ again: **the gradient of a convolution is a transposed convolution**.
#
# One thing is new. On the way in, the floor may have left out the last rows and columns, and padding may have been
# added. The gradient must have the shape of the images: pixels that no window saw get 0, and what belongs to the
# padding is cut off. The shape cannot be known from `dout`: 5 pixels and 6 pixels both give 2 values with a kernel of 3
# and stride 2. So it is an argument.
#
# Write `conv2d_input_gradient(dout, w, size, stride, padding)`: the gradient with respect to `x` of
# `conv2d(x, w, b, stride, padding)` from the first cell.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `dout` | (N, H_out, W_out, C_out) | gradient from above |
# | `w` | (kh, kw, C_in, C_out) | the layer's filters |
# | `size` | (H, W) | size of the layer's input |
# | `stride`, `padding` | int | the layer's |
# | returns | (N, H, W, C_in) | gradient with respect to the images |
#
# <details><summary>Hint 1: the idea</summary> Begin with zeros as large as the **padded** images. Cut at the end.
# </details>
# <details><summary>Hint 2: the shapes</summary> <code>w</code> has exactly the axes that <code>conv2d_transpose</code>
# expects: (kh, kw, what comes out, what goes in). </details>
# <details><summary>Hint 3: almost there</summary> Cut with <code>[padding : padding + H]</code>. What does
# <code>[padding : -padding]</code> give when padding is 0? </details>


# %%
def conv2d_input_gradient(dout, w, size, stride=1, padding=0):
    """Gradient of conv2d's input. dout (N, H_out, W_out, C_out), w (kh, kw, C_in, C_out) -> (N, H, W, C_in)."""
    ### BEGIN SOLUTION
    (n, rows, columns, _), (kh, kw, channels, _), (height, width) = dout.shape, w.shape, size
    padded = np.zeros((n, height + 2 * padding, width + 2 * padding, channels))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            padded[:, top : top + kh, left : left + kw] += np.tensordot(dout[:, i, j], w, ([1], [3]))
    return padded[:, padding : padding + height, padding : padding + width]
    ### END SOLUTION


# %%
check(conv2d_input_gradient)

# %% [markdown]
# The gradient says how to change an image so that a filter answers more strongly. Let the filter be a small cross, and
# wish for a stronger answer at one place, then at every third place, then everywhere.

# %% tags=["experiment"]
cross = np.zeros((5, 5, 1, 1))
cross[2], cross[:, 2] = 1, 1
wishes = []
for step in (9, 3, 1):
    wish = np.zeros((1, 17, 17, 1))
    wish[:, 8 % step :: step, 8 % step :: step] = 1
    wishes.append(conv2d_input_gradient(wish, cross, (21, 21))[0, :, :, 0])
show_images(wishes, titles=["wish at one place", "at every third place", "everywhere"])

# %% [markdown]
# **Look.** For a wish at one place the gradient is the filter itself. In the last picture it is flat inside: what does
# an image look like after such a change, and why is the border darker? In which of the three pictures could you still
# read off the filter?

# %% [markdown]
# ## 2.11 The tent
#
# A transposed convolution begins training with random weights, and so with noise. A better beginning is a smooth
# enlargement. The lecture's recipe is as old as signal processing: put zeros between the samples, then convolve with a
# tent, which is highest in its middle and falls to 0 in a straight line over the distance of one sample.
#
# With $f$ the factor of enlargement and $k$ the number of taps, a tent along a line is
#
# $$t[i] = 1 - \frac{|i - (k-1)/2|}{f} \qquad i = 0, \ldots, k-1$$
#
# For $f = 2$ and $k = 3$ this is the slide's $[\tfrac12, 1, \tfrac12]$. For $k = 4$ the middle lies between two taps:
# $[0.25, 0.75, 0.75, 0.25]$, the start that segmentation networks use. In two dimensions the tent is the product of one
# down and one across: $t[i]\,t[j]$.
#
# Write `tent(factor, size)`.
#
# | name | type | meaning |
# | --- | --- | --- |
# | `factor` | int | $f$ |
# | `size` | int, at most 2·factor | $k$, taps along each side |
# | returns | (size, size) | the weights, floats |
#
# <details><summary>Hint 1: the idea</summary> Do one dimension first. </details>
# <details><summary>Hint 2: the shapes</summary> <code>np.arange(size)</code> gives all i at once. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.outer</code> multiplies every value of one line with every
# value of another. </details>


# %%
def tent(factor, size):
    """Bilinear kernel. factor, size -> (size, size)."""
    ### BEGIN SOLUTION
    line = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    return np.outer(line, line)
    ### END SOLUTION


# %%
check(tent)

# %% tags=["experiment"]
show_grids([tent(2, 3), tent(2, 4), tent(3, 5)], ["factor 2, 3 taps", "factor 2, 4 taps", "factor 3, 5 taps"])

# %% [markdown]
# **Look.** Lay copies of the first tent 2 apart, or of the third 3 apart. To what do the weights on one pixel add up?
# Why must they, if a flat image is to stay flat?

# %% [markdown]
# ## 2.12 Bilinear upsampling
#
# Now the same without any kernel, as image programs do it. Each pixel is a small square and its value stands in the
# middle of it. When an image is enlarged by $f$, the middle of new pixel $i$ lies, in old coordinates, at
#
# $$p = \frac{i + \tfrac12}{f} - \tfrac12$$
#
# and its value is taken in a straight line between the two old pixels around $p$:
#
# $$y[i] = (1 - t)\; x[a] + t\; x[a+1] \qquad a = \lfloor p \rfloor,\;\; t = p - a$$
#
# At the border $p$ may lie outside the middles of the first and last pixel: there the border pixel's value is taken
# unchanged. Do this down and then across.
#
# By hand, along a line, with $f = 2$: $[0, 4]$ becomes $[0, 1, 3, 4]$.
#
# Write `bilinear_upsample(x, factor)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images |
# | `factor` | int | $f$, the same down and across |
# | returns | (N, H · factor, W · factor, C) | enlarged images, each channel by itself |
#
# <details><summary>Hint 1: the idea</summary> Compute all p for the rows first. They do not depend on the image.
# </details>
# <details><summary>Hint 2: the shapes</summary> <code>x[:, a]</code> with an array <code>a</code> of H · f row numbers
# has H · f rows. <code>t</code> must be shaped so that it meets the row axis. </details>
# <details><summary>Hint 3: almost there</summary> <code>np.clip(p, 0, H - 1)</code> takes care of the border;
# <code>np.minimum(a + 1, H - 1)</code> of the last row. </details>


# %%
def bilinear_upsample(x, factor):
    """Bilinear enlargement. x (N, H, W, C) -> (N, H*factor, W*factor, C)."""
    ### BEGIN SOLUTION
    for axis in (1, 2):
        size = x.shape[axis]
        place = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, size - 1)
        before = np.floor(place).astype(int)
        after = np.minimum(before + 1, size - 1)
        part = (place - before).reshape((-1, 1, 1) if axis == 1 else (-1, 1))
        x = (1 - part) * np.take(x, before, axis) + part * np.take(x, after, axis)
    return x
    ### END SOLUTION


# %%
check(bilinear_upsample)

# %% [markdown]
# Both ways on a piece of the small photograph: copies of the tent of part 2.11 laid down by a transposed convolution,
# and your enlargement. The cell prints whose transposed convolution and tent are in use: yours, or a library's where
# yours is not right yet.

# %% tags=["experiment"]
upsample, make_tent = given("conv2d_transpose"), given("tent")
piece = small[10:30, 15:45]
by_tents = upsample(piece[None, :, :, None], make_tent(4, 8)[:, :, None, None], 4)[0, 2:-2, 2:-2, 0]
by_places = bilinear_upsample(piece[None, :, :, None], 4)[0, :, :, 0]
show_images(
    [np.kron(piece, np.ones((4, 4))), by_tents, by_places],
    titles=["pixels repeated", "transposed convolution with a tent", "bilinear"],
)
gap = np.abs(by_tents - by_places)
print(f"largest difference inside: {gap[4:-4, 4:-4].max():.1e}, at the border: {gap.max():.2f}")

# %% [markdown]
# **Look.** Inside, the two are the same: a layer that starts with tents starts as bilinear upsampling, and training
# goes on from there. At the border one of them is dark. Why, and what could you do to the small image first?

# %% [markdown]
# ## To go on
#
# - **Depthwise separable.** Write a 3×3 layer from 96 to 256 channels as `grouped_conv2d` with 96 groups, followed by a
#   1×1 convolution. How many weights does it have, and what can it not compute that a plain layer can?
# - **A dilated convolution without holes.** Cut an image into four: even and odd rows, even and odd columns. Convolve
#   each with the plain kernel, put them together again. Why is that a dilated convolution with $d = 2$?
# - **Shared gradients.** A convolution is a locally connected layer with all `w[i, j]` equal. Show with numbers that
#   the gradient of the shared weights is the sum of the gradients of the unshared ones.
# - **No checkerboard.** Enlarge the small photograph by repeating pixels and smooth it with a plain 3×3 convolution.
#   Compare with `conv2d_transpose`, 3×3, stride 2, random weights.
# - **Learn to enlarge.** With `conv2d_input_gradient` as a model, write the gradient of `conv2d_transpose` with respect
#   to `w`, and learn a 4×4 kernel from pairs (small, photograph). Does it become a tent?
