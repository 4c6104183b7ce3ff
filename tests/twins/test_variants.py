"""The answers of 02_convolution_variants agree with Keras, with plain loops and with numerical gradients.

Each layer is tried on 200 odd configurations: sizes, kernels and channels drawn independently, never square on purpose.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from twin import CLOSE, CONFIGURATIONS, configurations

from autograder.course import find_course

REFERENCE = find_course().load("02_convolution_variants").reference


def between(dice: np.random.Generator, low: int, high: int) -> int:
    return int(dice.integers(low, high + 1))


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    return keras


def with_kernel(layer, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The output of a Keras layer without bias that got these weights."""
    layer.build(x.shape)
    layer.kernel.assign(w)
    return np.asarray(layer(x))


# --- dilated ----------------------------------------------------------------------------------------------------------


def dilated(dice: np.random.Generator, stride: int) -> tuple:
    (kh, kw, depth, filters), d, p = dice.integers(1, 4, 4), between(dice, 1, 3), between(dice, 0, 2)
    spare = dice.integers(0, 4, 2)
    size = [max(1, d * (k - 1) + 1 - 2 * p + more) for k, more in zip((kh, kw), spare, strict=True)]
    x = dice.normal(size=(between(dice, 1, 2), *size, depth))
    return x, dice.normal(size=(kh, kw, depth, filters)), d, stride, p


def dilated_by_loops(x, w, d, s, p):
    (n, height, width, depth), (kh, kw, _, filters) = x.shape, w.shape
    rows = [r for r in range(0, height + 2 * p, s) if r + d * (kh - 1) < height + 2 * p]
    columns = [c for c in range(0, width + 2 * p, s) if c + d * (kw - 1) < width + 2 * p]
    y = np.zeros((n, len(rows), len(columns), filters))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            for u in range(kh):
                for v in range(kw):
                    row, column = top + u * d - p, left + v * d - p
                    if 0 <= row < height and 0 <= column < width:
                        for c in range(depth):
                            y[:, i, j] += np.outer(x[:, row, column, c], w[u, v, c])
    return y


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_dilated_convolution_is_what_plain_loops_give(stride: int) -> None:
    for dice in configurations(stride)[:: 1 if stride == 1 else 2]:
        arguments = dilated(dice, stride)
        np.testing.assert_allclose(REFERENCE["dilated_conv2d"](*arguments), dilated_by_loops(*arguments), **CLOSE)


def test_dilated_convolution_is_keras_conv2d_with_a_dilation_rate(keras) -> None:
    for dice in configurations(4):
        x, w, d, s, p = dilated(dice, 1)
        layer = keras.layers.Conv2D(w.shape[3], w.shape[:2], dilation_rate=d, use_bias=False, dtype="float64")
        padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        np.testing.assert_allclose(REFERENCE["dilated_conv2d"](x, w, d, s, p), with_kernel(layer, padded, w), **CLOSE)


def test_half_of_what_a_dilated_kernel_covers_is_keras_same_padding(keras) -> None:
    right = REFERENCE["dilated_slide"]
    layer = keras.layers.Conv2D(1, 5, dilation_rate=3, padding="same", use_bias=False, dtype="float64")
    dice = np.random.default_rng(0)
    x, w = dice.normal(size=(1, 17, 14, 1)), dice.normal(size=(5, 5, 1, 1))
    mine = REFERENCE["dilated_conv2d"](x, w, 3, 1, right["same"])
    np.testing.assert_allclose(mine, with_kernel(layer, x, w), **CLOSE)


def test_keras_refuses_stride_and_dilation_together_as_the_notebook_says(keras) -> None:
    with pytest.raises(ValueError, match="strides"):
        keras.layers.Conv2D(1, 3, strides=2, dilation_rate=2)


# --- grouped and locally connected ------------------------------------------------------------------------------------


