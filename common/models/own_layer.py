"""Try a layer of one's own, one aspect at a time. It runs where its code lives; only plain values come out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras.src.backend.common.masking import get_keras_mask, set_keras_mask

from common.cases.case import Value
from common.models.allow_list import Unfit
from common.models.plain_errors import plain_errors


def try_layer(
    layer: Any, aspect: str, settings: Mapping[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value
) -> Value:
    """What a layer class does with settings, an input (N, …) and given weights; `extra` is a mask or a dtype."""
    if not (isinstance(layer, type) and issubclass(layer, keras.Layer)):
        raise Unfit("defined something else where a subclass of keras.Layer is asked for")
    with plain_errors():
        return ASPECTS[aspect](layer, dict(settings), x, weights, extra)


def _output(
    layer: Any, settings: dict[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value
) -> Value:
    return _array(_ready(layer(**settings), x, weights)(_tensor(x)))


def _output_shape(
    layer: Any, settings: dict[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value
) -> Value:
    """The shape that Keras infers before there are numbers, without the batch."""
    return tuple(layer(**settings)(keras.Input(x.shape[1:])).shape)[1:]


def _weight_shapes(
    layer: Any, settings: dict[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value
) -> Value:
    """The shapes of trainable and of other weights."""
    made = layer(**settings)
    made(_tensor(x))
    kinds = {"trainable": made.trainable_weights, "not trainable": made.non_trainable_weights}
    return {name: sorted(tuple(each.shape) for each in found) for name, found in kinds.items()}


def _round_trip(
    layer: Any, settings: dict[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value
) -> Value:
    """The output of a twin that was made from the layer's config, as text, with the same weights."""
    config = layer(**settings).get_config()
    try:
        text = json.dumps(config)
    except (TypeError, ValueError):
        raise Unfit("returned a config that cannot be written as JSON: use plain numbers and strings") from None
    return _array(_ready(layer.from_config(json.loads(text)), x, weights)(_tensor(x)))


def _dtype(layer: Any, settings: dict[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value) -> Value:
    """The dtype of the output of a layer with a dtype policy, and of its weights."""
    made = layer(**settings, dtype=str(extra))
    out = made(_tensor(x))
    return {"output": keras.backend.standardize_dtype(out.dtype), "weights": [each.dtype for each in made.weights]}


def _mask(layer: Any, settings: dict[str, Value], x: np.ndarray, weights: Sequence[np.ndarray], extra: Value) -> Value:
    """The output for an input with a mask, and the mask that is passed on."""
    made, given = _ready(layer(**settings), x, weights), _tensor(x)
    set_keras_mask(given, keras.ops.convert_to_tensor(np.asarray(extra, bool)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns where a mask is lost; that is what is found out here
        out = made(given)
    passed = get_keras_mask(out)
    return {"output": _array(out), "mask": None if passed is None else _array(passed)}


ASPECTS: dict[str, Callable[[Any, dict[str, Value], np.ndarray, Sequence[np.ndarray], Value], Value]] = {
    "output": _output,
    "shape": _output_shape,
    "weights": _weight_shapes,
    "config": _round_trip,
    "dtype": _dtype,
    "mask": _mask,
}


def _ready(layer: Any, x: np.ndarray, weights: Sequence[np.ndarray]) -> Any:
    """The layer, built and with these weights. An order of its own is as good as ours where shapes tell them apart."""
    layer(_tensor(x))
    free = list(weights)
    if len(layer.weights) != len(free):
        raise Unfit(f"made a layer with {len(layer.weights)} weights, where {len(free)} are asked for")
    for variable in layer.weights:
        place = next((i for i, each in enumerate(free) if each.shape == tuple(variable.shape)), None)
        if place is None:
            shapes = ", ".join(str(each.shape) for each in weights)
            raise Unfit(f"made a layer with a weight of shape {tuple(variable.shape)}; asked for are {shapes}")
        variable.assign(free.pop(place))
    return layer


def _tensor(x: np.ndarray) -> Any:
    return keras.ops.convert_to_tensor(np.asarray(x, np.float32))


def _array(tensor: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(tensor))
