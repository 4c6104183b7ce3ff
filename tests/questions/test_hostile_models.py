"""Hostile models and builders: refused in a sentence, before memory is taken; each costs its own question alone."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from common.cases import Status
from common.models.allow_list import Unfit, read_architecture

pytestmark = pytest.mark.jail
NAME = "05_model"


@pytest.fixture(scope="module")
def config(built):
    """The architecture of the reference, to be spoilt."""
    from common.models.architecture import build

    return json.loads(build(built(NAME).reference["lenet5"], {}))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def spoil(original, layer, **changes):
    config = copy.deepcopy(original)
    config["layers"][layer] |= changes
    return config


def with_setting(config, layer, **settings):
    config = copy.deepcopy(config)
    config["layers"][layer]["config"] |= settings
    return config


SYSTEM = {"module": "os", "class_name": "system", "config": "true", "registered_name": None}
FUNCTION = {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"}
SPOILT = {
    "Lambda": lambda c: spoil(c, 2, class_name="Lambda"),
    "os.system as a layer": lambda c: spoil(c, 2, **SYSTEM),
    "os.system as an activation": lambda c: with_setting(c, 2, activation=SYSTEM),
    "a function as an activation": lambda c: with_setting(c, 2, activation=FUNCTION),
    "an activation by a foreign name": lambda c: with_setting(c, 2, activation="os.system"),
    "a saved lambda": lambda c: with_setting(c, 2, x={"class_name": "__lambda__", "config": {"value": "4wEA"}}),
    "a type by name": lambda c: with_setting(c, 2, x={"class_name": "__typespec__", "spec_name": "eval"}),
    "bytes": lambda c: with_setting(c, 2, x={"class_name": "__bytes__", "config": {"value": "x"}}),
    "a module without a class": lambda c: with_setting(c, 2, x={"module": "subprocess", "config": {}}),
    "a registered name": lambda c: spoil(c, 2, registered_name="mine>Conv2D"),
    "a TFSMLayer": lambda c: spoil(c, 2, class_name="TFSMLayer"),
    "a model inside": lambda c: spoil(c, 2, module="keras", class_name="Sequential"),
    "a wrapper": lambda c: spoil(c, 2, class_name="TimeDistributed"),
    "deep nesting": lambda c: with_setting(c, 2, x=nested(200)),
    "a million values": lambda c: with_setting(c, 2, x=[0] * 10**6),
    "ten thousand layers": lambda c: c | {"layers": c["layers"] * 1000},
    "an overlong name": lambda c: spoil(c, 2, name="x" * 10_000),
    "no layers": lambda c: {"layers": 3},
    "a list": lambda c: [c],
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_architecture_is_refused_before_keras_sees_it(what, config):
    with pytest.raises(Unfit):
        read_architecture(json.dumps(SPOILT[what](config)).encode())


@pytest.mark.parametrize("content", [b"", b"null", b"{", b"[" * 100_000, b"\xff\xfe", b"1" * 5_000_000])
def test_bytes_that_are_no_architecture_are_refused(content):
    with pytest.raises(Unfit):
        read_architecture(content)


def test_what_keras_sees_holds_only_what_was_looked_at(config):
    spoilt = spoil(config, 2, build_config={"input_shape": [None, 10**9]}, compile_config={"x": 1})
    seen = read_architecture(json.dumps(spoilt).encode())["layers"][2]
    assert set(seen) == {"module", "class_name", "config", "registered_name", "name", "inbound_nodes"}
    assert seen["config"]["kernel_initializer"]["class_name"] == "Zeros"


BUILDERS = {
    "gives a list": ("return [1, 2]", "returned a list, where a Keras model is asked for"),
    "gives nothing": ("keras.Input((3,))", "returned nothing: is there a `return`"),
    "has no input shape": ("return keras.Sequential([layers.Dense(3)])", "does not know its input shape"),
    "has a Lambda": (
        "return keras.Sequential([keras.Input((32, 32, 1)), layers.Lambda(lambda x: x)])",
        "a Lambda layer, which holds code of its own",
    ),
    "an activation of its own": (
        "return keras.Sequential([keras.Input((32, 32, 1)), layers.Dense(3, activation=lambda x: 2 * x)])",
        "a function of its own as an activation",
    ),
    "raises": ("return 1 / 0", "ZeroDivisionError: division by zero"),
    "leaves": ("import os; os._exit(0)", "left the program"),
    "takes memory": ("return [bytearray(2**30) for _ in range(8)]", "needed more than 2048 MiB"),
}


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=pytest.mark.slow) if what == "takes memory" else what for what in BUILDERS]
)
def test_a_strange_builder_gets_a_sentence_and_the_other_question_its_points(what, grade):
    body, sentence = BUILDERS[what]
    strange, other = grade(NAME, {"lenet5": f"def lenet5():\n    {body}"}).questions
    assert sentence in strange.message
    assert strange.score == 0
    assert other.status is Status.PASSED, other.message


def test_an_endless_builder_is_stopped(grade):
    cell = "def lenet5():\n    while True:\n        pass"
    (result,) = grade(NAME, {"lenet5": cell}, only="lenet5", seconds=2.0).questions
    assert result.status is Status.TIMEOUT


def test_an_enormous_model_is_described_but_never_made(grade, planned):
    """A hundred thousand million weights: shapes and counts are judged, and running it is refused in a sentence."""
    source = planned(NAME).assignment.reference.source("lenet5").replace("layers.Dense(84", "layers.Dense(10**9")
    result = grade(NAME, {"lenet5": source}).questions[0]
    said = {verdict.probes: verdict.why for verdict in result.verdicts}
    assert said["the layers in their order"] == ""
    assert "expected (84,)" in said["the shape that each layer gives"]
    assert "weights; one of more than 346,824 is not run here" in said["the same numbers come out"]


LIAR = """
class Liar(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(10)
        self.flat = layers.Flatten()

    def call(self, x):
        return self.inner(self.flat(x))

    def get_config(self):
        return {"layers": "LeNet-5, on my word"}

    def count_params(self):
        return 61706


def lenet5():
    model = Liar()
    model(keras.ops.zeros((1, 32, 32, 1)))
    return model
"""


def test_a_model_that_lies_about_itself_is_measured_all_the_same(grade):
    result = grade(NAME, {"lenet5": LIAR}).questions[0]
    said = {verdict.probes: verdict.why for verdict in result.verdicts}
    assert result.score == 0
    assert said["61,706 in all"] == "your model has 10,250 parameters, expected 61,706."


def test_bytes_that_a_process_passes_off_as_an_architecture_are_refused(grade):
    """The student's process belongs to the student: it may answer with anything."""
    forged = "import autograder.jail.keras_room as room\nimport numpy as np\n\ndef lenet5():\n    pass\n\n"
    for answer in ("np.zeros((2, 2))", "'text'", "np.frombuffer(b'{\"layers\": []}', np.uint8)", "None"):
        cell = f"{forged}room.hand_over = lambda name, arguments: {answer}"
        result = grade(NAME, {"lenet5": cell}).questions[0]
        assert result.score == 0
        assert result.status in (Status.REFUSED, Status.FAILED), (answer, result.message)


def test_huge_maps_are_refused_before_they_are_made():
    import keras

    from common.models.architecture import hand_over
    from common.models.measure import measure
    from common.models.symbolic import without_numbers

    with without_numbers():
        model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.UpSampling2D(10**5)])
        content = np.frombuffer(hand_over(model), np.uint8)
    with pytest.raises(Unfit, match="whose maps hold 640,000,000,064 numbers"):
        measure(content, "function", np.zeros((1, 8, 8, 1)), 1, 10**6)
