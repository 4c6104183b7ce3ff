"""A training goes on after its process was killed, to the same curve; what does not belong to it is refused."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from small_training import EPOCHS, small_data, small_model, train

from common.training import fit, shift_and_flip
from common.training.checkpoint import CheckpointError
from common.training.run import CURVES, Run

SMALL = Path(__file__).with_name("small_training.py")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a process left that was killed in the middle of its third epoch."""
    path = tmp_path_factory.mktemp("killed") / "small.checkpoint"
    command = [sys.executable, str(SMALL), str(path), str(EPOCHS), "0.1"]  # 10 batches of 0.1 s an epoch
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        seen = list(itertools.takewhile(lambda line: not line.startswith("epoch 2"), process.stdout))
        time.sleep(0.4)  # into the third epoch, which takes a second
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL and len(seen) == 1, seen
    return path


def test_a_killed_training_goes_on_to_the_same_curve_and_the_same_weights(
    killed: Path, whole: tuple[Run, keras.Model], capsys: pytest.CaptureFixture[str]
) -> None:
    run, model = whole
    resumed, other = train(killed, show=True)
    assert resumed.resumed_after == 2 and resumed.epochs_done == EPOCHS
    for name in CURVES:
        np.testing.assert_allclose(getattr(resumed, name), getattr(run, name), rtol=1e-5, err_msg=name)
    for mine, right in zip(other.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-4, atol=1e-6)
    assert f"Going on after epoch 2, from {killed}." in capsys.readouterr().out


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a training that is over."""
    path = tmp_path_factory.mktemp("finished") / "model.checkpoint"
    fit(small_model(), small_data(), 1, batch=64, checkpoint=path, show=False)
    return path


def test_a_training_that_is_over_is_only_read(finished: Path) -> None:
    before = finished.read_bytes()
    model = small_model(seed=1)
    run = fit(model, small_data(), 1, batch=64, checkpoint=finished, show=False)
    assert (run.epochs_done, run.resumed_after, len(run.loss)) == (1, 1, 1)
    assert finished.read_bytes() == before
    logs = model.evaluate(small_data().validation.images / np.float32(255), small_data().validation.labels, verbose=0)
    assert logs[0] == pytest.approx(run.validation_loss[0], rel=1e-4)


def test_another_training_is_refused_by_the_name_of_what_differs(finished: Path) -> None:
    for changed, said in (
        ({"batch": 32}, "`batch` was 64, now 32"),
        ({"seed": 1}, "`seed` was 0, now 1"),
        ({"optimizer": keras.optimizers.SGD()}, "the optimizer was Adam"),
        ({"optimizer": keras.optimizers.Adam(0.1)}, "the learning rate was 0.001"),
        ({"data": small_data().validation}, "the data was 320 images"),
        ({"augment": shift_and_flip(2)}, "ShiftAndFlip(pixels=2, flip=True)"),
    ):
        arguments = {"data": small_data(), "epochs": 2, "batch": 64, "checkpoint": finished, "show": False} | changed
        with pytest.raises(CheckpointError) as refused:
            fit(small_model(), **arguments)
        assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_damaged_or_foreign_file_is_refused_in_one_sentence(finished: Path, tmp_path: Path) -> None:
    content = finished.read_bytes()
    np.savez(tmp_path / "arrays.npz", a=np.ones(3))
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 255
    for name, bad in {
        "half": content[: len(content) // 2],
        "nothing": b"",
        "one byte of it": bytes(flipped),
        "a pickle": pickle.dumps({"weights": [1, 2]}),
        "arrays of something else": (tmp_path / "arrays.npz").read_bytes(),
    }.items():
        path = tmp_path / name
        path.write_bytes(bad)
        model = small_model()
        before = [each.copy() for each in model.get_weights()]
        with pytest.raises(CheckpointError, match="cannot be gone on from"):
            fit(model, small_data(), 2, batch=64, checkpoint=path, show=False)
        for mine, untouched in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(mine, untouched)
