"""Tables of numbers as squares, each with its number: kernels, matrices, windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from common.plots.frame import figure, show

MOST_NUMBERS = 400  # above this many squares a written number is unreadable


def show_grids(
    grids: Sequence[np.ndarray],
    titles: Sequence[str] = (),
    axes: tuple[str, str] = ("", ""),
    names: Sequence[str] = (),
) -> None:
    """Tables of numbers (rows, columns) side by side as coloured cells; `axes` names what runs down and across.

    `names` are those of the rows and of the columns alike, as in a confusion matrix.
    """
    places = figure(len(grids), width=4.2 * len(grids), height=4.0)
    for place, grid, title in zip(places, grids, [*titles, *[""] * len(grids)], strict=False):
        place.imshow(grid, cmap="Blues", vmin=min(0.0, float(grid.min())))
        place.set_title(title, fontsize=10)
        place.set_ylabel(axes[0])
        place.set_xlabel(axes[1])
        place.set_xticks(range(len(names)), names)
        place.set_yticks(range(len(names)), names)
        if grid.size <= MOST_NUMBERS:
            middle = (float(grid.max()) + min(0.0, float(grid.min()))) / 2
            for (row, column), value in np.ndenumerate(grid):
                colour = "white" if value > middle else "black"
                place.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)
    show()


def show_numbers(grids: Mapping[str, np.ndarray], window: int = 0) -> None:
    """Grids (H, W) side by side, each square with its number; lines every `window` squares in the first."""
    import matplotlib.pyplot as plt

    widths = [max(grid.shape[1], 2) for grid in grids.values()]
    size = (0.75 * sum(widths) + 0.5, 0.75 * max(grid.shape[0] for grid in grids.values()) + 0.4)
    _, axes = plt.subplots(1, len(grids), figsize=size, squeeze=False, layout="constrained", width_ratios=widths)
    for axis, (title, grid) in zip(axes.flat, grids.items(), strict=True):
        axis.imshow(grid, cmap="Blues", vmin=float(grid.min()), vmax=float(grid.max()) * 1.4 or 1.0)
        for (row, column), number in np.ndenumerate(grid):
            axis.text(column, row, f"{number:.3g}", ha="center", va="center", fontsize=10)
        axis.set_title(title, fontsize=10)
        axis.set_axis_off()
    high, wide = next(iter(grids.values())).shape
    for place in range(window, max(high, wide), window) if window else ():
        axes.flat[0].axhline(place - 0.5, color="tab:orange", linewidth=2)
        axes.flat[0].axvline(place - 0.5, color="tab:orange", linewidth=2)
    show()


def show_kernels(kernels: Mapping[str, np.ndarray], digits: int = 2) -> None:
    """Kernels (kh, kw) side by side, blue below 0 and red above; up to 8x8 with their numbers."""
    axes = figure(len(kernels), width=3.0 * len(kernels), height=3.0)
    for axis, (name, kernel) in zip(axes, kernels.items(), strict=True):
        largest = float(np.abs(kernel).max()) or 1.0
        axis.imshow(kernel, cmap="RdBu_r", vmin=-largest, vmax=largest)
        axis.set_title(name, fontsize=10)
        axis.set_axis_off()
        for (row, column), value in np.ndenumerate(kernel if max(kernel.shape) <= 8 else kernel[:0]):
            colour = "white" if abs(value) > 0.6 * largest else "black"
            axis.text(column, row, f"{value:z.{digits}f}", ha="center", va="center", fontsize=8, color=colour)
    show()


def show_windows(size: int, kernel: int, stride: int, pads: Mapping[str, tuple[int, int]]) -> None:
    """Where a kernel stands on a padded line of pixels: one strip per pair (before, after), its windows below it."""
    axes = figure(1, len(pads), width=8.0, height=1.7 * len(pads))
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
    show()


def _square(left: float, bottom: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left, bottom), 1, 1, facecolor=colour, edgecolor="grey")
