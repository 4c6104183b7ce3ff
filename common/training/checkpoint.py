"""What is needed to go on after a lost runtime: weights, optimizer, seeds of dropout, curves. Plain arrays, no pickle.

The order of the data and the augmentation follow from the seed and the epoch, so nothing of them is kept.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.training.run import CURVES, Run

FORMAT = "course checkpoint 1"
ABOUT = "about"

Settings = Mapping[str, Any]  # what must be the same for a training to go on, by its name in words


class CheckpointError(ValueError):
    """A checkpoint that cannot be used, in one sentence."""


def write_checkpoint(path: Path, model: Any, run: Run, settings: Settings) -> None:
    """Write all at once or nothing: whoever is killed here leaves the checkpoint before this one."""
    about = json.dumps({"format": FORMAT, "settings": settings, "run": dataclasses.asdict(run)}).encode()
    arrays = {f"{number:05}": np.asarray(keras.ops.convert_to_numpy(each)) for number, each in enumerate(_state(model))}
    draft = path.with_name(f"{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("wb") as file:
        np.savez(file, **{ABOUT: np.frombuffer(about, np.uint8)}, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_checkpoint(path: Path, model: Any, settings: Settings) -> Run:
    """Put a model and its optimizer where the checkpoint was; nothing is changed when it is refused."""
    about, arrays = _parts(path)
    _insist_on_same(path, about.get("settings"), settings)
    state = _state(model)
    if [each.shape for each in arrays] != [tuple(each.shape) for each in state]:
        raise _refusal(path, "its weights have other shapes than this model's")
    try:
        run = Run(**about["run"])
        whole = all(len(getattr(run, name)) in (0, run.epochs_done) for name in CURVES)
    except (KeyError, TypeError):
        whole = False
    if not whole:
        raise _refusal(path, "its curves cannot be read")
    for variable, value in zip(state, arrays, strict=True):
        variable.assign(value)
    return run


def _parts(path: Path) -> tuple[dict[str, Any], list[np.ndarray]]:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            about = json.loads(bytes(file[ABOUT]))
            arrays = [file[name] for name in sorted(file.files) if name != ABOUT]
    except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error):
        raise _refusal(path, "it is damaged, or no checkpoint of this course") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise _refusal(path, "it was not written by this version of the course")
    return about, arrays


def _insist_on_same(path: Path, then: Any, now: Settings) -> None:
    """JSON makes lists of tuples: both sides are compared as it writes them."""
    if not isinstance(then, dict) or set(then) != set(now):
        raise _refusal(path, "it was not written by this version of the course")
    for name, value in json.loads(json.dumps(now)).items():
        if then[name] != value:
            raise _refusal(
                path, f"it belongs to another training: {name} was {_short(then[name])}, now {_short(value)}"
            )


def _refusal(path: Path, why: str) -> CheckpointError:
    return CheckpointError(f"{path} cannot be gone on from: {why}. Delete it, or give another name as `checkpoint`.")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _state(model: Any) -> list[Any]:
    """Variables of the model and its optimizer, seeds of dropout included, those of metrics not."""
    measured = {id(each) for each in model.metrics_variables}
    own = [each for each in model.variables if id(each) not in measured]
    return [*own, *model.optimizer.variables]


def fingerprint(part: Any) -> str:
    """Data in a few letters: its size, all labels and some of the images."""
    images, labels = np.asarray(part.images), np.asarray(part.labels)
    digest = hashlib.sha256(f"{images.shape} {images.dtype} {labels.shape}".encode())
    digest.update(np.ascontiguousarray(labels).tobytes())
    digest.update(np.ascontiguousarray(images[:: max(1, len(images) // 200)]).tobytes())
    return f"{len(images)} images ({digest.hexdigest()[:8]})"
