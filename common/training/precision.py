"""Half precision and compiled graphs: only on a GPU and only in the mode `full`, where they pay."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import keras

from common.mode import mode
from common.training.backend import on_gpu

HALF = "mixed_float16"


def in_full_flight() -> bool:
    """Whether half precision and XLA are used here."""
    return mode() == "full" and on_gpu()


def compiled_graphs() -> bool:
    """Keras' `jit_compile`: XLA compiles longer than a small net trains on a CPU; JAX has no other way."""
    return keras.backend.backend() == "jax" or (keras.backend.backend() == "tensorflow" and in_full_flight())


@contextlib.contextmanager
def half_precision(model: Any, wanted: bool) -> Iterator[None]:
    """While open, all layers but the last compute in float16; weights stay float32 and nothing is left changed."""
    layers = [each for each in model._flatten_layers(include_self=False) if not list(each._flatten_layers(False))]
    before = [each.dtype_policy for each in layers]
    try:
        for layer in layers[:-1] if wanted else []:
            layer.dtype_policy = HALF
        yield
    finally:
        for layer, policy in zip(layers, before, strict=True):
            layer.dtype_policy = policy
        if wanted:  # what was traced meanwhile computes in float16
            model.train_function = model.test_function = model.predict_function = None
