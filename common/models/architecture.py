"""A model as bytes and back: the JSON of one flat functional model of built-in layers."""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras

from common.cases.case import Value
from common.models.allow_list import Unfit, allowed, read_architecture
from common.models.mismatch import explain_mismatch
from common.models.plain_errors import plain_errors
from common.models.symbolic import number_after, numbered_anew, without_numbers

_FUNCTIONAL = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional"}


def build(builder: Callable[..., Any], arguments: Mapping[str, Value]) -> bytes:
    """Call a builder and hand over its model's architecture.

    The first try is without numbers, so that the largest of models costs no memory. A builder that needs numbers (it
    calls its model on an array, say) gets a second try with them.
    """
    with contextlib.suppress(_NeedsNumbers), _first_try(), plain_errors(), without_numbers(), numbered_anew():
        return hand_over(builder(**arguments))
    try:
        with plain_errors():
            return hand_over(builder(**arguments))
    except Exception as problem:
        if type(problem).__name__ == "ResourceExhaustedError":  # how TensorFlow says so
            raise MemoryError from None
        if isinstance(problem, ValueError) and (words := explain_mismatch(str(problem))):
            raise Unfit(words).with_traceback(problem.__traceback__) from None  # with the student's own line
        raise


class _NeedsNumbers(Exception):
    pass


@contextlib.contextmanager
def _first_try() -> Iterator[None]:
    try:
        yield
    except (Unfit, MemoryError):
        raise
    except Exception:  # one that has nothing to do with numbers comes again
        raise _NeedsNumbers from None


def hand_over(model: Any) -> bytes:
    """The architecture of a model of any style as JSON; Unfit says why it cannot be handed over."""
    flat = flatten(model)
    with _quiet():
        try:
            config = json.loads(json.dumps(flat.get_config()))  # tuples become lists, as whoever reads it will see them
        except (TypeError, ValueError):
            raise Unfit("returned a model with settings that cannot be written down as plain data") from None
    return json.dumps(allowed(config), separators=(",", ":")).encode()


def flatten(model: Any) -> Any:
    """The same model as one functional model of built-in layers, which it shares with the given one."""
    if not isinstance(model, keras.Model):
        article = "nothing: is there a `return`" if model is None else f"a {type(model).__name__:.60}"
        raise Unfit(f"returned {article}, where a Keras model is asked for")
    if _is_flat(model):
        _refuse_foreign(model)
        return model
    number_after(_names(model))
    inputs = _fresh_inputs(model)
    with _quiet(), _unpacked():
        try:
            outputs = model(inputs)
            flat = keras.Model(inputs, outputs)
        except (TypeError, ValueError, AttributeError) as problem:
            raise Unfit(f"returned a model that cannot be taken apart: {str(problem).splitlines()[0]:.200}") from None
    _refuse_foreign(flat)
    return flat


def _is_flat(model: Any) -> bool:
    """Whether a model is functional already, with nothing in it that would dissolve. Most are: it saves a third."""
    if type(model).__module__ != _FUNCTIONAL["module"] or any(tensor.shape[0] is not None for tensor in model.inputs):
        return False
    return all(
        type(each).__module__.startswith("keras.") and not isinstance(each, keras.Model) for each in model.layers
    )


def _names(model: Any) -> Iterator[str]:
    """Names of all steps of a model and of the models in it."""
    for layer in model._flatten_layers():
        yield str(layer.name)
        yield from (str(each.name) for each in getattr(getattr(layer, "_functional", layer), "operations", ()))


def _fresh_inputs(model: Any) -> Any:
    """Inputs like those of the model; one that was never built says nothing of them."""
    known = getattr(model, "inputs", None)
    shapes = [tensor.shape for tensor in known] if known else _shapes_of_subclass(model)
    if not shapes:
        raise Unfit("returned a model that does not know its input shape: begin it with keras.Input(shape)")
    inputs = [keras.Input(batch_shape=(None, *shape[1:])) for shape in shapes]
    return inputs[0] if len(inputs) == 1 else inputs


def _shapes_of_subclass(model: Any) -> list[tuple[int | None, ...]]:
    shape = model.get_build_config() if model.built else None
    shape = (shape or {}).get("input_shape")
    return [tuple(shape)] if isinstance(shape, list | tuple) and shape and not isinstance(shape[0], list) else []


@contextlib.contextmanager
def _unpacked() -> Iterator[None]:
    """While open, models and layers of one's own dissolve into the built-in layers that they call."""
    original = keras.Layer.__call__

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        own = not type(self).__module__.startswith("keras.")
        if not own and not isinstance(self, keras.Model):
            return original(self, *args, **kwargs)
        if own and not self.built and type(self).build is not keras.Layer.build and hasattr(args[0], "shape"):
            self.build(args[0].shape)
        return self.call(*args, **kwargs)

    keras.Layer.__call__ = call
    try:
        yield
    finally:
        keras.Layer.__call__ = original


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keras warns about things that are ours here, not the student's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _refuse_foreign(model: Any) -> None:
    """Asked before the config is: a layer's get_config may run code or warn."""
    for operation in model.operations:
        if type(operation).__name__ == "Lambda" or not type(operation).__module__.startswith("keras."):
            name = type(operation).__name__
            what = "a Lambda layer, which holds code of its own" if name == "Lambda" else f"a {name:.60} of its own"
            raise Unfit(f"returned a model with {what}; use the layers of Keras")
        activation = getattr(operation, "activation", None)
        if activation is not None and not getattr(activation, "__module__", "keras.").startswith("keras."):
            raise Unfit("returned a model with a function of its own as an activation; use one of Keras")


def rebuild(content: bytes) -> Any:
    """A fresh model from an architecture, checked first. Call it without_numbers() to pay for no weights."""
    config = read_architecture(content)
    try:
        return keras.saving.deserialize_keras_object({**_FUNCTIONAL, "config": config}, safe_mode=True)
    except MemoryError:
        raise
    except Exception as problem:
        first = (str(problem).splitlines() or [""])[0]
        raise Unfit(f"gave a model that Keras cannot build: {first:.200}") from None


def unnamed(architecture: bytes) -> bytes:
    """The same architecture with its layers numbered: two that differ in names alone become equal."""
    config = json.loads(architecture)
    numbers = {layer["name"]: f"layer {place}" for place, layer in enumerate(config["layers"])}
    for layer in config["layers"]:
        layer["name"] = layer["config"]["name"] = numbers[layer["name"]]
    return json.dumps(_renamed({**config, "name": "model"}, numbers), separators=(",", ":")).encode()


def _renamed(value: Any, numbers: Mapping[str, str]) -> Any:
    """References to layers are lists [name, node, tensor]; nothing else begins with a name and two whole numbers."""
    if isinstance(value, dict):
        return {key: _renamed(each, numbers) for key, each in value.items()}
    if isinstance(value, list):
        if (
            len(value) == 3
            and isinstance(value[0], str)
            and value[0] in numbers
            and all(type(each) is int for each in value[1:])
        ):
            return [numbers[value[0]], *value[1:]]
        return [_renamed(each, numbers) for each in value]
    return value
