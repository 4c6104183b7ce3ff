# %% [markdown]
# # Layers of your own
#
# Keras has no maxout layer. Write one.

# %%
import keras
from keras import ops

from common import check

# %% [markdown]
# Write the layer `Maxout(units, pieces)`. It has a kernel (D, units, pieces) and a bias (units, pieces). Each unit
# gives the largest of its `pieces` linear functions of the input (N, D). A config must be enough to make the layer
# again.


# %%
class Maxout(keras.layers.Layer):
    """The largest of several linear functions. (N, D) -> (N, units)."""

    ### BEGIN SOLUTION
    def __init__(self, units, pieces=2, **kwargs):
        super().__init__(**kwargs)
        self.units, self.pieces = units, pieces
        self.supports_masking = True

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units, self.pieces), name="kernel")
        self.bias = self.add_weight(shape=(self.units, self.pieces), initializer="zeros", name="bias")

    def call(self, x):
        return ops.max(ops.tensordot(x, self.kernel, 1) + self.bias, axis=-1)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "pieces": self.pieces}

    ### END SOLUTION


# %%
check(Maxout)