def grouped(dice: np.random.Generator) -> tuple:
    groups, depth, share = dice.integers(1, 4, 3)
    (kh, kw), spare = dice.integers(1, 4, 2), dice.integers(0, 4, 2)
    x = dice.normal(size=(between(dice, 1, 2), kh + spare[0], kw + spare[1], groups * depth))
    return x, dice.normal(size=(kh, kw, depth, groups * share)), int(groups)


def test_grouped_convolution_is_what_plain_loops_give() -> None:
    for dice in configurations(5):
        x, w, groups = grouped(dice)
        kh, kw, depth, filters = w.shape
        y = np.zeros((len(x), x.shape[1] - kh + 1, x.shape[2] - kw + 1, filters))
        for n, i, j, f in np.ndindex(*y.shape):
            first = f // (filters // groups) * depth
            y[n, i, j, f] = sum(x[n, i + u, j + v, first + c] * w[u, v, c, f] for u, v, c in np.ndindex(kh, kw, depth))
        np.testing.assert_allclose(REFERENCE["grouped_conv2d"](x, w, groups), y, **CLOSE)


@pytest.mark.parametrize("count", [30, pytest.param(CONFIGURATIONS, marks=pytest.mark.slow)])
def test_grouped_convolution_is_keras_conv2d_with_groups(keras, count: int) -> None:
    """TensorFlow compiles a grouped convolution anew for every shape on a CPU, a tenth of a second each."""
    for dice in configurations(6)[:count]:
        x, w, groups = grouped(dice)
        layer = keras.layers.Conv2D(w.shape[3], w.shape[:2], groups=groups, use_bias=False, dtype="float64")
        np.testing.assert_allclose(REFERENCE["grouped_conv2d"](x, w, groups), with_kernel(layer, x, w), **CLOSE)


def test_as_many_groups_as_channels_are_keras_depthwise_convolution(keras) -> None:
    for dice in configurations(16):
        x, w, _ = grouped(dice)
        (kh, kw, _, filters), channels = w.shape, x.shape[3]
        w = dice.normal(size=(kh, kw, 1, channels * filters))
        layer = keras.layers.DepthwiseConv2D((kh, kw), depth_multiplier=filters, use_bias=False, dtype="float64")
        theirs = with_kernel(layer, x, w.reshape(kh, kw, channels, filters))
        np.testing.assert_allclose(REFERENCE["grouped_conv2d"](x, w, channels), theirs, **CLOSE)


def test_locally_connected_is_what_plain_loops_give() -> None:
    for dice in configurations(7):
        rows, columns, kh, kw, depth, filters = dice.integers(1, 4, 6)
        x = dice.normal(size=(between(dice, 1, 3), rows + kh - 1, columns + kw - 1, depth))
        w = dice.normal(size=(rows, columns, kh, kw, depth, filters))
        y = np.zeros((len(x), rows, columns, filters))
        for n, i, j, f in np.ndindex(*y.shape):
            y[n, i, j, f] = sum(x[n, i + u, j + v, c] * w[i, j, u, v, c, f] for u, v, c in np.ndindex(kh, kw, depth))
        np.testing.assert_allclose(REFERENCE["locally_connected2d"](x, w), y, **CLOSE)


def test_locally_connected_with_equal_weights_is_keras_conv2d(keras) -> None:
    for dice in configurations(8):
        x, w, _ = grouped(dice)
        x = x[..., : w.shape[2]]
        everywhere = np.broadcast_to(w, (x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1, *w.shape))
        layer = keras.layers.Conv2D(w.shape[3], w.shape[:2], use_bias=False, dtype="float64")
        np.testing.assert_allclose(REFERENCE["locally_connected2d"](x, everywhere), with_kernel(layer, x, w), **CLOSE)


def test_weights_are_as_many_as_keras_counts(keras) -> None:
    right, conv = REFERENCE["weight_counts"], keras.layers.Conv2D
    plain = {"padding": "same", "use_bias": False}
    layers = {
        "one filter": (conv(1, 10, **plain), 1),
        "hundred filters": (conv(100, 10, **plain), 1),
        "conv2": (conv(256, 5, **plain), 96),
        "conv2, 2 groups": (conv(256, 5, groups=2, **plain), 96),
        "conv2, dilated": (conv(256, 5, dilation_rate=2, **plain), 96),
        "conv2, transposed": (keras.layers.Conv2DTranspose(96, 5, **plain), 256),
    }
    for entry, (layer, channels) in layers.items():
        layer.build((None, 27, 27, channels))
        assert layer.count_params() == right[entry], entry


