# %% [markdown]
# # A calibrated bar
#
# Handwritten digits, 8x8 pixels.

# %%
import keras
from keras import layers

from common import check
from common.data import digits
from common.training import fit, hand_in

BATCH = 50

# %% [markdown]
# Write `small_net(seed)`: train a small network on the first 1,000 digits and return it.
#
# [calibration of small_net]


# %%
def small_net(seed=0):
    """A trained model. (N, 8, 8, 1) -> (N, 10)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(16, "relu"), layers.Dense(10)])
    fit(model, digits(train=1000), epochs=5, batch=BATCH, seed=seed, optimizer=keras.optimizers.Adam(0.01))
    return model
    ### END SOLUTION


# %% tags=["experiment"]
hand_in(small_net(), "small_net")

# %%
check(small_net)
