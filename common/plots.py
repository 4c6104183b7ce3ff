"""Figures for notebooks. matplotlib and the photograph load when they are first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def photo() -> np.ndarray:
    """A grey photograph of a temple's roofs, (160, 240), values from 0 to 1. It comes with scikit-learn."""
    from sklearn.datasets import load_sample_image

    colour: np.ndarray = load_sample_image("china.jpg")[60:380:2, 100:580:2] / 255.0
    grey: np.ndarray = colour @ np.array([0.299, 0.587, 0.114])
    return grey


def show_images(images: Sequence[np.ndarray], titles: Sequence[str] = (), row: int | None = None) -> None:
    """Grey images (H, W) side by side, each with its own scale; `row` draws a line over that row of the first."""
    axes = _figure(len(images), width=4.2 * len(images), height=3.0)
    for axis, image, title in zip(axes, images, [*titles, *[""] * len(images)], strict=False):
        axis.imshow(image, cmap="gray")
        axis.set_title(title, fontsize=10)
        axis.set_axis_off()
    if row is not None:
        axes[0].axhline(row, color="tab:orange", linewidth=1.5)
    _show()


def show_signals(signals: Mapping[str, np.ndarray]) -> None:
    """Signals (L,) one below the other, with the same horizontal axis."""
    axes = _figure(1, len(signals), width=9.0, height=1.7 * len(signals))
    for axis, (name, signal) in zip(axes, signals.items(), strict=True):
        axis.plot(signal, linewidth=1.2)
        axis.set_title(name, fontsize=10, loc="left")
        axis.margins(x=0)
    _show()


def _figure(columns: int, rows: int = 1, *, width: float, height: float) -> list[Any]:
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained")
    return list(axes.flat)


def _show() -> None:
    import matplotlib.pyplot as plt

    plt.show()
