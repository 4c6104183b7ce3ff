"""Save a trained model as a hand-in file, and run such a file on inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.models.allow_list import Unfit
from common.models.architecture import flatten, hand_over, rebuild
from common.models.measure import MAX_ACTIVATIONS, maps_of, refuse_large, steps_of
from common.models.trained_file import pack_trained, read_trained

BATCH = 256


def save_trained(model: Any, path: str | Path) -> None:
    """Write a model to a hand-in file, all at once or not at all: its architecture and its weights, no code."""
    write_whole(Path(path), as_file(model))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: nobody reads half of it."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)


def load_trained(path: str | Path) -> Any:
    """The model of a hand-in file."""
    trained = read_trained(Path(path).read_bytes())
    return with_weights(rebuild(trained.architecture), trained.weights)


def as_file(model: Any) -> bytes:
    """A model as the bytes of a hand-in file."""
    return pack_trained(hand_over(model), weights_of(flatten(model)))


def weights_of(model: Any) -> list[np.ndarray]:
    """All weights of a flat model, in the order of its layers."""
    return [np.asarray(keras.ops.convert_to_numpy(each)) for each in _variables(model)]


def _variables(model: Any) -> list[Any]:
    return [each for layer in model.layers for each in layer.weights if "float" in str(each.dtype)]


def predict(architecture: np.ndarray, weights: Sequence[np.ndarray], x: np.ndarray, most: int) -> np.ndarray:
    """What a handed-over model gives for inputs (N, …), as float64; one of more than `most` weights is not built."""
    content = bytes(np.asarray(architecture, dtype=np.uint8))
    steps = steps_of(content)
    together = max(1, min(BATCH, len(x), MAX_ACTIVATIONS // max(1, maps_of(steps))))  # a deep net sees fewer at once
    refuse_large(steps, most, images=together)
    model = with_weights(rebuild(content), weights)
    parts = []
    for start in range(0, len(x), together):
        batch = keras.ops.convert_to_tensor(np.asarray(x[start : start + together], np.float32))
        try:
            answer = model(batch, training=False)
        except (ValueError, TypeError) as problem:
            first = (str(problem).splitlines() or [""])[0]
            raise Unfit(f"saved a model that fails on images of shape {x.shape[1:]}: {first:.200}") from None
        if isinstance(answer, list | tuple | dict):
            raise Unfit("saved a model with several outputs")
        parts.append(np.asarray(keras.ops.convert_to_numpy(answer), np.float64))
    return np.concatenate(parts)


def with_weights(model: Any, weights: Sequence[np.ndarray]) -> Any:
    """The model with these weights in it."""
    variables = _variables(model)
    shapes = [tuple(each.shape) for each in variables]
    if shapes != [each.shape for each in weights]:
        raise Unfit(f"saved {len(weights)} weights that do not fit the {len(variables)} of the architecture")
    for variable, value in zip(variables, weights, strict=True):
        variable.assign(value)
    return model
