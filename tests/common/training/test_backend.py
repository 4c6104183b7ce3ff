"""Gradients and the device, whatever the backend."""

from __future__ import annotations

import keras
import numpy as np
from small_training import bars, small_model

from common.training.backend import device, gradients, weight_gradients


def test_gradients_are_those_of_the_function() -> None:
    x, y = np.array([1.0, 2.0], np.float32), np.array([3.0, 5.0], np.float32)
    value, (by_x, by_y) = gradients(lambda at: keras.ops.sum(at[0] ** 2 * at[1]), [x, y])
    assert value == 23
    np.testing.assert_allclose(by_x, 2 * x * y)
    np.testing.assert_allclose(by_y, x**2)


def test_what_a_value_does_not_depend_on_has_the_gradient_0() -> None:
    _, (_, by_y) = gradients(lambda at: keras.ops.sum(at[0]), [np.ones(2, np.float32), np.ones(3, np.float32)])
    np.testing.assert_array_equal(by_y, np.zeros(3))


def test_the_gradient_by_each_weight_predicts_how_the_loss_changes() -> None:
    model, part = small_model(), bars(16, 0)
    images, labels = part.images.astype(np.float32) / 255, part.labels
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.layers[-2].rate = 0.0
    found = weight_gradients(model, loss, images, labels)
    assert list(found) == [each.path for each in model.trainable_variables]

    kernel = model.trainable_variables[-2]
    step = 1e-2 * found[kernel.path] / np.linalg.norm(found[kernel.path])
    before = keras.ops.convert_to_numpy(kernel)
    losses = []
    for sign in (1, -1):
        kernel.assign(before + sign * step)
        losses.append(float(loss(labels, model(images, training=True))))
    kernel.assign(before)
    np.testing.assert_allclose((losses[0] - losses[1]) / 2, np.sum(step * found[kernel.path]), rtol=0.02)


def test_the_device_is_named() -> None:
    assert device().startswith(("CPU (", "GPU")) and ("core" in device() or device().startswith("GPU"))
