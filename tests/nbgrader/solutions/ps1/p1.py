# %% [markdown]
# # A problem set
#
# The questions of the notebooks that nbgrader tests itself with.

# %%
from common import check

# %%
a = {}
### BEGIN SOLUTION
a["a"] = 1
### END SOLUTION

# %%
check(a, "a")

# %% [markdown] tags=["answer:baz"]
# **Say something:**
#
# ### BEGIN SOLUTION
# An answer!
# ### END SOLUTION
