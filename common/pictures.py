"""Figures of tables of numbers, curves and taps, and the small digits. matplotlib and data load when first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

MOST_NUMBERS = 400  # above this many cells a written number is unreadable


def digits() -> np.ndarray:
    """1797 handwritten digits, (1797, 8, 8), values from 0 to 1, each in the middle. They come with scikit-learn."""
    from sklearn.datasets import load_digits

    images: np.ndarray = load_digits().images / 16.0
    return images


def show_grids(grids: Sequence[np.ndarray], titles: Sequence[str] = (), axes: tuple[str, str] = ("", "")) -> None:
    """Tables of numbers (rows, columns) side by side as coloured cells; `axes` names what runs down and across."""
    import matplotlib.pyplot as plt

    _, places = plt.subplots(1, len(grids), figsize=(4.2 * len(grids), 4.0), squeeze=False, layout="constrained")
    for place, grid, title in zip(places.flat, grids, [*titles, *[""] * len(grids)], strict=False):
        place.imshow(grid, cmap="Blues", vmin=min(0.0, float(grid.min())))
        place.set_title(title, fontsize=10)
        place.set_ylabel(axes[0])
        place.set_xlabel(axes[1])
        place.set_xticks([])
        place.set_yticks([])
        if grid.size <= MOST_NUMBERS:
            middle = (float(grid.max()) + min(0.0, float(grid.min()))) / 2
            for (row, column), value in np.ndenumerate(grid):
                colour = "white" if value > middle else "black"
                place.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)
    plt.show()


def show_curves(
    panels: Mapping[str, Mapping[str, Sequence[float]]], x: Sequence[float], xlabel: str, ylabel: str
) -> None:
    """One panel per title, in each a curve per name over the same logarithmic x; they share their vertical axis."""
    import matplotlib.pyplot as plt

    _, places = plt.subplots(
        1, len(panels), figsize=(4.2 * len(panels), 3.2), sharey=True, squeeze=False, layout="constrained"
    )
    for place, (title, curves) in zip(places.flat, panels.items(), strict=True):
        for name, values in curves.items():
            place.plot(x, values, marker="o", label=name)
        place.set_xscale("log")
        place.set_title(title, fontsize=10)
        place.set_xlabel(xlabel)
    places.flat[0].set_ylabel(ylabel)
    places.flat[0].set_ylim(bottom=0)
    places.flat[0].legend(frameon=False)
    plt.show()
