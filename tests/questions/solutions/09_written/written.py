# %% [markdown]
# # Why no flip?
#
# Deep learning libraries compute a correlation and call it convolution. Say in two or three sentences why a network
# loses nothing by that, and when the difference would matter.

# %% [markdown] tags=["answer:why_no_flip"]
# **Why a network loses nothing:**
#
# ### BEGIN SOLUTION
# The weights are learned. A network that correlates learns the flipped kernel and computes the same function. It
# matters when weights are given from outside, or when one library's weights are loaded into another.
# ### END SOLUTION
