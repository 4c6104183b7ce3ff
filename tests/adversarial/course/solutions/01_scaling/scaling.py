# %% [markdown]
# # Scaling
#
# Three small functions: the one in the middle is what hostile hand-ins attack, the other two must keep their points.

# %%
import numpy as np

from common import check


# %%
def total(x):
    """The sum of all values. x (n,) -> float."""
    ### BEGIN SOLUTION
    return np.sum(x)
    ### END SOLUTION


# %%
check(total)


# %%
def scale(x, factor):
    """Every value times a factor. x (n,) -> (n,)."""
    ### BEGIN SOLUTION
    return x * factor
    ### END SOLUTION


# %%
check(scale)


# %%
def reverse(x):
    """The last value first. x (n,) -> (n,)."""
    ### BEGIN SOLUTION
    return x[::-1].copy()
    ### END SOLUTION


# %%
check(reverse)
