"""hand_in writes what the grader reads, says what will be graded, and refuses what the grader would refuse."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from small_training import small_model

from common.cases import Case, Outcome, Sheet
from common.cases.frozen import FILE, freeze
from common.checks import check
from common.models.trained import load_trained, predict
from common.models.trained_file import read_trained
from common.training import hand_in
from common.training.hand_in import CannotHandIn


def residual(depth: int) -> keras.Model:
    """A residual net for 32x32 images, 6n + 2 layers deep, with batch norm in use."""
    keras.utils.set_random_seed(0)
    image = keras.Input((32, 32, 3))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same", use_bias=False)(image)))
    for stage in range(3):
        for unit in range((depth - 2) // 6):
            stride = 2 if stage and not unit else 1
            y = layers.Conv2D(16 << stage, 3, stride, padding="same", use_bias=False)(x)
            y = layers.ReLU()(layers.BatchNormalization()(y))
            y = layers.BatchNormalization()(layers.Conv2D(16 << stage, 3, padding="same", use_bias=False)(y))
            short = layers.Conv2D(16 << stage, 1, stride)(x) if stride == 2 else x
            x = layers.ReLU()(layers.Add()([y, short]))
    model = keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))
    random = np.random.default_rng(0)
    for weight in model.weights:  # statistics that a training has moved
        if "moving" in weight.path:
            weight.assign(np.abs(random.normal(1, 0.1, weight.shape)))
    return model


@pytest.fixture
def question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the public cases of one trained question, entered."""
    images = np.random.default_rng(0).integers(0, 255, (40, 8, 8, 1), dtype=np.uint8)
    labels = np.arange(40) % 4
    inputs = {"images": images, "labels": labels, "file": "net.npz", "classes": 4, "most": 1000, "scales": (255.0,)}
    bars = {"bars": {"smoke": 0.0, "student": 0.975}}
    cases = [
        Case(f"at least {bar}", f"{bar}", {"at_least": bar, **inputs, **bars}, Outcome({"reached": True}))
        for bar in (0.5, 0.975)
    ]
    freeze(tmp_path / FILE, "01_net", [Sheet("net", {"0.5": 2, "0.975": 3}, tuple(cases), kind="trained")])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_what_was_written_and_what_will_be_graded(question: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = hand_in(small_model(), "net")
    said = capsys.readouterr().out
    assert (question / path).is_file() and read_trained(path.read_bytes())
    assert "Written: net.npz, 6 layers, 632 numbers, " in said
    assert "Points: 2 for 50%, 3 for 97.5%." in said and "images that it has not seen" in said


def test_nothing_is_written_of_what_the_grader_would_refuse(question: Path) -> None:
    image = keras.Input((8, 8, 1))
    flat = layers.Flatten()(image)
    for model, said in {
        keras.Model(image, layers.Dense(4)(layers.Lambda(lambda x: x * 2)(flat))): "a Lambda layer",
        keras.Model(image, layers.Dense(4, activation=lambda x: x)(flat)): "a function of its own as an activation",
        keras.Model(image, layers.Dense(400)(flat)): "26,000 numbers; the grader runs one of at most 1,000",
        keras.Sequential([keras.Input((8, 9, 1)), layers.Flatten(), layers.Dense(4)]): "images of shape (8, 8, 1)",
    }.items():
        with pytest.raises(CannotHandIn, match="Nothing was written") as refused:
            hand_in(model, "net")
        assert said in str(refused.value) and not (question / "net.npz").exists()
    with pytest.raises(CannotHandIn, match="There is no question named 'nets' here"):
        hand_in(small_model(), "nets")


def test_in_smoke_mode_a_check_asks_for_what_smoke_reaches(
    question: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(small_model(), "net")

    def net() -> None: ...

    net.__module__ = "__main__"
    check(net)
    assert "0 of 5 points so far" in capsys.readouterr().out
    monkeypatch.setenv("COURSE_MODE", "smoke")
    check(net)
    said = capsys.readouterr().out
    assert "5 of 5 points" in said and "at least 0% right, in smoke mode (97.5% in the hand-in)" in said


@pytest.mark.parametrize(
    "depth", [20, pytest.param(56, marks=pytest.mark.slow), pytest.param(110, marks=pytest.mark.slow)]
)
def test_a_deep_residual_net_comes_back_as_it_was(depth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model, images = residual(depth), np.random.default_rng(1).random((6, 32, 32, 3)).astype(np.float32)
    path = hand_in(model, "deep")
    trained = read_trained(path.read_bytes())
    scores = predict(np.frombuffer(trained.architecture, np.uint8), trained.weights, images, 2_000_000)
    right = keras.ops.convert_to_numpy(model(images, training=False))
    np.testing.assert_allclose(scores, right, rtol=1e-4, atol=1e-4 * np.abs(right).max())
    again = keras.ops.convert_to_numpy(load_trained(path)(images, training=False))
    np.testing.assert_allclose(again, right, rtol=1e-4, atol=1e-4 * np.abs(right).max())
    assert path.stat().st_size < 4.1 * model.count_params() + 400_000


@pytest.mark.slow
def test_a_deep_net_sees_as_many_images_at_once_as_fit() -> None:
    """A batch of 256 would hold more than the maps that are allowed; none of the 300 is lost."""
    from common.models.trained import as_file

    trained = read_trained(as_file(residual(56)))
    images = np.random.default_rng(1).random((300, 32, 32, 3)).astype(np.float32)
    scores = predict(np.frombuffer(trained.architecture, np.uint8), trained.weights, images, 2_000_000)
    assert scores.shape == (300, 10) and np.isfinite(scores).all()
