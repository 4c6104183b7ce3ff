"""A data set that is learned in a second and a model with dropout and batch norm. Also run as a program, to be killed.

python small_training.py CHECKPOINT EPOCHS [SECONDS OF A BATCH]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers

from common.data import Dataset, Examples
from common.training import drops, fit, shift_and_flip
from common.training.run import Run

EPOCHS = 4


def bars(count: int, seed: int) -> Examples:
    """Noisy images (count, 8, 8, 1) with a bright row: which of four is the label."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 4, count)
    images = random.integers(0, 120, (count, 8, 8, 1), dtype=np.uint8)
    images[np.arange(count), labels * 2] += 120
    return Examples(images, labels)


def small_data() -> Dataset:
    return Dataset("bars", ("0", "1", "2", "3"), bars(320, 0), bars(80, 1), bars(80, 2))


def small_model(softmax: bool = False, seed: int = 0) -> keras.Model:
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(4, activation="softmax" if softmax else None),
        ]
    )


def train(
    checkpoint: Path | None, epochs: int = EPOCHS, slow: float = 0.0, show: bool = False
) -> tuple[Run, keras.Model]:
    move = shift_and_flip(1)

    def augment(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        time.sleep(slow)
        return move(images, random)

    model = small_model()
    run = fit(
        model,
        small_data(),
        epochs,
        batch=32,
        checkpoint=checkpoint,
        seed=3,
        schedule=drops(0.05, at=(3,)),
        augment=augment,
        optimizer=keras.optimizers.SGD(momentum=0.9),
        show=show,
    )
    return run, model


if __name__ == "__main__":
    train(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), show=True)
