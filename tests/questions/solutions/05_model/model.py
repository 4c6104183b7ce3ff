# %% [markdown]
# # Models
#
# Two networks to build: one that is a chain of layers, one that forks.

# %%
import keras
from keras import layers

from common import check

# %% [markdown]
# Write `lenet5()`: LeNet-5 as the lecture draws it, on images of 32x32x1. Twice a 5x5 convolution (6, then 16 filters),
# tanh, and 2x2 average pooling; then dense layers of 120, 84 and 10 units, tanh between them, no activation at the end.


# %%
def lenet5():
    """LeNet-5 with 61,706 parameters. (N, 32, 32, 1) -> (N, 10)."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="tanh", name="conv1"),
            layers.AveragePooling2D(2, name="pool2"),
            layers.Conv2D(16, 5, activation="tanh", name="conv3"),
            layers.AveragePooling2D(2, name="pool4"),
            layers.Flatten(),
            layers.Dense(120, activation="tanh"),
            layers.Dense(84, activation="tanh"),
            layers.Dense(10),
        ]
    )
    ### END SOLUTION


# %%
check(lenet5)

# %% [markdown]
# Write `residual(shape, filters, stride)`: two 3x3 convolutions with batch norm and ReLU, added to a projection of the
# input: a 1x1 convolution with the same stride and batch norm. The last ReLU comes after the sum.


# %%
def residual(shape, filters, stride=2):
    """One residual unit with a projection. (N, H, W, C) -> (N, ceil(H/stride), ceil(W/stride), filters)."""
    ### BEGIN SOLUTION
    x = keras.Input(shape)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    y = layers.BatchNormalization()(y)
    short = layers.Conv2D(filters, 1, strides=stride)(x)
    short = layers.BatchNormalization()(short)
    y = layers.ReLU()(layers.Add()([y, short]))
    return keras.Model(x, y)
    ### END SOLUTION


# %%
check(residual)
