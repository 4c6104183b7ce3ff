"""Photographs and maps as grey pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from common.plots.frame import figure, show


def show_images(images: Sequence[np.ndarray], titles: Sequence[str] = (), row: int | None = None) -> None:
    """Grey images (H, W) side by side, each with its own scale; `row` draws a line over that row of the first."""
    axes = figure(len(images), width=4.2 * len(images), height=3.0)
    for axis, image, title in zip(axes, images, [*titles, *[""] * len(images)], strict=False):
        axis.imshow(image, cmap="gray")
        axis.set_title(title, fontsize=10)
        axis.set_axis_off()
    if row is not None:
        axes[0].axhline(row, color="tab:orange", linewidth=1.5)
    show()


def show_sheet(images: np.ndarray, titles: Sequence[str] = (), columns: int = 10) -> None:
    """A sheet of small grey images (N, H, W) or (N, H, W, 1), row by row, all on the scale of the brightest."""
    rows = -(-len(images) // columns)
    axes = figure(columns, rows, width=0.95 * columns, height=(1.2 if titles else 1.0) * rows)
    for axis, image, title in zip(axes, images, [*titles, *[""] * len(images)], strict=False):
        axis.imshow(np.squeeze(image), cmap="gray", vmin=images.min(), vmax=images.max())
        axis.set_title(title, fontsize=9, pad=2)
    for axis in axes:
        axis.set_axis_off()
    show()
