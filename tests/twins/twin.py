"""The harness of the twin tests: odd configurations, Keras' own answer, numerical gradients, one tolerance.

Tolerance: an answer in float64 may differ from Keras' in float32 by 16 · 2⁻²³ · √terms · max|expected|, the rule by
which students are judged (`terms` is the length of the longest sum). Against a loop it is 1e-10 of the largest value,
against a numerical gradient 1e-6, all in float64.
"""

import numpy as np

from common.cases.compare import tolerance

CONFIGURATIONS = 200
EXACT, BY_DIFFERENCES = 1e-10, 1e-6
CLOSE = {"rtol": 1e-9, "atol": 1e-9}  # everything in float64


def configurations(test):
    """A generator for each configuration of a test, known by its number, so that a failing one can be run alone."""
    return [np.random.default_rng((test, number)) for number in range(CONFIGURATIONS)]


def odd_sizes(dice, kernel, smallest=3, largest=9):
    """A height and a width that differ and hold the kernel."""
    height = int(dice.integers(max(smallest, kernel[0]), largest + 1))
    width = int(dice.choice([size for size in range(max(smallest, kernel[1]), largest + 2) if size != height]))
    return height, width


def assert_close(got, expected, terms, what):
    """Equal up to what float32 may lose in a sum of that many terms."""
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape, f"{what}: shape {got.shape}, expected {expected.shape}"
    if expected.size:
        gap, allowed = float(np.abs(got - expected).max()), tolerance(expected, terms)
        assert gap <= allowed, f"{what}: off by {gap:.3g}, allowed {allowed:.3g}"


def assert_same(got, expected, what, relative=EXACT):
    """Equal in float64, relative to the largest value."""
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape, f"{what}: shape {got.shape}, expected {expected.shape}"
    scale = float(np.abs(expected).max(initial=1.0))
    gap = float(np.abs(got - expected).max(initial=0.0))
    assert gap <= relative * scale, f"{what}: off by {gap:.3g}, allowed {relative * scale:.3g}"


def keras_gradients(function, dout, *inputs):
    """Keras' result of `function` on float32 inputs, and the gradients of sum(dout * result) by its backend."""
    import tensorflow as tf

    variables = [tf.Variable(np.asarray(each, np.float32)) for each in inputs]
    with tf.GradientTape() as tape:
        out = function(*variables)
    gradients = tape.gradient(out, variables, output_gradients=tf.constant(np.asarray(dout, np.float32)))
    return np.asarray(out), [np.asarray(each) for each in gradients]


def measured_gradients(function, dout, *inputs, step=1e-5):
    """The same gradients by central differences in float64: slow, and derived by nobody."""
    found = []
    for which, x in enumerate(inputs):
        x = np.asarray(x, np.float64)
        gradient = np.empty(x.shape)
        for index in np.ndindex(x.shape):
            ends = []
            for move in (step, -step):
                moved = x.copy()
                moved[index] += move
                ends.append(function(*inputs[:which], moved, *inputs[which + 1 :]))
            gradient[index] = (dout * (ends[0] - ends[1])).sum() / (2 * step)
        found.append(gradient)
    return found
