"""Measure a handed-over architecture: the one way in, for the notebook, the self-test and the clean room alike."""

from __future__ import annotations

import functools
import math
from typing import Any

import keras
import numpy as np

from common.cases.case import Value
from common.models.allow_list import Unfit
from common.models.architecture import rebuild, unnamed
from common.models.describe import FUNCTION, describe
from common.models.graph import Step, read_graph
from common.models.symbolic import without_numbers
from common.models.weights import give_weights

MAX_ACTIVATIONS = 2**28  # numbers in all maps of all images together: 1 GiB of float32
DECIMALS = 9  # of an output: beyond them the results of different processors differ


def measure(content: np.ndarray, aspect: str, x: Value = None, seed: int = 0, most: int = 0) -> Value:
    """One aspect of an architecture (its JSON as uint8); a model of more than `most` weights is not run."""
    architecture = bytes(np.asarray(content, dtype=np.uint8))
    if aspect != FUNCTION:
        return describe(steps_of(architecture), aspect)
    inputs = x if isinstance(x, list | tuple) else (x,)
    refuse_large(steps_of(architecture), most, images=len(inputs[0]))
    return _outputs(in_float64(unnamed(architecture)), tuple(map(_frozen, inputs)), seed).copy()


def _frozen(x: Value) -> tuple[tuple[int, ...], bytes]:
    x = np.asarray(x, np.float64)
    return x.shape, x.tobytes()


@functools.lru_cache(maxsize=64)
def _outputs(architecture: bytes, frozen: tuple[tuple[tuple[int, ...], bytes], ...], seed: int) -> np.ndarray:
    """What `run` gives. Many of a rubric's wrong answers differ from the right one in one case of a dozen."""
    inputs = [np.frombuffer(content, np.float64).reshape(shape) for shape, content in frozen]
    return run(rebuild(architecture), inputs, seed)


def in_float64(architecture: bytes) -> bytes:
    """The same model with all its numbers in double precision, where the backend has it.

    Frozen outputs must be the same bytes wherever they are built. In float32 the last bits that different processors
    give would show in every decimal that a comparison needs.
    """
    if keras.backend.backend() == "jax":  # float64 is off there unless the whole process wants it
        return architecture
    return architecture.replace(b'"float32"', b'"float64"')


@functools.lru_cache(maxsize=256)  # a self-test looks at a hundred models again and again
def steps_of(architecture: bytes) -> tuple[Step, ...]:
    """The steps of an architecture, found out without its numbers."""
    with without_numbers():
        try:
            return read_graph(rebuild(architecture))
        except (ValueError, OverflowError) as problem:
            raise Unfit(f"gave a model with impossible sizes: {str(problem).splitlines()[0]:.200}") from None


def refuse_large(steps: tuple[Step, ...], most: int, images: int) -> None:
    """Unfit where running a model on so many images at once would take too much, found out without building it."""
    weights = sum(step.parameters for step in steps)
    if weights > most:
        raise Unfit(f"gave a model of {weights:,} weights; one of more than {most:,} is not run here")
    maps = maps_of(steps) * images
    if maps > MAX_ACTIVATIONS:
        raise Unfit(
            f"gave a model whose maps hold {maps:,} numbers; one of more than {MAX_ACTIVATIONS:,} is not run here"
        )


def maps_of(steps: tuple[Step, ...]) -> int:
    """How many numbers the maps of one image hold, all layers together."""
    return sum(math.prod(each or 1 for each in step.shape) for step in steps)


def run(model: Any, inputs: Any, seed: int) -> np.ndarray:
    """The model's output on inputs (N, …) with weights drawn from the seed, as float64, rounded."""
    give_weights(read_graph(model), seed)
    dtype = model.inputs[0].dtype
    tensors = [keras.ops.convert_to_tensor(np.asarray(each, dtype)) for each in inputs]
    try:
        answer = model(tensors[0] if len(tensors) == 1 else tensors, training=False)
    except (ValueError, TypeError) as problem:
        raise Unfit(f"gave a model that fails on its input: {str(problem).splitlines()[0]:.200}") from None
    first = answer[0] if isinstance(answer, list | tuple) else answer
    return np.round(np.asarray(keras.ops.convert_to_numpy(first), np.float64), DECIMALS) + 0.0
