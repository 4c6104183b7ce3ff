"""Small diagrams beside the images of common.plots: curves over a common axis, grids with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def show_curves(
    x: Sequence[float] | np.ndarray, curves: Mapping[str, np.ndarray], across: str, up: str, log: bool = False
) -> None:
    """Curves (L,) over the same x (L,), each with its name; `across` and `up` name the axes."""
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    _, axis = plt.subplots(figsize=(9.5, 3.0), layout="constrained")
    for name, curve in curves.items():
        axis.plot(x, curve, label=name, linewidth=1.6, marker="o" if len(curve) <= 20 else "")
    axis.set_xlabel(across)
    axis.set_ylabel(up)
    if log:
        axis.set_yscale("log")
    axis.grid(alpha=0.3)
    if len(curves) > 1:
        axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    else:
        axis.set_title(next(iter(curves)), fontsize=10, loc="left")
    if all(float(place).is_integer() for place in x):
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    plt.show()


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
    plt.show()