# --- transposed -------------------------------------------------------------------------------------------------------


def transposed(dice: np.random.Generator) -> tuple:
    high, wide, kh, kw, filters, depth = dice.integers(1, 5, 6)
    x = dice.normal(size=(between(dice, 1, 2), high, wide, depth))
    return x, dice.normal(size=(kh, kw, filters, depth)), between(dice, 1, 4)


def transposed_by_loops(x, w, s):
    """Read from the large side: which small values reach this pixel, and with which weight?"""
    (n, high, wide, _), (kh, kw, filters, _) = x.shape, w.shape
    y = np.zeros((n, (high - 1) * s + kh, (wide - 1) * s + kw, filters))
    for r, c in np.ndindex(*y.shape[1:3]):
        for i, j in np.ndindex(high, wide):
            if 0 <= r - i * s < kh and 0 <= c - j * s < kw:
                y[:, r, c] += x[:, i, j] @ w[r - i * s, c - j * s].T
    return y


@pytest.mark.parametrize("name", ["conv2d_transpose", "fractional_conv2d"])
def test_transposed_convolution_is_what_plain_loops_give(name: str) -> None:
    for dice in configurations(9):
        arguments = transposed(dice)
        np.testing.assert_allclose(REFERENCE[name](*arguments), transposed_by_loops(*arguments), **CLOSE)


def test_transposed_convolution_is_keras_conv2dtranspose(keras) -> None:
    """Keras rounds up to whole strides where the kernel is smaller than the stride: what it adds there is 0."""
    for dice in configurations(10):
        x, w, s = transposed(dice)
        layer = keras.layers.Conv2DTranspose(w.shape[2], w.shape[:2], strides=s, use_bias=False, dtype="float64")
        mine, theirs = REFERENCE["conv2d_transpose"](x, w, s), with_kernel(layer, x, w)
        more = [(0, big - small) for big, small in zip(theirs.shape, mine.shape, strict=True)]
        np.testing.assert_allclose(np.pad(mine, more), theirs, **CLOSE)
        assert all(added == max(0, s - k) for (_, added), k in zip(more[1:3], w.shape[:2], strict=True))


def test_the_slides_numbers_are_keras_own(keras) -> None:
    right, ones = REFERENCE["transposed_slide"], np.ones((3, 3, 1, 1))
    results = {}
    for padding in ("valid", "same"):
        layer = keras.layers.Conv2DTranspose(1, 3, strides=2, padding=padding, use_bias=False, dtype="float64")
        results[padding] = with_kernel(layer, np.ones((1, 2, 2, 1)), ones)[0, :, :, 0]
        assert results[padding].shape == (right[padding],) * 2
    assert tuple(results["valid"][0]) == right["first row"] and results["valid"].max() == right["most"]
    layer = keras.layers.Conv2DTranspose(1, 3, use_bias=False, dtype="float64")
    slide = with_kernel(layer, np.arange(1.0, 5).reshape(1, 2, 2, 1), ones)
    assert slide.ravel().tolist() == [1, 3, 3, 2, 4, 10, 10, 6, 4, 10, 10, 6, 3, 7, 7, 4]
    back = with_kernel(keras.layers.Conv2D(1, 3, use_bias=False, dtype="float64"), slide, ones)
    assert back[0, 0, 0, 0] == right["there and back"]


def test_the_transposed_matrix_does_what_the_layer_does_and_transposes_the_convolution() -> None:
    for dice in configurations(11):
        x, w, s = transposed(dice)
        image, kernel = x[0, :, :, 0], w[:, :, 0, 0]
        matrix = REFERENCE["transposed_matrix"](kernel, image.shape, s)
        large = transposed_by_loops(image[None, :, :, None], kernel[:, :, None, None], s)
        np.testing.assert_allclose(matrix @ image.ravel(), large.ravel(), **CLOSE)
        back = dilated_by_loops(large, kernel[:, :, None, None], 1, s, 0)
        np.testing.assert_allclose(matrix.T @ large.ravel(), back.ravel(), **CLOSE)


