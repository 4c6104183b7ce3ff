"""Linear readouts: how much of what one wants to know can still be read off some features by a weighted sum."""

from __future__ import annotations

import numpy as np

from common.given.convolution import conv2d


def edge_maps(images: np.ndarray) -> np.ndarray:
    """Edges of eight directions, none negative. images (N, H, W, 1) -> (N, H, W, 8)."""
    upright = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    tilted = np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 1.0], [-2.0, -1.0, 0.0]])
    filters = [sign * each for each in (upright, upright.T, tilted, tilted[::-1]) for sign in (1, -1)]
    maps: np.ndarray = np.maximum(conv2d(images, np.stack(filters, axis=-1)[:, :, None], np.zeros(8), 1, 1), 0)
    return maps


def share_wrong(features: np.ndarray, labels: np.ndarray) -> float:
    """Share of labels (N,) that a linear readout of features (N, …) gets wrong, on the quarter it was not fitted to."""
    scores, unseen = _read_out(features, np.eye(labels.max() + 1)[labels])
    return float((scores.argmax(axis=1) != labels[unseen]).mean())


def mean_miss(features: np.ndarray, places: np.ndarray) -> float:
    """How far a linear readout of features (N, …) misses places (N, 2), on the quarter it was not fitted to."""
    found, unseen = _read_out(features, places)
    return float(np.abs(found - places[unseen]).mean())


def _read_out(features: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression fitted to three quarters of the rows: what it says of the last one, and which that is."""
    fitted = np.random.default_rng(1).permutation(len(features)) % 4 > 0
    rows = features.reshape(len(features), -1)
    rows, middle = rows - rows[fitted].mean(axis=0), targets[fitted].mean(axis=0)
    likeness = rows @ rows[fitted].T  # fewer rows than columns, as a rule: solve for a weight per row
    weights = np.linalg.solve(likeness[fitted] + np.eye(int(fitted.sum())), targets[fitted] - middle)
    return likeness[~fitted] @ weights + middle, ~fitted
