"""Attacks through models: a builder that hands over what is none, and trained models in spoilt files."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
from hand_ins import CORNERS, NETWORK, HandIn

FILE = "corners.npz"
Parts = dict[str, bytes]  # of a hand-in file, by name


def build(what: str, verdicts: str, body: str, **more: Any) -> HandIn:
    """An attack whose builder runs `body`."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip("\n").splitlines())
    cell = f"import keras\nfrom keras import layers\ndef network(units):\n{lines}"
    return HandIn(what, tuple(verdicts.split()), cell, target=NETWORK, **more)


def forge(what: str, verdicts: str, config: str, says: str) -> HandIn:
    """An attack that hands over an architecture of its own writing; in it `layer` is innocent until it is changed."""
    cell = f"""
import json, numpy as np
import autograder.jail.keras_room as room

def made(module, kind, config, **more):
    return {{"module": module, "class_name": kind, "config": config, "registered_name": None, **more}}

def network(units):
    tensor = made("", "__keras_tensor__", {{"shape": [None, 4], "dtype": "float32", "keras_history": ["in", 0, 0]}})
    layer = made("keras.layers", "Dense", {{"name": "x", "units": 4, "activation": "linear"}},
                 name="x", inbound_nodes=[{{"args": [tensor], "kwargs": {{}}}}])
    entrance = made("keras.layers", "InputLayer", {{"batch_shape": [None, 4], "name": "in"}},
                    name="in", inbound_nodes=[])
    config = {{"name": "model", "trainable": True, "layers": [entrance, layer],
              "input_layers": [["in", 0, 0]], "output_layers": [["x", 0, 0]]}}
    {config}
    return config

room.hand_over = lambda name, arguments: np.frombuffer(json.dumps(network(**arguments)).encode(), np.uint8)
"""
    return HandIn(what, tuple(verdicts.split()), cell.strip("\n"), target=NETWORK, says=says)


BUILDERS = (
    build("a Lambda layer", "failed", """
        return keras.Sequential([keras.Input((4, 4, 1)), layers.Lambda(lambda x: 2 * x)])
        """, says="a Lambda layer, which holds code of its own"),
    build("an activation of its own", "failed", """
        return keras.Sequential([keras.Input((4, 4, 1)), layers.Dense(4, activation=lambda x: x)])
        """, says="a function of its own as an activation"),
    build("a layer that calls itself one of Keras' own and brings its own `from_config`", "failed", """
        @keras.saving.register_keras_serializable(package="keras.layers", name="Dense")
        class Dense(layers.Layer):
            def call(self, x): return x
            def get_config(self): return {"name": "x", "units": "__import__('os').system('true')"}
            @classmethod
            def from_config(cls, config): return __import__("os")._exit(0)
        Dense.__module__ = "keras.src.layers.core.dense"
        return keras.Sequential([keras.Input((4, 4, 1)), Dense()])
        """),
    build("a model that lies about its layers and parameters", "failed", """
        class Liar(keras.Model):
            def call(self, x): return x
            def count_params(self): return 4 * (16 + 1) + 4 * 5
            def get_config(self): return {"layers": "as asked, on my word"}
            layers = property(lambda self: [])
        model = Liar()
        model(keras.ops.zeros((1, 4, 4, 1)))
        return model
        """),
    build("Keras' own functions replaced", "failed refused", """
        keras.Model.count_params = keras.Layer.count_params = lambda self: 112
        keras.Model.get_config = lambda self: {"layers": []}
        keras.saving.deserialize_keras_object = keras.Model.from_config = lambda *a, **k: None
        keras.config.enable_unsafe_deserialization()
        return keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten()])
        """),
    build("a layer of a hundred thousand million weights", "failed", """
        return keras.Sequential([keras.Input((4, 4, 1)), layers.Dense(10**11)])
        """, says="is not run here"),
    build("maps of ten thousand million numbers", "failed", """
        return keras.Sequential([keras.Input((4, 4, 1)), layers.UpSampling2D(25_000)])
        """, says="is not run here"),
    build("a builder that fills the memory", "out_of_memory", "return [bytearray(2**28) for _ in range(64)]"),
    build("a model read from a file beside the notebook", "error", """
        return keras.models.load_model("model.keras", safe_mode=False)
        """, beside={"model.keras": b"PK\x03\x04 no model", "model.h5": b"\x89HDF no model"}),
)  # fmt: skip

FORGED = (
    forge("a Keras config that names a foreign class", "failed",
          'layer.update(module="os", class_name="system", config="touch /tmp/pwned")', "a system of its own"),
    forge("a Keras config that calls Keras' own `enable_unsafe_deserialization`", "failed",
          'layer.update(module="keras.config", class_name="enable_unsafe_deserialization", config={})',
          "enable_unsafe_deserialization of its own"),
    forge("a Keras config with code in a saved lambda", "failed",
          'layer["config"]["activation"] = {"class_name": "__lambda__", "config": {"value": "4wEA"}}',
          "a function of its own"),
    forge("a Keras config with a function found by its name", "failed",
          'layer["config"]["kernel_initializer"] = made("builtins", "function", "eval", registered_name="function")',
          "a function of its own"),
    forge("a Keras config of a hundred thousand layers", "failed",
          'config["layers"] = [{}] * 100_000', "at most"),
    forge("a Keras config that is nested without end", "failed refused",
          'layer["config"]["x"] = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]', "too deep"),
    forge("a Keras config that is none", "failed",
          'config = "[" * 10**6', "none of a Keras model"),
    forge("a Keras config of 8 MiB", "refused",
          'config["x"] = "x" * 2**23', "no architecture"),
)  # fmt: skip


