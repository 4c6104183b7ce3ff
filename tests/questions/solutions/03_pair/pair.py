# %% [markdown]
# # 3. Batch normalization, there and back
#
# The numbers inside a network drift while it learns. This layer brings each channel back to mean 0 and spread 1, and
# then lets two learned numbers per channel choose another mean and spread.

# %%
import numpy as np

from common import check

# %% [markdown]
# Write `batch_norm(x, gamma, beta, eps)` and `batch_norm_backward(dout, cache)`, in one cell.
#
# | name | shape | meaning |
# | --- | --- | --- |
# | `x` | (N, H, W, C) | images |
# | `gamma`, `beta` | (C,) | the new spread and the new mean of each channel |
# | `eps` | float | added to the variance before its root is taken |
# | returns | `(out, cache)` | `out` like `x`; `cache` is whatever your backward pass needs |
# | `dout` | like `x` | gradient of the loss with respect to `out` |
# | returns | `(dx, dgamma, dbeta)` | gradients, in the shapes of `x`, `gamma` and `beta` |
#
# Mean and variance of a channel are taken over all pixels of all images. The variance is the mean of the squared
# distances from the mean. Mean and variance depend on `x` too: the gradient flows through them.
#
# A network in float32 must not wake up in float64, which takes twice the memory: `out` has the dtype of `x`.


# %%
def batch_norm(x, gamma, beta, eps=1e-5):
    """Normalize each channel. x (N, H, W, C), gamma (C,), beta (C,) -> out (N, H, W, C) and a cache of your own."""
    ### BEGIN SOLUTION
    mean = x.mean(axis=(0, 1, 2))
    spread = np.sqrt(x.var(axis=(0, 1, 2)) + eps)
    normed = (x - mean) / spread
    return gamma * normed + beta, (normed, gamma, spread)
    ### END SOLUTION


def batch_norm_backward(dout, cache):
    """Gradients of batch_norm. dout (N, H, W, C) -> dx (N, H, W, C), dgamma (C,), dbeta (C,)."""
    ### BEGIN SOLUTION
    normed, gamma, spread = cache
    through_gamma, through_beta = (dout * normed).sum((0, 1, 2)), dout.sum((0, 1, 2))
    count = dout[..., 0].size
    dx = gamma / spread * (dout - through_beta / count - normed * through_gamma / count)
    return dx, through_gamma, through_beta
    ### END SOLUTION


# %%
check(batch_norm, backward=batch_norm_backward)
