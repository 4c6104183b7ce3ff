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


def show_kernels(kernels: Mapping[str, np.ndarray], digits: int = 2) -> None:
    """Kernels (kh, kw) side by side, blue below 0 and red above; up to 8x8 with their numbers."""
    axes = _figure(len(kernels), width=3.0 * len(kernels), height=3.0)
    for axis, (name, kernel) in zip(axes, kernels.items(), strict=True):
        largest = float(np.abs(kernel).max()) or 1.0
        axis.imshow(kernel, cmap="RdBu_r", vmin=-largest, vmax=largest)
        axis.set_title(name, fontsize=10)
        axis.set_axis_off()
        for (row, column), value in np.ndenumerate(kernel if max(kernel.shape) <= 8 else kernel[:0]):
            colour = "white" if abs(value) > 0.6 * largest else "black"
            axis.text(column, row, f"{value:.{digits}f}", ha="center", va="center", fontsize=8, color=colour)
    _show()


def show_curves(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], across: str, up: str, log: str = "", title: str = ""
) -> None:
    """Curves in one frame, each (x, y); `log` names the logarithmic axes: "", "x", "y" or "xy"."""
    (axis,) = _figure(1, width=7.0, height=3.6)
    for (name, (x, y)), dashes in zip(curves.items(), ["-", "--", "-.", ":"] * len(curves), strict=False):
        axis.plot(x, y, dashes, label=name, linewidth=1.6, marker="o" if len(x) < 20 else None, markersize=4)
    axis.set(xlabel=across, ylabel=up, title=title)
    axis.set_xscale("log" if "x" in log else "linear")
    axis.set_yscale("log" if "y" in log else "linear")
    axis.grid(alpha=0.3)
    axis.legend()
    _show()


def show_bars(bars: Mapping[str, float], unit: str, title: str = "") -> None:
    """Horizontal bars with their values."""
    (axis,) = _figure(1, width=7.0, height=0.7 + 0.45 * len(bars))
    drawn = axis.barh(list(bars), list(bars.values()), color="tab:blue", height=0.6)
    axis.bar_label(drawn, fmt="%.3g", padding=3)
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.set(xlabel=unit, title=title)
    _show()


def show_windows(size: int, kernel: int, stride: int, pads: Mapping[str, tuple[int, int]]) -> None:
    """Where a kernel stands on a padded line of pixels: one strip per pair (before, after), its windows below it."""
    axes = _figure(1, len(pads), width=8.0, height=1.7 * len(pads))
    for axis, (name, (before, after)) in zip(axes, pads.items(), strict=True):
        length = before + size + after
        for place in range(length):
            pixel = before <= place < before + size
            colour, text = ("lightsteelblue", str(place - before)) if pixel else ("white", "0")
            axis.add_patch(_square(place - before, 0.0, colour))
            axis.text(place - before + 0.5, 0.5, text, ha="center", va="center", fontsize=9)
        for number, start in enumerate(range(0, length - kernel + 1, stride)):
            height = -0.35 - 0.3 * (number % 3)
            axis.plot(
                [start - before + 0.1, start - before + kernel - 0.1], [height] * 2, linewidth=4, color="tab:orange"
            )
        axis.set_title(name, fontsize=10, loc="left")
        axis.set(xlim=(-kernel, size + kernel), ylim=(-1.2, 1.2), aspect="equal")
        axis.set_axis_off()
    _show()


def _square(left: float, bottom: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left, bottom), 1, 1, facecolor=colour, edgecolor="grey")


def _figure(columns: int, rows: int = 1, *, width: float, height: float) -> list[Any]:
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained")
    return list(axes.flat)


def _show() -> None:
    import matplotlib.pyplot as plt

    plt.show()
