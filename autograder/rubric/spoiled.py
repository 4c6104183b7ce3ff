"""Known mistakes of trained hand-ins: the reference model with something done to it. Imports Keras when called."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras
    import numpy as np

Recipe = Callable[[], Any]  # the reference's answer: trains, or loads, a model
Change = Callable[["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"], "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]"]


@functools.cache
def trained(right: Recipe) -> keras.Model:
    """The reference, trained once."""
    return right()


def changed(right: Recipe, change: Change) -> keras.Model:
    """The trained reference with its last layer's weights changed: `change(kernel, bias)` gives the new ones."""
    import keras

    twin = keras.models.clone_model(trained(right))
    twin.set_weights(trained(right).get_weights())
    twin.layers[-1].set_weights(change(*twin.layers[-1].get_weights()))
    return twin


def before(right: Recipe, *first: keras.layers.Layer) -> keras.Model:
    """The trained reference behind other layers, as if it had been trained on other values."""
    import keras

    model = trained(right)
    return keras.Sequential([keras.Input(model.input_shape[1:]), *first, model])
