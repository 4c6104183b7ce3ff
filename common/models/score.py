"""Score predictions against labels, and say what is likely wrong with a poor model. NumPy alone; labels stay here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from common.cases.case import Value
from common.models.allow_list import Unfit

Predict = Callable[[np.ndarray], np.ndarray]  # images (N, …) -> scores (N, C)
CLEARLY = 0.3  # how much better a model must be under another reading of the data to say that it was meant so


def accuracy_of(scores: np.ndarray, labels: np.ndarray) -> float:
    """The part of the labels (N,) that has the highest of its scores (N, C)."""
    return float(np.mean(np.argmax(scores, axis=-1) == labels))


def checked(scores: Value, images: int, classes: int) -> np.ndarray:
    """Scores of the right shape, all finite; Unfit says what they are instead."""
    if not isinstance(scores, np.ndarray) or scores.dtype.kind != "f" or scores.shape != (images, classes):
        shape = scores.shape if isinstance(scores, np.ndarray) else "none"
        raise Unfit(f"saved a model whose scores have shape {shape}, expected {(images, classes)}")
    if not np.isfinite(scores).all():
        raise Unfit("saved a model that gives NaN or infinite scores")
    return scores


def score(
    predict: Predict, images: np.ndarray, labels: np.ndarray, classes: int, scales: Value, enough: float
) -> Value:
    """Accuracy, and for a poor model what is likely wrong with it, in one word or none."""
    scores = checked(predict(images), len(images), classes)
    accuracy = accuracy_of(scores, labels)
    diagnosis = "" if accuracy >= enough else _diagnose(predict, images, labels, scores, scales)
    return {"accuracy": accuracy, "diagnosis": diagnosis}


def _diagnose(predict: Predict, images: np.ndarray, labels: np.ndarray, scores: np.ndarray, scales: Value) -> str:
    found = np.argmax(scores, axis=-1)
    accuracy, classes = accuracy_of(scores, labels), scores.shape[1]
    if len(np.unique(found)) == 1:
        return "one class"
    readings: dict[str, float] = {
        f"classes shifted by {shift}": float(np.mean((found + shift) % classes == labels)) for shift in (1, classes - 1)
    }
    for name, other in _views(images, scales).items():
        readings[name] = accuracy_of(checked(predict(other), len(images), classes), labels)
    name = max(readings, key=lambda each: readings[each])
    if readings[name] > accuracy + CLEARLY:
        return name
    return "chance" if accuracy < 2 / classes else ""


def _views(images: np.ndarray, scales: Value) -> Mapping[str, np.ndarray]:
    """The same images as they might have been when the model was trained."""
    views = {f"scaled by {scale:g}": images * scale for scale in scales}
    if images.ndim >= 3 and images.shape[1] == images.shape[2]:
        views["rows and columns exchanged"] = images.swapaxes(1, 2)
    return views
