"""The one place where a backend differs from another: which device there is, and gradients outside `fit`."""

from __future__ import annotations

import functools
import importlib
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np


def on_gpu() -> bool:
    """Whether the backend has an accelerator."""
    if keras.backend.backend() == "torch":
        return bool(_module("torch").cuda.is_available())
    return not all(str(each).lower().startswith("cpu") for each in keras.distribution.list_devices())


@functools.cache
def device() -> str:
    """The device in words: "CPU (…, 2 cores)" or "GPU (…)"."""
    if not on_gpu():
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return f"CPU ({_processor()}, {cores} core{'s' if cores > 1 else ''})"
    try:
        asked = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        names = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True).stdout.split("\n")
        return f"GPU ({names[0].strip()})"
    except (OSError, subprocess.SubprocessError):
        return "GPU"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _module(name: str) -> Any:
    return importlib.import_module(name)


def gradients(function: Callable[[list[Any]], Any], at: Sequence[Any]) -> tuple[float, list[np.ndarray]]:
    """The value of a scalar function of several tensors, and its derivative by each of them.

    `function` gets a list of tensors like `at` and returns one number, made with keras.ops and layers alone.
    """
    tensors = [keras.ops.convert_to_tensor(each) for each in at]
    match keras.backend.backend():
        case "tensorflow":
            with _module("tensorflow").GradientTape() as tape:
                for each in tensors:
                    tape.watch(each)
                value = function(tensors)
            found = tape.gradient(value, tensors, unconnected_gradients="zero")
        case "jax":
            value, found = _module("jax").value_and_grad(function)(tensors)
        case "torch":
            tensors = [each.detach().clone().requires_grad_(True) for each in tensors]
            value = function(tensors)
            found = _module("torch").autograd.grad(value, tensors, allow_unused=True, materialize_grads=True)
            value = value.detach()
        case other:
            raise NotImplementedError(f"gradients are not known for the Keras backend {other!r}")
    return float(keras.ops.convert_to_numpy(value)), [np.asarray(keras.ops.convert_to_numpy(each)) for each in found]


def weight_gradients(
    model: Any, loss: Callable[[Any, Any], Any], images: np.ndarray, labels: np.ndarray
) -> dict[str, np.ndarray]:
    """The gradient of loss(labels, scores) by each trainable weight of a model, by the weight's path."""
    fixed = [each.value for each in model.non_trainable_variables]
    x, y = keras.ops.convert_to_tensor(images), keras.ops.convert_to_tensor(labels)

    def value(weights: list[Any]) -> Any:
        scores, _ = model.stateless_call(weights, fixed, x, training=True)
        return loss(y, scores)

    _, found = gradients(value, [each.value for each in model.trainable_variables])
    return {variable.path: each for variable, each in zip(model.trainable_variables, found, strict=True)}