def test_the_input_gradient_is_the_numerical_gradient() -> None:
    """All pixels are moved at once: a batch with one image per pixel. The layer is linear, so the step may be 1."""
    for dice in configurations(12):
        x, w, _, s, p = dilated(dice, between(dice, 1, 3))
        size = x.shape[1:3]
        image = x[:1]
        moves = np.eye(image.size).reshape(-1, *image.shape[1:])
        slope = (dilated_by_loops(image + moves, w, 1, s, p) - dilated_by_loops(image - moves, w, 1, s, p)) / 2
        dout = dice.normal(size=(1, *slope.shape[1:]))
        wanted = (slope * dout).sum((1, 2, 3)).reshape(image.shape)
        np.testing.assert_allclose(REFERENCE["conv2d_input_gradient"](dout, w, size, s, p), wanted, **CLOSE)


# --- bilinear ---------------------------------------------------------------------------------------------------------


def enlarged(dice: np.random.Generator) -> tuple:
    n, high, wide, channels = dice.integers(1, 6, 4)
    return dice.normal(size=(min(n, 2), high, wide, channels)), between(dice, 1, 5)


def test_bilinear_upsampling_is_keras_resize(keras) -> None:
    for dice in configurations(13):
        x, factor = enlarged(dice)
        size = (x.shape[1] * factor, x.shape[2] * factor)
        theirs = keras.ops.image.resize(
            x.astype("float32"), size, interpolation="bilinear", data_format="channels_last"
        )
        np.testing.assert_allclose(REFERENCE["bilinear_upsample"](x, factor), np.asarray(theirs), atol=1e-5)


def test_bilinear_upsampling_is_what_plain_loops_give() -> None:
    for dice in configurations(14):
        x, factor = enlarged(dice)
        n, high, wide, channels = x.shape
        y = np.zeros((n, high * factor, wide * factor, channels))
        for i, j in np.ndindex(*y.shape[1:3]):
            down, across = (i + 0.5) / factor - 0.5, (j + 0.5) / factor - 0.5
            for r, c in np.ndindex(high + 2, wide + 2):  # the image with its border repeated, from -1 on
                if share := max(0, 1 - abs(down - (r - 1))) * max(0, 1 - abs(across - (c - 1))):
                    y[:, i, j] += share * x[:, min(max(r - 1, 0), high - 1), min(max(c - 1, 0), wide - 1)]
        np.testing.assert_allclose(REFERENCE["bilinear_upsample"](x, factor), y, **CLOSE)


def test_a_conv2dtranspose_that_starts_with_tents_is_bilinear_upsampling_inside(keras) -> None:
    for dice in configurations(15):
        x, factor = enlarged(dice)
        channels, taps = x.shape[3], 2 * factor - factor % 2
        layer = keras.layers.Conv2DTranspose(
            channels, taps, strides=factor, padding="same", use_bias=False, dtype="float64"
        )
        w = REFERENCE["tent"](factor, taps)[:, :, None, None] * np.eye(channels)
        inside = np.s_[:, factor:-factor, factor:-factor]
        mine, theirs = REFERENCE["bilinear_upsample"](x, factor), with_kernel(layer, x, w)
        np.testing.assert_allclose(theirs[inside], mine[inside], **CLOSE)


def test_the_slides_tent_is_half_one_half_down_and_across() -> None:
    assert REFERENCE["tent"](2, 3).tolist() == np.outer([0.5, 1, 0.5], [0.5, 1, 0.5]).tolist()
    assert REFERENCE["tent"](2, 4).tolist() == np.outer([0.25, 0.75, 0.75, 0.25], [0.25, 0.75, 0.75, 0.25]).tolist()
