"""The layers of 06 are Keras' own: one by one with copied weights, and LeNet-5 as a whole."""

import numpy as np
import pytest
from twin import assert_close, configurations, odd_sizes


@pytest.fixture(scope="module")
def reference(layers):
    return layers("06_lenet")


def test_the_layer_is_conv2d_with_its_padding_and_activation(reference):
    from keras import layers, ops

    for number, rng in enumerate(configurations(600)):
        n, channels, filters, kh, kw = (int(each) for each in rng.integers(1, 6, 5))
        padding = ("valid", "same")[number % 2]
        activation = (None, "relu", "tanh")[number % 3]
        height, width = odd_sizes(rng, (kh, kw))
        x, w = rng.normal(size=(n, height, width, channels)), rng.normal(size=(kh, kw, channels, filters))
        theirs = layers.Conv2D(filters, (kh, kw), padding=padding, activation=activation, dtype="float64")
        theirs.build(x.shape)
        b = rng.normal(size=filters)
        theirs.set_weights([w, b])
        out = ops.convert_to_numpy(theirs(x))
        mine = reference["conv_layer"](x, w, b, padding, activation)
        assert_close(mine, out, w[..., 0].size, f"configuration {number}")


def test_the_kernel_that_averages_is_average_pooling(reference):
    from keras import layers, ops

    for number, rng in enumerate(configurations(601)):
        size, channels = tuple(int(each) for each in rng.integers(1, 5, 2)), int(rng.integers(1, 5))
        x = rng.normal(size=(2, 11, 9, channels))
        strided = layers.Conv2D(channels, size, strides=size, use_bias=False, dtype="float64")
        strided.build(x.shape)
        strided.set_weights([reference["average_kernel"](size, channels)])
        pooled = ops.convert_to_numpy(layers.AveragePooling2D(size, dtype="float64")(x))
        assert_close(ops.convert_to_numpy(strided(x)), pooled, size[0] * size[1], f"configuration {number}")


@pytest.mark.parametrize("shape", [(28, 28, 1), (40, 32, 1)])
def test_lenet_in_numpy_gives_keras_scores_at_every_stage(reference, shape):
    import keras

    keras.utils.set_random_seed(5)
    small = reference["lenet5"](7)
    model = keras.Sequential(
        [keras.Input(shape), *(type(each).from_config(each.get_config()) for each in small.layers)]
    )
    weights = [np.asarray(each) for each in model.get_weights()]
    x = np.random.default_rng(0).uniform(size=(3, *shape))
    outputs = keras.Model(model.inputs[0], [model.layers[place].output for place in (1, 3, 4, 7)])(x.astype("float32"))
    for stage, (mine, theirs) in enumerate(zip(reference["lenet_forward"](x, weights), outputs, strict=True)):
        assert_close(mine, keras.ops.convert_to_numpy(theirs), 4096, f"stage {stage}")


def test_lenet5_has_the_papers_counts(reference):
    model = reference["lenet5"](10)
    assert [each.count_params() for each in model.layers if each.count_params()] == [156, 2416, 48120, 10164, 850]
    assert model.count_params() == 61_706


def test_the_network_of_1998_has_60_000_parameters(reference):
    import keras
    from keras import layers

    table = [[(f + step) % 6 for step in range(3)] for f in range(6)]
    table += [[(f + step) % 6 for step in range(4)] for f in range(6)]
    table += [[f, f + 1, (f + 3) % 6, (f + 4) % 6] for f in range(3)] + [list(range(6))]
    assert sum(map(len, table)) == 60
    parts = [
        layers.Conv2D(6, 5, padding="same"),
        reference["Subsampling"](),
        reference["PartialConv2D"](table),
        reference["Subsampling"](),
        layers.Conv2D(120, 5),
        layers.Flatten(),
        layers.Dense(84),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1)), *parts])
    assert [each.count_params() for each in parts] == [156, 12, 1516, 32, 48120, 0, 10164]
    assert model.count_params() == 60_000