def file(what: str, verdicts: str, change: Callable[[Path], object], says: str) -> HandIn:
    """An attack by the file of a trained model: what an honest one handed in, changed."""
    return HandIn(what, tuple(verdicts.split()), "def corners():\n    pass", target=CORNERS, spoil=change, says=says)


def parts(change: Callable[[Parts], object], compression: int = zipfile.ZIP_STORED) -> Callable[[Path], object]:
    """The file with its parts changed."""

    def spoil(folder: Path) -> None:
        with zipfile.ZipFile(folder / FILE) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
        change(content)
        with zipfile.ZipFile(folder / FILE, "w", compression) as archive:
            for name, part in content.items():
                archive.writestr(name, part)

    return spoil


def array(content: np.ndarray, **options: Any) -> bytes:
    """An array as a part of the file."""
    written = io.BytesIO()
    np.save(written, content, **options)
    return written.getvalue()


def weights(content: bytes) -> Callable[[Parts], object]:
    """Put this in the place of the first array."""
    return lambda content_of: content_of.update({"000000.npy": content})


def other_layer(class_name: str, module: str) -> Callable[[Parts], object]:
    """Put this class in the place of the last layer's."""

    def change(content: Parts) -> None:
        text = content["architecture.json"].decode()
        before, after = text.rsplit('"class_name":"Dense"', 1)
        head, tail = before.rsplit('"module":"keras.layers"', 1)
        content["architecture.json"] = f'{head}"module":"{module}"{tail}"class_name":"{class_name}"{after}'.encode()

    return change


def more_units(content: Parts) -> None:
    """A thousand million units in the place of four."""
    content["architecture.json"] = content["architecture.json"].replace(b'"units":4', b'"units":1000000000')


class Bomb:
    """What runs a program where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/pwned",)


def replaced(content: bytes) -> Callable[[Path], object]:
    """Another file of the same name."""
    return lambda folder: (folder / FILE).write_bytes(content)


def linked(folder: Path) -> None:
    """A link to what an honest student handed in."""
    other = next(each for each in sorted(folder.parents[1].glob(f"*-honest/{folder.name}/{FILE}")))
    (folder / FILE).unlink()
    (folder / FILE).symlink_to(other)


def piped(folder: Path) -> None:
    """A pipe that nobody will ever write to."""
    (folder / FILE).unlink()
    os.mkfifo(folder / FILE)


SHIFTED = array(np.roll(np.eye(4, dtype=np.float32), 1, 1))
HUGE_CLAIM = array(np.ones(100, np.float32)).replace(b"(100,), }         ", b"(900000000000,), }")

FILES = (
    file("a trained model with wrong arrays", "failed", parts(weights(SHIFTED)), "this part begins at 60%"),
    file("a trained model with arrays of another shape", "failed",
         parts(weights(array(np.ones((7, 3), np.float32)))), "do not fit"),
    file("a trained model with an array missing", "failed",
         parts(lambda content: content.pop("000001.npy")), "do not fit"),
    file("a trained model whose weights are NaN", "failed",
         parts(weights(array(np.full((4, 4), np.nan, np.float32)))), "NaN or infinite"),
    file("a trained model that claims an array of 10^12 numbers", "failed",
         parts(weights(HUGE_CLAIM)), "no plain array of floats"),
    file("a trained model of five thousand million weights", "failed", parts(more_units), "is not run here"),
    file("a trained model with an array of objects that run code", "failed",
         parts(weights(array(np.array([Bomb()], object), allow_pickle=True))), "no plain array of floats"),
    file("a pickle in the place of a trained model", "failed", replaced(pickle.dumps(Bomb())), "cannot be read"),
    file("a zip bomb in the place of a trained model", "failed",
         parts(weights(bytes(2**26)), zipfile.ZIP_DEFLATED), "compressed"),
    file("a trained model whose config names a foreign class", "failed",
         parts(other_layer("system", "os")), "a system of its own"),
    file("a trained model with a Lambda layer in its config", "failed",
         parts(other_layer("Lambda", "keras.layers")), "Lambda"),
    file("no file of a trained model", "missing", lambda folder: (folder / FILE).unlink(), "there is no file"),
    file("a link to the file that another student handed in", "refused", linked, "is a link"),
    file("a pipe in the place of the file", "refused", piped, "is no regular file"),
)  # fmt: skip

ON_MODELS: tuple[HandIn, ...] = (*BUILDERS, *FORGED, *FILES)
