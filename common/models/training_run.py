"""Run a training function of one's own for a few updates and note what it did. Only plain values come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from common.cases.case import Value
from common.models.architecture import rebuild
from common.models.plain_errors import plain_errors
from common.models.trained import weights_of, with_weights

MAX_LOSSES = 10_000


def run_training(
    function: Any, architecture: np.ndarray, weights: Sequence[np.ndarray], arguments: Mapping[str, Value]
) -> Value:
    """What a function(model, **arguments) does to a model with given weights: losses, weights afterwards, updates."""
    model = with_weights(rebuild(bytes(np.asarray(architecture, dtype=np.uint8))), weights)
    keras.utils.set_random_seed(0)
    with plain_errors():
        given = function(model, **{name: _tensor(value) for name, value in arguments.items()})
    optimizer = getattr(model, "optimizer", None)
    updates = None if optimizer is None else int(keras.ops.convert_to_numpy(optimizer.iterations))
    return {"losses": _numbers(given), "weights": weights_of(model), "updates": updates}


def _tensor(value: Value) -> Value:
    return np.asarray(value, np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value


def _numbers(given: Any) -> Value:
    """The losses as one array (U,), or None where something else was returned."""
    try:
        values = [float(each) for each in list(given)[:MAX_LOSSES]]
    except (TypeError, ValueError):
        return None
    return np.asarray(values, np.float64)
