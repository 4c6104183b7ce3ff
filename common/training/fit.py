"""fit: train a model epoch by epoch, show how it goes, keep what is needed to go on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.data import Dataset, Examples
from common.duration import duration
from common.pixels import as_input
from common.training.backend import device
from common.training.batches import Augment, Batches
from common.training.checkpoint import CheckpointError, fingerprint, read_checkpoint, write_checkpoint
from common.training.precision import compiled_graphs, half_precision, in_full_flight
from common.training.progress import Watcher, watch
from common.training.run import Run
from common.training.schedules import Schedule

EVALUATED_AT_ONCE = 256
SAME = 1e-6  # two learning rates are the same when they differ by no more than this part


def fit(
    model: Any,
    data: Dataset | Examples,
    epochs: int,
    batch: int = 64,
    seconds: float | None = None,
    checkpoint: str | Path | None = None,
    seed: int = 0,
    schedule: Schedule | None = None,
    augment: Augment | None = None,
    optimizer: Any = None,
    show: bool = True,
) -> Run:
    """Train a model in place on `data.train`, watch it on `data.validation`, return the curves.

    Examples instead of a whole Dataset are trained on without a validation. Images of bytes are divided by 255 on the
    way. A model that is not compiled, or any with an `optimizer` given here, is compiled with cross-entropy (of logits
    or of a softmax, as its scores are) and with Adam where none is given. `schedule(epoch)` is the learning rate, from
    epoch 0. `seconds` bound this call. With a `checkpoint` the training goes on where a lost runtime stopped, to the
    same curve. The same weights and `seed` give the same curve on a CPU.
    """
    train, validation = (data.train, data.validation) if isinstance(data, Dataset) else (data, None)
    prepare(model, train, optimizer)
    seed_dropout(model, seed)
    watcher = watch(show)
    path = None if checkpoint is None else Path(checkpoint)
    same = settings(model, train, batch, seed, schedule, augment) if path else {}
    run = _begin(path, model, same, epochs, schedule, watcher)
    budget = Budget(seconds)
    half = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer) and in_full_flight()
    with half_precision(model, half), _interrupted(path, run, watcher):
        while run.epochs_done < epochs and budget.has_room():
            start = time.perf_counter()
            if schedule:
                model.optimizer.learning_rate = schedule(run.epochs_done)
            rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
            logs = one_epoch(model, Batches(train, batch, (seed, run.epochs_done), augment), run, budget, watcher)
            if validation is not None:
                logs |= evaluate(model, validation)
            run.add(logs | {"learning_rate": rate})
            run.seconds += (took := time.perf_counter() - start)
            if budget.cut:
                break
            run.epochs_done += 1
            budget.last = took
            if path:
                _keep(path, model, run, same, watcher)
            watcher.epoch(run, took)
    if run.epochs_done < epochs:
        watcher.say(f"The {duration(budget.seconds or 0)} given are over after {len(run.loss)} of {epochs} epochs.")
    watcher.end(run, run.closing(0 if validation is None else len(validation.images)))
    return run


@contextlib.contextmanager
def _interrupted(path: Path | None, run: Run, watcher: Watcher) -> Iterator[None]:
    """Whoever presses stop reads what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        kept = f"{path} goes on after epoch {run.epochs_done}" if path and run.epochs_done else "nothing is kept"
        watcher.end(run, f"Stopped by hand; {kept}.")
        raise


