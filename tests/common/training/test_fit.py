"""fit trains a model of any style, the same way each time, and no longer than it may."""

from __future__ import annotations

import time

import keras
import numpy as np
import pytest
from small_training import bars, small_data, small_model, train

from common.data import Examples
from common.pixels import as_input
from common.training import cosine, drops, fit, shift_and_flip
from common.training.batches import Batches
from common.training.fit import Budget, prepare
from common.training.precision import half_precision
from common.training.run import Run


def test_the_same_seed_gives_the_same_curve(whole: tuple[Run, keras.Model]) -> None:
    run, _ = train(None)
    assert run.loss == whole[0].loss and run.validation_accuracy == whole[0].validation_accuracy
    assert run.validation_accuracy[-1] > 0.9


def test_another_seed_gives_another_order_and_another_dropout() -> None:
    curves = [fit(small_model(), small_data(), 1, seed=seed, show=False).loss for seed in (0, 1)]
    assert curves[0] != curves[1]


def test_every_image_is_seen_once_an_epoch_and_bytes_become_0_to_1() -> None:
    part = Examples(np.arange(10, dtype=np.uint8).reshape(10, 1, 1, 1), np.arange(10))
    batches = Batches(part, 4, (0, 0))
    images = np.concatenate([batches[index][0] for index in range(len(batches))]).ravel()
    labels = np.concatenate([batches[index][1] for index in range(len(batches))])
    np.testing.assert_allclose(images * 255, labels, rtol=1e-6)
    assert sorted(labels) == list(range(10)) and list(labels) != list(range(10))
    assert list(Batches(part, 4, (0, 1)).order) != list(batches.order)


def test_a_softmax_and_logits_get_the_loss_that_fits_them() -> None:
    for softmax in (True, False):
        model, part = small_model(softmax), bars(32, 0)
        prepare(model, part, None)
        assert model.loss.get_config()["from_logits"] is not softmax
        loss = model.evaluate(as_input(part.images), part.labels, verbose=0)[0]
        assert loss == pytest.approx(np.log(4), abs=0.3)  # chance, before any training


def test_a_compiled_model_keeps_its_own_loss_and_examples_need_no_validation() -> None:
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    run = fit(model, bars(32, 0), 2, show=False)
    assert model.loss == "mse" and len(run.loss) == 2
    assert run.accuracy == run.validation_loss == run.validation_accuracy == []


def test_the_learning_rate_follows_its_schedule(whole: tuple[Run, keras.Model]) -> None:
    np.testing.assert_allclose(whole[0].learning_rate, [0.05, 0.05, 0.05, 0.005], rtol=1e-6)
    assert [round(drops(1, at=(1, 2), by=0.5)(epoch), 3) for epoch in range(4)] == [1, 0.5, 0.25, 0.25]
    assert [round(cosine(1, 4, warm_up=1)(epoch), 3) for epoch in range(5)] == [0.5, 1, 0.75, 0.25, 0]


def test_a_first_epoch_that_takes_too_long_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    def slow(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        time.sleep(0.1)
        return images

    model = small_model()
    run = fit(model, small_data(), 3, batch=32, seconds=0.05, augment=slow)
    assert run.epochs_done == 0 and len(run.loss) == len(run.validation_loss) == 1
    assert int(model.optimizer.iterations) == 1  # of 10 batches: the time was over after the first
    assert "are over after 1 of 3 epochs." in capsys.readouterr().out


def test_an_epoch_that_would_not_end_in_time_is_not_begun() -> None:
    budget = Budget(100.0)
    assert budget.has_room() and not budget.is_over()
    budget.last = 99.0
    assert budget.has_room()
    budget.last = 101.0
    assert not budget.has_room() and not budget.is_over()
    assert Budget(None).has_room() and Budget(0.0).is_over()


def test_moved_images_hold_the_same_pixels_elsewhere() -> None:
    image = np.zeros((1, 7, 9, 2), np.uint8)
    image[0, 3, 4] = (5, 9)
    moved = shift_and_flip(2)(np.repeat(image, 50, axis=0), np.random.default_rng(0))
    places = {(int(row), int(column)) for _, row, column, channel in np.argwhere(moved) if channel == 0}
    assert moved.shape == (50, 7, 9, 2) and moved.dtype == np.uint8
    assert len(places) > 10 and all(1 <= row <= 5 and 2 <= column <= 6 for row, column in places)


def test_half_precision_leaves_nothing_behind() -> None:
    model = small_model()
    with half_precision(model, True):
        assert {layer.compute_dtype for layer in model.layers[:-1]} == {"float16"}
        assert model.layers[-1].compute_dtype == "float32"
        scores = keras.ops.convert_to_numpy(model(np.zeros((2, 8, 8, 1), np.float32)))
    assert scores.dtype == np.float32 and {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert {str(each.dtype) for each in model.weights} == {"float32"}
