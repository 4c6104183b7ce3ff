# %% [markdown]
# # Networks
#
# A model to build, a model to train and hand in as a file, and a small function. Hostile hand-ins attack one of the
# first two; what they leave alone must keep its points.

# %%
import numpy as np

from common import check


# %%
def network(units):
    """One hidden layer. (N, 4, 4, 1) -> (N, 4)."""
    ### BEGIN SOLUTION
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(4),
        ]
    )
    ### END SOLUTION


# %%
check(network)


# %%
def corners():
    """A trained model that says which corner of an image is the brightest. (N, 4, 4, 1) -> (N, 4)."""
    ### BEGIN SOLUTION
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((4, 4, 1)), layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(4)])
    model.set_weights([np.eye(4), np.zeros(4)])  # what training would find
    return model
    ### END SOLUTION


# %% tags=["experiment"]
from common.models.trained import save_trained

save_trained(corners(), "corners.npz")

# %%
check(corners)


# %%
def halve(x):
    """Half of every value. x (n,) -> (n,)."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION


# %%
check(halve)
