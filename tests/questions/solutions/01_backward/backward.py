# %% [markdown]
# # 1. The backward pass of a convolution
#
# A layer learns from one message: how much the loss would change if its output changed. From that message it has to
# work out two others, one for its weights and one for the layer below.

# %%
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from common import check


def conv2d(x, w, b, stride=1, padding=0):
    """The forward pass, given. x (N, H, W, C), w (kh, kw, C, F), b (F,) -> (N, H_out, W_out, F)."""
    p = padding
    windows = sliding_window_view(np.pad(x, ((0, 0), (p, p), (p, p), (0, 0))), w.shape[:2], axis=(1, 2))
    return np.einsum("nijcuv,uvcf->nijf", windows[:, ::stride, ::stride], w) + b


# %% [markdown]
# Write `conv2d_backward(dout, x, w, stride, padding)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `dout` | (N, H_out, W_out, F) | gradient of the loss with respect to the layer's output |
# | `x`, `w`, `stride`, `padding` | as in `conv2d` | what the forward pass was given |
# | returns | shapes of `x`, `w` and (F,) | `(dx, dw, db)`, the gradients |
#
# Rows and columns that fill no whole step take no part in the output, so their gradient is 0. `padding` may be 0.
#
# <details><summary>Hint 1: the idea</summary> One value of <code>dout</code> was made from one window. Which gradients
# does it add to? </details>
# <details><summary>Hint 2: the shapes</summary> For one position, <code>dout</code> gives (N, F) and the window is
# (N, kh, kw, C). </details>
# <details><summary>Hint 3: almost there</summary> <code>np.tensordot(window, share, (0, 0))</code> sums over
# the images. </details>


# %%
def conv2d_backward(dout, x, w, stride=1, padding=0):
    """Gradients of a convolution. dout (N, H_out, W_out, F) -> dx like x, dw like w, db (F,)."""
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
