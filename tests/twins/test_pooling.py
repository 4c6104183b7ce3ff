"""The solutions of 03_pooling_normalization compute what Keras, plain loops and differences say, on odd shapes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from twin import CLOSE, configurations

from autograder.course import find_course
from common.given import library

REFERENCE = find_course().load("03_pooling_normalization").reference


@dataclass(frozen=True)
class Config:
    """One drawn case: images, a window, a step, and dice for whatever else is needed."""

    x: np.ndarray
    size: tuple[int, int]
    stride: int
    dice: np.random.Generator

    def above(self, out: np.ndarray) -> np.ndarray:
        """A gradient from above for an output."""
        return self.dice.normal(size=out.shape)


def drawn(dice: np.random.Generator) -> Config:
    """Odd ones: nothing square, windows as large as the image, strides beyond the window, sizes left over."""
    kh, kw, stride = (int(each) for each in dice.integers(1, 5, 3))
    n, c = (int(each) for each in dice.integers(1, 4, 2))
    h, w = kh + int(dice.integers(0, 7)), kw + int(dice.integers(0, 7))
    return Config(dice.normal(size=(n, h, w, c)), (kh, kw), stride, dice)


# --- plain loops, written without a look at the solutions -------------------------------------------------------------


def naive_pool(x: np.ndarray, size: tuple[int, int], stride: int, of: Callable[[list[float]], float]) -> np.ndarray:
    """One number at a time, from a list of the values in its window."""
    tops = [top for top in range(0, x.shape[1], stride) if top + size[0] <= x.shape[1]]
    lefts = [left for left in range(0, x.shape[2], stride) if left + size[1] <= x.shape[2]]
    out = np.empty((x.shape[0], len(tops), len(lefts), x.shape[3]))
    for n, i, j, c in np.ndindex(out.shape):
        rows, columns = range(tops[i], tops[i] + size[0]), range(lefts[j], lefts[j] + size[1])
        out[n, i, j, c] = of([x[n, row, column, c] for row in rows for column in columns])
    return out


def naive_neighbours(x: np.ndarray, at: tuple[int, ...], size: int) -> np.ndarray:
    """All values of one image no further than size // 2 rows and columns away, (…, C)."""
    n, i, j, _ = at
    rows = [row for row in range(x.shape[1]) if abs(row - i) <= size // 2]
    columns = [column for column in range(x.shape[2]) if abs(column - j) <= size // 2]
    return np.array([x[n, row, column] for row in rows for column in columns])


NAIVE = {
    "largest": max,
    "average": lambda values: sum(values) / len(values),
    "l2": lambda values: sum(value * value for value in values) ** 0.5,
}


def forward(kind: str) -> Callable[..., np.ndarray]:
    """A pooling of the solution as f(x, size, stride)."""
    if kind == "largest":
        return REFERENCE["max_pool"]
    return lambda x, size, stride: REFERENCE["pool"](x, size, stride, kind)


def backward(kind: str) -> Callable[..., np.ndarray]:
    """Its gradient as f(dout, x, size, stride)."""
    if kind == "largest":
        return REFERENCE["max_pool_backward"]
    return lambda dout, x, size, stride: REFERENCE["pool_backward"](dout, x, size, stride, kind)


def slope(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, along: np.ndarray, above: np.ndarray) -> float:
    """d sum(above * f(x + t along)) / dt at 0, by central differences in float64."""
    step = 1e-6
    return float((above * (f(x + step * along) - f(x - step * along))).sum() / (2 * step))


# --- pooling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NAIVE)
def test_pooling_equals_plain_loops(kind: str) -> None:
    for each in map(drawn, configurations(1)):
        expected = naive_pool(each.x, each.size, each.stride, NAIVE[kind])
        np.testing.assert_allclose(forward(kind)(each.x, each.size, each.stride), expected, **CLOSE)


@pytest.mark.parametrize("kind", NAIVE)
def test_the_gradient_of_pooling_is_what_differences_say(kind: str) -> None:
    for each in map(drawn, configurations(2)):
        f = lambda x, each=each: forward(kind)(x, each.size, each.stride)  # noqa: E731
        above, along = each.above(f(each.x)), each.dice.normal(size=each.x.shape)
        dx = backward(kind)(above, each.x, each.size, each.stride)
        assert (dx * along).sum() == pytest.approx(slope(f, each.x, along, above), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("kind", "layer"), [("largest", "MaxPooling2D"), ("average", "AveragePooling2D")])
def test_pooling_and_its_gradient_equal_those_of_keras(kind: str, layer: str) -> None:
    import keras
    import tensorflow as tf

    for each in map(drawn, configurations(3)):
        pooling = getattr(keras.layers, layer)(each.size, each.stride, dtype="float64")
        x = tf.constant(each.x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            out = pooling(x)
        above = each.above(out)
        dx = tape.gradient(out, x, output_gradients=tf.constant(above))
        np.testing.assert_allclose(forward(kind)(each.x, each.size, each.stride), out, **CLOSE)
        np.testing.assert_allclose(backward(kind)(above, each.x, each.size, each.stride), dx, **CLOSE)


def test_of_equal_pixels_the_first_gets_the_gradient_in_keras_too() -> None:
    import keras
    import tensorflow as tf

    for each in map(drawn, configurations(4)):
        x = tf.constant(np.maximum(np.round(each.x), 0))
        pooling = keras.layers.MaxPooling2D(each.size, each.stride, dtype="float64")
        with tf.GradientTape() as tape:
            tape.watch(x)
            out = pooling(x)
        above = each.above(out)
        dx = tape.gradient(out, x, output_gradients=tf.constant(above))
        mine = REFERENCE["max_pool_backward"](above, x.numpy(), each.size, each.stride)
        np.testing.assert_allclose(mine, dx, **CLOSE)


def test_the_given_functions_equal_the_solutions_on_any_configuration() -> None:
    for each in map(drawn, configurations(5)):
        for kind in ("average", "l2"):
            mine = library("pool")(each.x, each.size, each.stride, kind)
            np.testing.assert_allclose(mine, forward(kind)(each.x, each.size, each.stride), **CLOSE)
        largest = library("max_pool")(each.x, each.size, each.stride)
        np.testing.assert_array_equal(largest, REFERENCE["max_pool"](each.x, each.size, each.stride))


def test_pooling_over_features_equals_plain_loops() -> None:
    for each in map(drawn, configurations(6)):
        size = int(each.dice.integers(1, 5))
        x = np.repeat(each.x, size, axis=-1) * each.dice.normal(size=size * each.x.shape[-1])
        out = REFERENCE["pool_features"](x, size)
        assert out.shape == each.x.shape
        for n, i, j, group in np.ndindex(out.shape):
            squares = [x[n, i, j, k] ** 2 for k in range(group * size, (group + 1) * size)]
            assert out[n, i, j, group] == pytest.approx(sum(squares) ** 0.5, rel=1e-9)
        np.testing.assert_allclose(library("pool_features")(x, size), out, **CLOSE)


def test_blurring_before_decimation_equals_a_depthwise_convolution_of_keras() -> None:
    import keras

    for each in map(drawn, configurations(7)):
        half = each.dice.uniform(0.1, 1, int(each.dice.integers(1, 4)))
        blur = np.concatenate([half, half[-2::-1]])
        blur, reach, channels = blur / blur.sum(), len(half) - 1, each.x.shape[-1]
        padded = np.pad(each.x, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
        kernel = np.repeat(np.outer(blur, blur)[:, :, None, None], channels, axis=2)
        expected = keras.ops.depthwise_conv(padded, kernel, strides=2, padding="valid")
        np.testing.assert_allclose(REFERENCE["downsample"](each.x, blur), expected, **CLOSE)


def test_a_gabor_function_is_the_formula_pixel_by_pixel() -> None:
    from cmath import exp, pi

    for each in map(drawn, configurations(8)):
        size = int(each.dice.integers(2, 9))
        wavelength, sigma = each.dice.uniform(2, 8, 2)
        angle, phase = each.dice.uniform(-4, 4, 2)
        places = np.arange(size) - (size - 1) / 2
        turn = 2 * pi / wavelength
        waves = [
            exp(-(x * x + y * y) / (2 * sigma**2) + 1j * (turn * (x * np.cos(angle) + y * np.sin(angle)) + phase))
            for y in places
            for x in places
        ]
        real = np.array([wave.real for wave in waves]).reshape(size, size)
        mine = REFERENCE["gabor"](size, wavelength, angle, phase, sigma)
        np.testing.assert_allclose(mine, real - real.mean(), **CLOSE)


# --- normalization ----------------------------------------------------------------------------------------------------


def test_local_contrast_equals_plain_loops() -> None:
    for each in map(drawn, configurations(9)):
        size, c, across = 2 * int(each.dice.integers(0, 3)) + 1, 0.5, bool(each.dice.integers(2))
        out = REFERENCE["local_contrast"](each.x, size, c, across)
        for at in np.ndindex(each.x.shape):
            near = naive_neighbours(each.x, at, size)
            near = near if across else near[:, at[3]]
            spread = (near**2).mean() - near.mean() ** 2
            expected = (each.x[at] - near.mean()) / max(max(spread, 0) ** 0.5, c)
            assert out[at] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_local_response_equals_plain_loops_and_tensorflow() -> None:
    import tensorflow as tf

    for each in map(drawn, configurations(10)):
        x, reach = np.repeat(each.x, 3, axis=-1), int(each.dice.integers(0, 4))
        k, alpha, beta = (float(factor) for factor in each.dice.uniform(0.3, 1.5, 3))
        out = REFERENCE["local_response"](x, 2 * reach + 1, k, alpha, beta)
        twin = tf.nn.local_response_normalization(x.astype(np.float32), reach, k, alpha, beta)
        np.testing.assert_allclose(out, twin, rtol=1e-4, atol=1e-5)
        for n, i, j, c in np.ndindex(x.shape):
            total = sum(x[n, i, j, d] ** 2 for d in range(x.shape[3]) if abs(d - c) <= reach)
            assert out[n, i, j, c] == pytest.approx(x[n, i, j, c] / (k + alpha * total) ** beta, rel=1e-9)


@dataclass(frozen=True)
class Norm:
    """What a batch normalization is given besides its images."""

    gamma: np.ndarray
    beta: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    momentum: float
    eps: float


def drawn_norm(each: Config) -> Norm:
    c = each.x.shape[-1]
    gamma, beta, mean = each.dice.normal(size=(3, c))
    return Norm(gamma, beta, mean, each.dice.uniform(0.2, 3, c), each.dice.uniform(0, 1), each.dice.uniform(1e-3, 0.5))


def test_batch_norm_and_its_moving_statistics_equal_those_of_keras() -> None:
    import keras
    import tensorflow as tf

    for each in map(drawn, configurations(11)):
        norm = drawn_norm(each)
        layer = keras.layers.BatchNormalization(momentum=norm.momentum, epsilon=norm.eps, dtype="float64")
        layer.build(each.x.shape)
        layer.set_weights([norm.gamma, norm.beta, norm.mean, norm.variance])
        arguments = (norm.gamma, norm.beta, norm.mean, norm.variance)
        used = REFERENCE["batch_norm"](each.x, *arguments, False, norm.momentum, norm.eps)
        np.testing.assert_allclose(used[0], layer(each.x, training=False), **CLOSE)
        x = tf.constant(each.x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            twin = layer(x, training=True)
        above = each.above(twin)
        gradients = tape.gradient(twin, [x, layer.gamma.value, layer.beta.value], output_gradients=tf.constant(above))
        trained = REFERENCE["batch_norm"](each.x, *arguments, True, norm.momentum, norm.eps)
        for mine, keras_own in zip(trained, (twin, layer.moving_mean, layer.moving_variance), strict=True):
            np.testing.assert_allclose(mine, keras_own, **CLOSE)
        back = REFERENCE["batch_norm_backward"](above, each.x, norm.gamma, norm.eps)
        for mine, keras_own in zip(back, gradients, strict=True):
            np.testing.assert_allclose(mine, keras_own, **CLOSE)


def test_batch_norm_equals_plain_loops() -> None:
    for each in map(drawn, configurations(12)):
        norm = drawn_norm(each)
        arguments = (norm.gamma, norm.beta, norm.mean, norm.variance)
        out, mean, variance = REFERENCE["batch_norm"](each.x, *arguments, True, norm.momentum, norm.eps)
        for c in range(each.x.shape[-1]):
            values = [float(value) for value in each.x[..., c].ravel()]
            mu = sum(values) / len(values)
            var = sum((value - mu) ** 2 for value in values) / len(values)
            expected = [norm.gamma[c] * (value - mu) / (var + norm.eps) ** 0.5 + norm.beta[c] for value in values]
            np.testing.assert_allclose(out[..., c].ravel(), expected, **CLOSE)
            assert mean[c] == pytest.approx(norm.momentum * norm.mean[c] + (1 - norm.momentum) * mu, rel=1e-9, abs=1e-9)
            assert variance[c] == pytest.approx(norm.momentum * norm.variance[c] + (1 - norm.momentum) * var, rel=1e-9)


def test_the_gradients_of_batch_norm_are_what_differences_say() -> None:
    for each in map(drawn, configurations(13)):
        norm = drawn_norm(each)
        above = each.above(each.x)
        found = REFERENCE["batch_norm_backward"](above, each.x, norm.gamma, norm.eps)
        start = {"x": each.x, "gamma": norm.gamma, "beta": norm.beta}
        for name, gradient in zip(start, found, strict=True):
            along = each.dice.normal(size=gradient.shape)
            train = functools.partial(trained_output, norm, start, name)
            expected = slope(train, start[name], along, above)
            assert (gradient * along).sum() == pytest.approx(expected, rel=1e-5, abs=1e-5)


def trained_output(norm: Norm, start: dict[str, np.ndarray], name: str, value: np.ndarray) -> np.ndarray:
    """The output in training with one of x, gamma and beta replaced."""
    still = {"mean": norm.mean, "variance": norm.variance, "training": True, "eps": norm.eps}
    out: np.ndarray = REFERENCE["batch_norm"](**{**start, name: value}, **still)[0]
    return out
