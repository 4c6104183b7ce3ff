"""A training goes on after its process was killed, to the same curve; what does not belong to it is refused."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from small import EPOCHS, small_data, small_model, train

from common.training import fit
from common.training.checkpoint import CheckpointError
from common.training.run import CURVES

SMALL = Path(__file__).with_name("small.py")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a process left that was killed in the middle of its third epoch."""
    path = tmp_path_factory.mktemp("killed") / "small.checkpoint"
    command = [sys.executable, str(SMALL), str(path), str(EPOCHS), "0.3"]  # 10 batches of 0.3 s an epoch
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        seen = [line for line in iter(process.stdout.readline, "") if not line.startswith("epoch 2")]
        os.kill(process.pid, signal.SIGKILL)
    assert len(seen) == 1, seen
    return path


def test_a_killed_training_goes_on_to_the_same_curve_and_the_same_weights(
    killed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, model = train(None)
    resumed, other = train(killed, show=True)
    assert resumed.resumed_after == 2 and resumed.epochs_done == EPOCHS
    for name in CURVES:
        np.testing.assert_allclose(getattr(resumed, name), getattr(whole, name), rtol=1e-5, err_msg=name)
    for mine, right in zip(other.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-4, atol=1e-6)
    assert f"Going on after epoch 2, from {killed}." in capsys.readouterr().out
