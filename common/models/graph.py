"""A model as a list of steps: what each does, on which steps it rests, what shape it gives, how many weights it has.

Two ways of writing the same network give the same list: an activation is a step of its own whether it was an argument
or a layer, and the order does not depend on which branch was written first.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import Any

from common.cases.case import Value

SETTINGS = (
    "filters", "units", "kernel_size", "pool_size", "strides", "padding", "dilation_rate", "groups", "depth_multiplier",
    "use_bias", "rate", "size", "cropping", "interpolation", "axis", "epsilon", "momentum", "negative_slope",
)  # fmt: skip
# Keras' operations that are the same step as one of its layers.
SAME = {
    "Relu": "relu", "ReLU": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "Softmax": "softmax", "Gelu": "gelu",
    "Elu": "elu", "ELU": "elu", "Selu": "selu", "Silu": "silu", "LeakyReLU": "leaky_relu", "LeakyRelu": "leaky_relu",
    "PReLU": "prelu", "Softplus": "softplus", "Relu6": "relu6", "LogSoftmax": "log_softmax",
}  # fmt: skip
NOTHING = frozenset({"Identity", "ConvertToTensor", "Cast", "ActivityRegularization", "linear"})
SYMMETRIC = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum"})


@dataclass(frozen=True)
class Step:
    """One step of a model. `inputs` are the places of the steps it rests on; `layer` is where its weights are."""

    kind: str
    inputs: tuple[int, ...]
    shape: tuple[int | None, ...]
    name: str = ""
    settings: tuple[tuple[str, Value], ...] = ()
    parameters: int = 0
    layer: Any = None
    activation: bool = False

    @property
    def looks(self) -> str:
        """What is the same in every model that has this step, names left out."""
        return f"{self.kind} {self.settings} {self.shape} {self.parameters}"


def read_graph(model: Any) -> tuple[Step, ...]:
    """The steps of a flat functional model, inputs first."""
    steps: list[Step] = []
    made_by: dict[int, int] = {}  # tensor -> the step that gave it
    counted: set[int] = set()
    for depth in sorted(model._nodes_by_depth, reverse=True):
        for node in model._nodes_by_depth[depth]:
            place = _add(steps, node, tuple(made_by[id(tensor)] for tensor in node.input_tensors), counted)
            made_by |= {id(tensor): place for tensor in node.output_tensors}
    return _in_order(steps)


def _add(steps: list[Step], node: Any, inputs: tuple[int, ...], counted: set[int]) -> int:
    """Append the step of a node, and as one more the activation that its layer holds; the place of the last."""
    layer, shape = node.operation, tuple(node.output_tensors[0].shape)[1:]
    kind = _kind(layer, shape)
    if kind in NOTHING:
        return inputs[0]
    if kind in SAME.values():
        steps.append(Step(kind, inputs, shape, layer.name, activation=True))
        return len(steps) - 1
    parameters = layer.count_params() if hasattr(layer, "count_params") and id(layer) not in counted else 0
    counted.add(id(layer))  # the weights of a layer that is used twice count once
    settings = _settings(layer.get_config())
    steps.append(Step(kind, inputs, shape, layer.name, settings, parameters, layer if parameters else None))
    activation = _activation(layer)
    if activation not in ("", "linear"):
        steps.append(Step(activation, (len(steps) - 1,), shape, layer.name, activation=True))
    return len(steps) - 1


def _settings(config: dict[str, Any]) -> tuple[tuple[str, Value], ...]:
    """What a layer was told, as far as it matters: a window of one pixel needs no padding, whatever it was told."""
    window = _plain(config.get("kernel_size", config.get("pool_size")))
    if isinstance(window, tuple) and set(window) == {1} and "padding" in config:
        config = {**config, "padding": "valid"}
    return tuple((name, _plain(config[name])) for name in SETTINGS if name in config)


def _kind(layer: Any, shape: tuple[int | None, ...]) -> str:
    kind = type(layer).__name__
    if kind == "Activation":
        return _activation(layer)
    if kind == "Reshape" and len(shape) == 1:
        return "Flatten"
    return SAME.get(kind, kind)


def _activation(layer: Any) -> str:
    activation = getattr(layer, "activation", None)
    if activation is None:
        return ""
    name = getattr(activation, "__name__", type(activation).__name__)
    return SAME.get(name, name)


def _plain(value: Any) -> Value:
    return tuple(_plain(each) for each in value) if isinstance(value, list | tuple) else value


def _in_order(steps: list[Step]) -> tuple[Step, ...]:
    """Steps by their distance from the input, equally far ones by what they are."""
    level: list[int] = []
    origin: list[str] = []
    for step in steps:
        level.append(1 + max((level[place] for place in step.inputs), default=-1))
        origins = [origin[place] for place in step.inputs]
        origins = sorted(origins) if step.kind in SYMMETRIC else origins
        origin.append(hashlib.sha256("|".join([step.looks, *origins]).encode()).hexdigest())
    order = sorted(range(len(steps)), key=lambda place: (level[place], origin[place]))
    new = {old: place for place, old in enumerate(order)}
    return tuple(
        dataclasses.replace(steps[old], inputs=tuple(new[place] for place in steps[old].inputs)) for old in order
    )
