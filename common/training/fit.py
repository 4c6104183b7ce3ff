"""fit: train a model epoch by epoch, show how it goes, keep what is needed to go on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.training.backend import device
from common.training.batches import Augment, Batches, Part, as_input
from common.training.run import Run
from common.training.schedules import Schedule

EVALUATED_AT_ONCE = 256


def fit(
    model: Any,
    data: Any,
    epochs: int,
    batch: int = 64,
    seconds: float | None = None,
    checkpoint: str | Path | None = None,
    seed: int = 0,
    schedule: Schedule | None = None,
    augment: Augment | None = None,
    optimizer: Any = None,
) -> Run:
    """Train a model in place on data.train and watch it on data.validation. Bytes are divided by 255 on the way."""
    train: Part = data.train if hasattr(data, "train") else data
    validation: Part | None = getattr(data, "validation", None)
    prepare(model, train, optimizer)
    run = Run(device=device(), epochs=epochs)
    while run.epochs_done < epochs:
        start = time.perf_counter()
        if schedule:
            model.optimizer.learning_rate = schedule(run.epochs_done)
        logs = one_epoch(model, Batches(train, batch, (seed, run.epochs_done), augment))
        if validation is not None:
            logs |= evaluate(model, validation)
        run.add(logs)
        run.epochs_done += 1
        run.seconds += time.perf_counter() - start
        print(f"epoch {run.epochs_done}/{epochs}  " + "  ".join(f"{name} {value:.4g}" for name, value in logs.items()))
    print(run.closing(len(validation.images) if validation is not None else 0))
    return run


def prepare(model: Any, train: Part, optimizer: Any) -> None:
    """Build and compile the model where that is not done."""
    few = as_input(train.images[:8])
    if not model.built:
        model(few)
    if optimizer is not None or not model.compiled:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=not gives_probabilities(model, few))
        model.compile(
            optimizer or keras.optimizers.Adam(),
            loss,
            metrics=["accuracy"],
            jit_compile=keras.backend.backend() == "jax",
        )


def gives_probabilities(model: Any, images: np.ndarray) -> bool:
    """Whether a model ends in a softmax: its scores (N, C) are not negative and add up to 1."""
    scores = keras.ops.convert_to_numpy(model(images, training=False))
    return bool((scores >= 0).all() and np.allclose(scores.sum(axis=-1), 1, atol=1e-3))


def one_epoch(model: Any, batches: Batches) -> dict[str, float]:
    """Train on each batch once."""
    history = model.fit(batches, epochs=1, verbose=0, shuffle=False).history
    return _named({name: values[-1] for name, values in history.items()}, "")


def evaluate(model: Any, part: Part) -> dict[str, float]:
    """Loss and accuracy on data that it does not train on."""
    return _named(model.evaluate(Batches(part, EVALUATED_AT_ONCE), verbose=0, return_dict=True), "validation_")


def _named(logs: Mapping[str, float], prefix: str) -> dict[str, float]:
    accuracy = next((name for name in logs if "acc" in name), None)
    found = {f"{prefix}loss": float(logs["loss"])}
    return found | ({f"{prefix}accuracy": float(logs[accuracy])} if accuracy else {})
