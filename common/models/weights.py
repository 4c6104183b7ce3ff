"""Weights drawn from a seed for any model: two models of the same structure get the same, whatever their layers' order.

A layer's weights are drawn from the shapes of its own weights and of those of all layers before it. So activations,
names and ways of writing change nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from common.models.graph import Step


def give_weights(steps: Sequence[Step], seed: int) -> None:
    """Set all weights of the model that these steps were read from."""
    origins: list[frozenset[str]] = []
    for step in steps:
        origin = frozenset().union(*(origins[place] for place in step.inputs))
        if step.layer is not None:
            variables = [each for each in step.layer.weights if _is_real(each)]
            shapes = [(_last_name(each), tuple(each.shape)) for each in variables]
            key = hashlib.sha256("|".join([str(seed), str(shapes), *sorted(origin)]).encode())
            for number, variable in enumerate(variables):
                variable.assign(_draw(_last_name(variable), tuple(variable.shape), f"{key.hexdigest()} {number}"))
            origin = frozenset({key.hexdigest()})
        origins.append(origin)


def _is_real(variable: Any) -> bool:
    return "float" in str(variable.dtype)


def _last_name(variable: Any) -> str:
    return str(variable.path).rpartition("/")[2]


def _draw(name: str, shape: tuple[int, ...], key: str) -> np.ndarray:
    """Numbers of a size that keeps a deep network's values near 1. Scales and variances are positive."""
    bits = np.random.PCG64(int.from_bytes(hashlib.sha256(key.encode()).digest(), "big"))
    count = math.prod(shape)
    raw = np.asarray(bits.random_raw(count), dtype=np.uint64)
    uniform = ((raw >> np.uint64(40)).astype(np.float64) / 2**24 * 2 - 1).reshape(shape)
    if name in ("gamma", "moving_variance"):
        return 1 + uniform / 2
    if len(shape) < 2:
        return uniform / 4
    return uniform * math.sqrt(3 / max(math.prod(shape[:-1]), 1))
