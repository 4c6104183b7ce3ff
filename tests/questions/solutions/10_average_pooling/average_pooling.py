# %% [markdown]
# # 10. Pooling by the mean
#
# Where max pooling keeps the strongest answer in a window, the mean keeps a little of everything.

# %%
import numpy as np

from common import check

# %% [markdown]
# ## 10.1 The mean of each window
#
# Write `average_pool(x, size, stride)`. Averaging is a convolution whose weights are all equal, so it is linear and
# does not care where in the image it stands.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images |
# | `size` | (kh, kw) | window height and width |
# | `stride` | int | distance between the starts of neighbouring windows |
# | returns | (N, (H-kh)//stride+1, (W-kw)//stride+1, C) | the mean of each window, per channel |
#
# Rows and columns that fill no whole window are left out.


# %%
def average_pool(x, size, stride):
    """Mean of each window. x (N, H, W, C) -> (N, H_out, W_out, C)."""
    ### BEGIN SOLUTION
    (n, h, w, c), (kh, kw) = x.shape, size
    out = np.zeros((n, (h - kh) // stride + 1, (w - kw) // stride + 1, c))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            top, left = i * stride, j * stride
            out[:, i, j] = x[:, top : top + kh, left : left + kw].mean(axis=(1, 2))
    return out
    ### END SOLUTION


# %%
check(average_pool)

# %% [markdown]
# ## 10.2 Its gradient
#
# Write `average_pool_backward(dout, x, size, stride)`. `dout` has the shape of the output, the result that of `x`.
# Every pixel of a window has the same share in its mean.


# %%
def average_pool_backward(dout, x, size, stride):
    """Gradient of average pooling. dout (N, H_out, W_out, C), x (N, H, W, C) -> (N, H, W, C)."""
    ### BEGIN SOLUTION
    kh, kw = size
    dx = np.zeros(x.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            top, left = i * stride, j * stride
            share = dout[:, i, j] / (kh * kw)
            dx[:, top : top + kh, left : left + kw] += share[:, None, None]
    return dx
    ### END SOLUTION


# %%
check(average_pool_backward)
