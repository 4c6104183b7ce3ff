"""Figures for notebooks. matplotlib loads when the first one is drawn."""

from common.plots.curves import show_bars, show_curves, show_panels, show_signals
from common.plots.grids import show_grids, show_kernels, show_numbers, show_windows
from common.plots.images import show_images, show_sheet
from common.plots.learning import show_learning

__all__ = [
    "show_bars",
    "show_curves",
    "show_grids",
    "show_images",
    "show_kernels",
    "show_learning",
    "show_numbers",
    "show_panels",
    "show_sheet",
    "show_signals",
    "show_windows",
]
