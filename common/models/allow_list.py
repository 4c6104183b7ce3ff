"""Which architectures are read: bounded trees that name built-in layers and nothing else.

A config is a stranger's. It is walked before Keras sees it, and what Keras sees is a copy that holds only what was
looked at. Anything that could name code (functions, Lambda, classes of one's own, saved tensors) is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_LAYERS = 3_000
MAX_TEXT = 500

LAYERS = frozenset({
    "InputLayer", "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "SeparableConv1D",
    "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D", "Dense", "EinsumDense", "Embedding",
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "Rescaling", "Dropout",
    "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Activation",
    "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Flatten", "Reshape", "Permute", "RepeatVector", "Identity",
    "ActivityRegularization", "MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D",
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "ZeroPadding1D",
    "ZeroPadding2D", "Cropping1D", "Cropping2D", "UpSampling1D", "UpSampling2D", "Add", "Subtract", "Multiply",
    "Average", "Maximum", "Minimum", "Concatenate", "Dot",
})  # fmt: skip
INITIALIZERS = frozenset({
    "Zeros", "Ones", "Constant", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling",
    "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "Orthogonal",
    "Identity", "OrthogonalInitializer", "IdentityInitializer",
})  # fmt: skip
OPERATIONS = frozenset({
    "Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Negative", "Absolute", "Square", "Sqrt", "Maximum",
    "Minimum", "Concatenate", "Reshape", "Transpose", "Mean", "Max", "Sum", "Pad", "Squeeze", "ExpandDims", "Tanh",
    "Relu", "Relu6", "Sigmoid", "Softmax", "Softplus", "Silu", "Gelu", "Elu", "Selu", "LeakyRelu", "LogSoftmax",
    "Exp", "Log", "ReLU", "GetItem", "ZerosLike",
})  # fmt: skip
CLASSES = {
    "keras.layers": LAYERS,
    "keras.initializers": INITIALIZERS,
    "keras.regularizers": frozenset({"L1", "L2", "L1L2", "OrthogonalRegularizer"}),
    "keras.constraints": frozenset({"MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm"}),
    "keras": frozenset({"DTypePolicy"}),
    "keras.src.ops.core": frozenset({"ConvertToTensor", "Cast"}),
    "keras.src.ops.numpy": OPERATIONS,
    "keras.src.ops.nn": OPERATIONS,
    "keras.src.activations.activations": OPERATIONS,
    "builtins": frozenset({"__tuple__"}),
}
ACTIVATIONS = frozenset({
    "linear", "relu", "relu6", "tanh", "sigmoid", "softmax", "softplus", "softsign", "elu", "selu", "gelu", "silu",
    "swish", "leaky_relu", "exponential", "hard_sigmoid", "hard_tanh", "log_softmax", "mish",
})  # fmt: skip
TENSOR, SLICE, ELLIPSIS = "__keras_tensor__", "__slice__", "__ellipsis__"
_ZEROS: dict[str, Any] = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}


class Unfit(Exception):
    """What was handed over cannot be taken as a model; the text says why and goes on after "your code "."""


@dataclass
class _Walk:
    nodes: int = 0


def read_architecture(content: bytes) -> dict[str, Any]:
    """The config of a functional model from its JSON, holding nothing but what is allowed; Unfit says what is not."""
    if len(content) > MAX_BYTES:
        raise Unfit(f"gave a model whose description is larger than {MAX_BYTES // 2**20} MiB")
    try:
        config = json.loads(content)
    except (ValueError, RecursionError):
        raise Unfit("gave a model whose description cannot be read") from None
    return allowed(config)


def allowed(config: Any) -> dict[str, Any]:
    """A copy of a functional model's config that holds nothing but what is allowed."""
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        raise Unfit("gave a model whose description is none of a Keras model")
    if len(config["layers"]) > MAX_LAYERS:
        raise Unfit(f"gave a model of {len(config['layers'])} layers; at most {MAX_LAYERS} are read")
    walk = _Walk()
    layers = [_layer(each, walk) for each in config["layers"]]
    ends = {name: _plain(config.get(name), walk, 0) for name in ("input_layers", "output_layers")}
    return {"name": "model", "trainable": True, "layers": layers, **ends}


def _layer(node: Any, walk: _Walk) -> dict[str, Any]:
    if not isinstance(node, dict) or node.get("module") not in CLASSES:
        raise Unfit(f"gave a model with {_named(node)}; use the layers of Keras")
    if node["module"] in ("keras.initializers", "keras.regularizers", "keras.constraints", "keras", "builtins"):
        raise Unfit(f"gave a model with {_named(node)} in the place of a layer")
    made = _object(node, walk, 1)
    return made | {"name": _text(node.get("name")), "inbound_nodes": _plain(node.get("inbound_nodes"), walk, 1)}


def _object(node: dict[str, Any], walk: _Walk, depth: int) -> dict[str, Any]:
    """An object by class and config. Keras' own extras (how it was built or compiled) are left out."""
    module, name = node.get("module"), node.get("class_name")
    if not isinstance(module, str) or not isinstance(name, str) or name not in CLASSES.get(module, ()):
        raise Unfit(f"gave a model with {_named(node)}; use the layers of Keras")
    if node.get("registered_name") not in (None, name):
        raise Unfit(f"gave a model with {_named(node)} under another name")
    if module == "keras.initializers":  # weights are always given afterwards: the cheapest will do, and builds fastest
        return {**_ZEROS}
    config = _plain(node.get("config"), walk, depth + 1)
    if isinstance(config, dict) and isinstance(config.get("activation"), str):
        _insist_on_activation(config["activation"])
    return {"module": module, "class_name": name, "config": config, "registered_name": node.get("registered_name")}


def _insist_on_activation(name: str) -> None:
    if name not in ACTIVATIONS:
        raise Unfit(f"gave a model with the activation {name[:60]!r}, which is none of Keras' own")


def _plain(value: Any, walk: _Walk, depth: int) -> Any:
    walk.nodes += 1
    if depth > MAX_DEPTH or walk.nodes > MAX_NODES:
        raise Unfit("gave a model whose description is nested too deep or too long")
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_plain(each, walk, depth + 1) for each in value]
    if isinstance(value, dict):
        if value.get("class_name") == TENSOR:
            return {"class_name": TENSOR, "config": _plain(value.get("config"), walk, depth + 1)}
        if value.get("class_name") == SLICE:
            return {"class_name": SLICE, "config": _slice(value.get("config"))}
        if value.get("class_name") == ELLIPSIS:
            return {"class_name": ELLIPSIS, "config": {}}
        if "class_name" in value or "module" in value or "registered_name" in value:
            return _object(value, walk, depth)
        return {_text(key): _plain(each, walk, depth + 1) for key, each in value.items()}
    raise Unfit("gave a model whose description holds strange values")


def _slice(config: Any) -> dict[str, Any]:
    """The ends and the step of `x[:, ::2]`: whole numbers or nothing."""
    ends = ("start", "stop", "step")
    if not isinstance(config, dict) or any(type(config.get(end)) not in (int, type(None)) for end in ends):
        raise Unfit("gave a model with a strange slice: use whole numbers")
    return {end: config.get(end) for end in ends}


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise Unfit("gave a model whose description holds overlong or missing names")
    return value


def _named(node: Any) -> str:
    """What a node calls itself, in words for the student."""
    name = node.get("class_name") if isinstance(node, dict) else None
    if name == "Lambda":
        return "a Lambda layer, which holds code of its own"
    if name in ("function", "__lambda__"):
        return "a function of its own as an activation or setting"
    return f"a {name!s:.60} of its own" if isinstance(name, str) else "something that is no layer"
