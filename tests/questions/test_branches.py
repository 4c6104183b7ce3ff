"""Networks with shortcuts: sums are told apart from the many ways of filling up channels, and mismatches explained."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from common.models.allow_list import Unfit, read_architecture
from common.models.mismatch import explain_mismatch
from common.models.words import explain

NAME = "05_model"


def shortcut_by_slices(x, filters):
    import keras

    return keras.ops.pad(x[:, ::2, ::2], ((0, 0), (0, 0), (0, 0), (0, filters - x.shape[-1])))


def shortcut_by_zeros(x, filters):
    import keras

    thinned = keras.layers.MaxPooling2D(1, strides=2)(x)
    return keras.ops.concatenate([thinned, keras.ops.zeros_like(thinned[..., : filters - x.shape[-1]])], -1)


def shortcut_by_layers(x, filters):
    from keras import layers

    turned = layers.Permute((1, 3, 2))(layers.AveragePooling2D(1, strides=2)(x))
    return layers.Permute((1, 3, 2))(layers.ZeroPadding2D(((0, 0), (0, filters - x.shape[-1])))(turned))


def unit(shortcut):
    import keras
    from keras import layers

    x = keras.Input((8, 6, 4))
    y = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    return keras.Model(x, layers.ReLU()(layers.Add()([shortcut(x, 8), y])))


@pytest.fixture(scope="module")
def contents():
    from common.models.architecture import build

    ways = (shortcut_by_slices, shortcut_by_zeros, shortcut_by_layers)
    return [np.frombuffer(build(lambda way=way: unit(way), {}), np.uint8) for way in ways]


def test_however_channels_are_filled_up_the_sums_and_the_numbers_are_the_same(contents):
    from common.models.measure import measure

    sums = [measure(each, "sums") for each in contents]
    assert sums[0] == sums[1] == sums[2]
    (found,) = sums[0]["sums"]
    assert found["branches"] == ["Conv2D → BatchNormalization", "straight through"] and found["then"] == "relu"
    x = np.random.default_rng(0).normal(size=(2, 8, 6, 4))
    first, *others = (measure(each, "function", x, 5, 10**6) for each in contents)
    assert all(np.allclose(first, each) for each in others) and np.abs(first).max() > 0.1


def test_a_slice_may_hold_whole_numbers_and_nothing_else(contents):
    config = json.loads(bytes(contents[0]))
    assert read_architecture(json.dumps(config).encode())
    for strange in ("os.system", 1.5, True, [1], {"class_name": "function"}):
        text = json.dumps(config)
        spoilt = copy.deepcopy(json.loads(text.replace('"step": 2', f'"step": {json.dumps(strange)}')))
        assert spoilt != config
        with pytest.raises(Unfit):
            read_architecture(json.dumps(spoilt).encode())


def test_parameters_are_counted_by_the_size_of_the_maps(contents):
    from common.models.measure import measure

    assert measure(contents[0], "stages")["stages"] == [("4x3", 4 * 8 * 9 + 4 * 8)]


def test_a_stage_that_weighs_the_wrong_thing_is_named():
    right = {"stages": [("16x16", 10), ("8x8", 2000), ("flat", 30)]}
    assert explain(right, {"stages": [("16x16", 10), ("8x8", 1999), ("flat", 30)]}) == (
        "stage 2 of 3, with maps of 8x8: 1,999 parameters, expected 2,000."
    )
    assert explain(right, {"stages": [("16x16", 10), ("4x4", 2000)]}) == "stage 2 of 3: its maps are 4x4, expected 8x8."
    assert "behind the maps: 31 parameters" in explain(right, {"stages": [*right["stages"][:2], ("flat", 31)]})
    assert explain(right, {"stages": right["stages"][:2]}) == "your model has weights at 2 sizes of maps, expected 3."


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ((8, 8, 4), (4, 4, 4), "one branch has stride 2, the other stride 1, so the sum cannot match"),
        ((5, 4, 6), (9, 7, 6), "one branch has stride 2, the other stride 1, so the sum cannot match"),
        ((8, 8, 4), (6, 6, 4), "the two branches need the same stride and the same padding"),
        ((8, 8, 4), (8, 8, 6), "the two branches need as many channels"),
    ],
)
def test_both_ways_in_which_keras_refuses_a_sum_are_put_in_words(first, second, words):
    import keras

    for add in (lambda a, b: keras.layers.Add()([a, b]), lambda a, b: a + b):
        with pytest.raises(ValueError) as refused:
            add(keras.Input(first), keras.Input(second))
        assert words in explain_mismatch(str(refused.value)), refused.value


def test_other_complaints_are_left_as_they_are():
    assert explain_mismatch("The value of `strides` is odd") == ""
    assert explain_mismatch("Inputs have incompatible shapes. Received shapes (3,) and (4,)") == ""


@pytest.mark.jail
def test_a_projection_without_the_stride_is_explained_beside_the_students_own_line(grade, planned):
    source = planned(NAME).assignment.reference.source("residual")
    cell = source.replace("layers.Conv2D(filters, 1, strides=stride)", "layers.Conv2D(filters, 1)")
    result = grade(NAME, {"residual": cell}).questions[1]
    assert "your code adds maps of 4x4x6 and 8x8x6: one branch has stride 2, the other stride 1" in result.message
    assert "so the sum cannot match (line 11: `y = layers.ReLU()(layers.Add()([y, short]))`)." in result.message


def test_padding_around_a_window_of_one_pixel_makes_no_difference():
    import keras

    from common.models.architecture import build
    from common.models.measure import measure

    def projection(padding):
        return keras.Sequential([keras.Input((8, 6, 4)), keras.layers.Conv2D(8, 1, strides=2, padding=padding)])

    same, valid = (np.frombuffer(build(projection, {"padding": each}), np.uint8) for each in ("same", "valid"))
    assert measure(same, "settings")["settings"] == measure(valid, "settings")["settings"]


def test_a_layer_has_the_same_name_however_often_the_cell_was_run():
    from common.models.architecture import build

    assert build(lambda: unit(shortcut_by_slices), {}) == build(lambda: unit(shortcut_by_slices), {})


def test_a_layer_of_another_kind_is_told_from_one_of_another_size():
    right = {"parameters": [("Conv2D", 432), ("BatchNormalization", 64)]}
    names = {"names": ["conv2d", "conv2d_1"]}
    assert explain(right, {"parameters": [("Conv2D", 432), ("Conv2D", 2304)], **names}) == (
        "layer 2 of 2 with weights: got `conv2d_1` (Conv2D), expected a BatchNormalization with 64 parameters."
    )
    assert explain(right, {"parameters": [("Conv2D", 448), ("BatchNormalization", 64)], **names}) == (
        "`conv2d` (Conv2D) has 448 parameters, expected 432."
    )