class Budget:
    """Seconds for a training. An epoch that would not end in time is not begun; the first always is, and cut."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds, self.start, self.last, self.cut = seconds, time.perf_counter(), 0.0, False

    def has_room(self) -> bool:
        """Whether an epoch as long as the last one would end in time."""
        return self.seconds is None or self.used() + self.last <= self.seconds

    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.seconds is not None and self.used() > self.seconds

    def used(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self.start


def prepare(model: Any, train: Examples, optimizer: Any) -> None:
    """Build and compile the model and its optimizer where that is not done."""
    few = as_input(train.images[:8])
    if not model.built:
        model(few)
    if optimizer is not None or not model.compiled:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=not gives_probabilities(model, few))
        optimizer = keras.optimizers.Adam() if optimizer is None else optimizer
        if in_full_flight():
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=compiled_graphs())
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def gives_probabilities(model: Any, images: np.ndarray) -> bool:
    """Whether a model ends in a softmax: its scores (N, C) are not negative and add up to 1."""
    scores = keras.ops.convert_to_numpy(model(images, training=False))
    return bool((scores >= 0).all() and np.allclose(scores.sum(axis=-1), 1, atol=1e-3))


def seed_dropout(model: Any, seed: int) -> None:
    """Dropout and noise begin at the seed, whatever was drawn before."""
    states = [each for each in model.variables if "seed_generator" in each.path and tuple(each.shape) == (2,)]
    for number, state in enumerate(states):
        state.assign(np.array([(seed * 1009 + number) % 2**31, 0]))


def settings(
    model: Any, train: Examples, batch: int, seed: int, schedule: Schedule | None, augment: Augment | None
) -> dict[str, Any]:
    """What must stay the same for a training to go on, by its name in words."""
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    moved = getattr(augment, "__qualname__", repr(augment))
    return {
        "the model": [f"{each.path.split('/')[-1]} {tuple(each.shape)}" for each in model.weights],
        "the data": fingerprint(train),
        "`batch`": batch,
        "`seed`": seed,
        "`augment`": moved,
        "the optimizer": f"{type(model.optimizer).__name__} {_plain(model.optimizer.get_config())}",
        "the learning rate": "by a schedule" if schedule else rate,
    }


def _plain(config: Any) -> Any:
    """An optimizer's settings without its name, which counts the optimizers before it, and its learning rate."""
    if not isinstance(config, dict):
        return config
    return {name: _plain(each) for name, each in config.items() if name not in ("name", "learning_rate")}


def _begin(
    path: Path | None,
    model: Any,
    same: Mapping[str, Any],
    epochs: int,
    schedule: Schedule | None,
    watcher: Watcher,
) -> Run:
    """An empty history, or the one of a checkpoint with the model as it was then."""
    if path is None or not path.exists():
        return Run(device=device(), epochs=epochs)
    run = read_checkpoint(path, model, same)
    if schedule and not np.allclose(run.learning_rate, [schedule(each) for each in range(run.epochs_done)], rtol=SAME):
        raise CheckpointError(
            f"{path} cannot be gone on from: its learning rates were others. Delete it, or name another."
        )
    run.epochs, run.device, run.resumed_after = epochs, device(), run.epochs_done
    watcher.say(f"Going on after epoch {run.epochs_done}, from {path}.")
    return run


def _keep(path: Path, model: Any, run: Run, same: Mapping[str, Any], watcher: Watcher) -> None:
    """Write a checkpoint; a full disk costs the checkpoint, not the training."""
    try:
        write_checkpoint(path, model, run, same)
    except OSError as problem:
        watcher.say(f"No checkpoint of epoch {run.epochs_done} was written ({problem.strerror}); the training goes on.")


def one_epoch(model: Any, batches: Batches, run: Run, budget: Budget, watcher: Watcher) -> dict[str, float]:
    """Train on each batch once, or until the time is up."""

    def after(index: int, logs: Mapping[str, Any]) -> None:
        watcher.batch(run, (index + 1) / len(batches), logs)
        if budget.is_over() and index + 1 < len(batches):
            budget.cut = model.stop_training = True

    callback = keras.callbacks.LambdaCallback(on_train_batch_end=after)
    history = model.fit(batches, epochs=1, verbose=0, shuffle=False, callbacks=[callback]).history
    return _named({name: values[-1] for name, values in history.items()}, "")


def evaluate(model: Any, part: Examples) -> dict[str, float]:
    """Loss and accuracy on data that it does not train on."""
    return _named(model.evaluate(Batches(part, EVALUATED_AT_ONCE), verbose=0, return_dict=True), "validation_")


def _named(logs: Mapping[str, float], prefix: str) -> dict[str, float]:
    accuracy = next((name for name in logs if "acc" in name), None)
    found = {f"{prefix}loss": float(logs["loss"])}
    return found | ({f"{prefix}accuracy": float(logs[accuracy])} if accuracy else {})
