"""What a jailed process with Keras does beside calling functions: build models, try layers, rebuild and measure.

A session loads one cell that imports a function from here, so the worker itself knows nothing of Keras. In a student's
process these functions are as little to be trusted as the rest of it; in a clean room there is no student's code.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from common.cases.case import Value
from common.models import architecture, own_layer, training_run
from common.models.measure import measure
from common.models.trained import predict

__all__ = ["hand_over", "measure", "predict", "train", "try_own_layer"]


def hand_over(name: str, arguments: dict[str, Value]) -> Value:
    """Build a student's model and give its architecture, as uint8."""
    return np.frombuffer(architecture.build(_own(name), arguments), np.uint8)


def try_own_layer(
    name: str, aspect: str, settings: dict[str, Value], x: Value, weights: list[Value], extra: Value
) -> Value:
    """Try one aspect of a student's layer."""
    return own_layer.try_layer(_own(name), aspect, settings, x, weights, extra)


def train(name: str, content: Value, weights: list[Value], arguments: dict[str, Value]) -> Value:
    """Run a student's training function on a model of ours."""
    return training_run.run_training(_own(name), content, weights, arguments)


def _own(name: str) -> Any:
    """What a student defined under a name."""
    namespace = sys.modules["__main__"].__dict__
    if name not in namespace:
        raise NameError(f"name {name!r} is not defined")
    return namespace[name]
