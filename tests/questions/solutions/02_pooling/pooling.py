# %% [markdown]
# # 2. Pooling
#
# A pooling layer has no weights. It looks at an image through windows and keeps one number of each.

# %%
import numpy as np

from common import check

# %% [markdown]
# ## 2.1 The largest value
#
# Write `max_pool(x, size, stride)`.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images |
# | `size` | (kh, kw) | window height and width |
# | `stride` | int | distance between the starts of neighbouring windows |
# | returns | (N, (H-kh)//stride+1, (W-kw)//stride+1, C) | the largest value in each window, per channel |
#
# Rows and columns that fill no whole window are left out. Loops over output positions are fine here.


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
# ## 2.2 Its gradient
#
# A small change of a pixel changes the output only if that pixel was the largest of its window. So the gradient of an
# output goes to that pixel, and to no other.
#
# Write `max_pool_backward(dout, x, size, stride)`. `dout` has the shape of the output, the result that of `x`.
#
# Where several pixels of a window are equally large, the gradient goes to the **first** of them, row by row. A pixel
# may be the largest of several windows.


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
