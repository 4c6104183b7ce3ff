"""The convolution of 01 is Keras' own, a loop's and, backward, what differences measure."""

import naive
import numpy as np
import pytest
from twin import (
    BY_DIFFERENCES,
    CONFIGURATIONS,
    assert_close,
    assert_same,
    configurations,
    keras_gradients,
    measured_gradients,
    odd_sizes,
)


@pytest.fixture(scope="module")
def reference(layers):
    return layers("01_convolution")


def drawn(dice):
    """Images, filters, bias, stride, padding and a gradient from above: rectangular all, never twice the same."""
    n, channels, filters, kh, kw, stride = (int(each) for each in dice.integers(1, 5, 6))
    padding = int(dice.integers(0, 4))
    height, width = odd_sizes(dice, (kh, kw))
    x, w = dice.normal(size=(n, height, width, channels)), dice.normal(size=(kh, kw, channels, filters))
    b = dice.normal(size=filters)
    high, wide = ((size - window + 2 * padding) // stride + 1 for size, window in ((height, kh), (width, kw)))
    return x, w, b, stride, padding, dice.normal(size=(n, high, wide, filters))


def by_keras(x, w, b, stride, padding, dout):
    from keras import ops

    def layer(x, w, b):
        padded = ops.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
        return ops.conv(padded, w, stride, "valid", data_format="channels_last") + b

    return keras_gradients(layer, dout, x, w, b)


def test_forward_and_backward_agree_with_keras(reference):
    for number, dice in enumerate(configurations(1)):
        x, w, b, stride, padding, dout = drawn(dice)
        out, gradients = by_keras(x, w, b, stride, padding, dout)
        terms = w[..., 0].size
        assert_close(reference["conv2d"](x, w, b, stride, padding), out, terms, f"configuration {number}, out")
        mine = reference["conv2d_backward"](dout, x, w, stride, padding)
        for name, got, expected in zip(("dx", "dw", "db"), mine, gradients, strict=True):
            assert_close(got, expected, dout.size, f"configuration {number}, {name}")


def test_forward_and_backward_agree_with_a_loop_for_every_index(reference):
    for number, dice in enumerate(configurations(2)):
        x, w, b, stride, padding, dout = drawn(dice)
        given = (x, w, b, stride, padding)
        assert_same(reference["conv2d"](*given), naive.conv2d(*given), f"configuration {number}, out")
        mine = reference["conv2d_backward"](dout, x, w, stride, padding)
        theirs = naive.conv2d_backward(dout, x, w, stride, padding)
        for name, got, expected in zip(("dx", "dw", "db"), mine, theirs, strict=True):
            assert_same(got, expected, f"configuration {number}, {name}")


@pytest.mark.parametrize("count", [10, pytest.param(CONFIGURATIONS, marks=pytest.mark.slow)])
def test_backward_is_the_gradient_that_differences_measure(reference, count):
    """Two runs of the layer for every number of every array."""
    for number, dice in list(enumerate(configurations(3)))[:: CONFIGURATIONS // count]:
        x, w, b, stride, padding, dout = drawn(dice)

        def forward(x, w, b, stride=stride, padding=padding):
            return reference["conv2d"](x, w, b, stride, padding)

        measured = measured_gradients(forward, dout, x, w, b)
        mine = reference["conv2d_backward"](dout, x, w, stride, padding)
        for name, got, expected in zip(("dx", "dw", "db"), mine, measured, strict=True):
            assert_same(got, expected, f"configuration {number}, {name}", BY_DIFFERENCES)


def test_same_padding_is_keras_own_where_it_is_uneven_too(reference):
    from keras import ops

    uneven = 0
    for number, dice in enumerate(configurations(4)):
        kh, kw, stride = (int(each) for each in dice.integers(1, 6, 3))
        height, width = odd_sizes(dice, (kh, kw))
        x, w = dice.normal(size=(2, height, width, 2)), dice.normal(size=(kh, kw, 2, 3))
        pads = [reference["same_padding"](size, window, stride) for size, window in ((height, kh), (width, kw))]
        mine = reference["conv2d"](np.pad(x, ((0, 0), *pads, (0, 0))), w, np.zeros(3), stride)
        theirs = ops.conv(x.astype("float32"), w.astype("float32"), stride, "same", data_format="channels_last")
        assert_close(mine, theirs, w[..., 0].size, f"configuration {number}")
        uneven += any(before != after for before, after in pads)
    assert uneven > CONFIGURATIONS / 4


def test_im2col_times_the_filters_is_the_layer_and_col2im_its_adjoint(reference):
    for number, dice in enumerate(configurations(5)):
        x, w, b, stride, padding, _ = drawn(dice)
        padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
        matrix = reference["im2col"](padded, w.shape[:2], stride)
        out = reference["conv2d"](x, w, b, stride, padding)
        assert_same((matrix @ w.reshape(-1, len(b)) + b).reshape(out.shape), out, f"configuration {number}, out")
        other = dice.normal(size=matrix.shape)
        back = reference["col2im"](other, padded.shape, w.shape[:2], stride)
        assert_same((matrix * other).sum(), (padded * back).sum(), f"configuration {number}, adjoint")


def test_one_dimension_is_numpys_and_the_formulas(reference):
    for number, dice in enumerate(configurations(6)):
        length = int(dice.integers(1, 12))
        x, h = dice.normal(size=length), dice.normal(size=dice.integers(1, length + 1))
        for mode in ("full", "valid", "same"):
            mine = reference["conv1d"](x, h, mode)
            assert_same(mine, np.convolve(x, h, mode), f"configuration {number}, {mode}")
        assert_same(reference["conv1d"](x, h, "full"), naive.conv1d(x, h), f"configuration {number}")
