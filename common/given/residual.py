"""Plain and residual nets as the description that Keras reads: for experiments where one's own builder is not right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def cifar_net(
    depth: int,
    residual: bool = True,
    without: int | None = None,
    shape: tuple[int, ...] = (32, 32, 3),
    classes: int = 10,
) -> Any:
    """A plain or residual net of depth 6n + 2, without one of its units. (N, H, W, C) -> (N, classes)."""
    import keras

    rows: list[Row] = [_row("InputLayer", (), batch_shape=[None, *shape])]

    def add(kind: str, below: int | Sequence[int], **settings: Any) -> int:
        places = [below] if isinstance(below, int) else list(below)
        rows.append(_row(kind, [rows[place]["name"] for place in places], number=len(rows), **settings))
        return len(rows) - 1

    def conv(below: int, filters: int, stride: int) -> int:
        same = {"kernel_size": [3, 3], "strides": [stride] * 2, "padding": "same", "use_bias": False}
        return add("BatchNormalization", add("Conv2D", below, filters=filters, **same))

    def thinned(below: int, more: int) -> int:
        turned = add("Permute", add("AveragePooling2D", below, pool_size=[1, 1], strides=[2, 2]), dims=[1, 3, 2])
        return add("Permute", add("ZeroPadding2D", turned, padding=[[0, 0], [0, more]]), dims=[1, 3, 2])

    each = (depth - 2) // 6
    top = add("ReLU", conv(0, 16, 1))
    for number in (unit for unit in range(3 * each) if unit != without):
        stage, first = divmod(number, each)
        filters, stride = 16 << stage, 1 + (stage > 0 and first == 0)
        branch = conv(add("ReLU", conv(top, filters, stride)), filters, 1)
        around = thinned(top, filters // 2) if residual and stride == 2 else top
        top = add("ReLU", add("Add", (around, branch)) if residual else branch)
    top = add("Dense", add("GlobalAveragePooling2D", top), units=classes)
    ends = {"input_layers": [rows[0]["name"], 0, 0], "output_layers": [rows[top]["name"], 0, 0]}
    return keras.Model.from_config({"name": f"net_{depth}", "trainable": True, "layers": rows, **ends})


def _row(kind: str, below: Sequence[str], number: int = 0, **settings: Any) -> Row:
    """A layer in Keras' own description of a model, and the names of the layers below it."""
    name = f"{kind}_{number}"
    tensors = [_output_of(each) for each in below]
    nodes = [{"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}] if tensors else []
    whole = {
        "module": "keras.layers",
        "class_name": kind,
        "registered_name": None,
        "config": {"name": name, **settings},
    }
    return {**whole, "name": name, "inbound_nodes": nodes}


def _output_of(name: str) -> Row:
    """What a layer gives; Keras finds its shape out by itself."""
    config = {"shape": [None], "dtype": "float32", "keras_history": [name, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}
