"""Signals, curves and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from common.plots.frame import figure, show


def show_signals(signals: Mapping[str, np.ndarray]) -> None:
    """Signals (L,) one below the other, with the same horizontal axis."""
    axes = figure(1, len(signals), width=9.0, height=1.7 * len(signals))
    for axis, (name, signal) in zip(axes, signals.items(), strict=True):
        axis.plot(signal, linewidth=1.2)
        axis.set_title(name, fontsize=10, loc="left")
        axis.margins(x=0)
    show()


def show_curves(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], across: str, up: str, log: str = "", title: str = ""
) -> None:
    """Curves in one frame, each (x, y); `log` names the logarithmic axes: "", "x", "y" or "xy"."""
    (axis,) = figure(1, width=8.0, height=3.4)
    _draw_curves(axis, curves)
    axis.set(xlabel=across, ylabel=up, title=title)
    _scale(axis, log)
    if len(curves) > 1:
        axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    else:
        axis.set_title(title or next(iter(curves)), fontsize=10, loc="left")
    show()


def show_panels(
    panels: Mapping[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]], across: str, up: str, log: str = ""
) -> None:
    """Frames of curves side by side, for comparing: they share their vertical axis, which begins at 0."""
    axes = figure(len(panels), width=4.2 * len(panels), height=3.2)
    highest = max(max(y) for curves in panels.values() for _, y in curves.values())
    for axis, (title, curves) in zip(axes, panels.items(), strict=True):
        _draw_curves(axis, curves)
        axis.set(xlabel=across, ylim=(0, 1.05 * highest))
        axis.set_title(title, fontsize=10)
        _scale(axis, log)
    axes[0].set_ylabel(up)
    axes[0].legend(frameon=False)
    show()


def _draw_curves(axis: Any, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> None:
    for (name, (x, y)), dashes in zip(curves.items(), ["-", "--", "-.", ":"] * len(curves), strict=False):
        axis.plot(x, y, dashes, label=name, linewidth=1.6, marker="o" if len(x) <= 20 else None, markersize=4)
    axis.grid(alpha=0.3)


def _scale(axis: Any, log: str) -> None:
    axis.set_xscale("log" if "x" in log else "linear")
    axis.set_yscale("log" if "y" in log else "linear")


def show_bars(bars: Mapping[str, float], unit: str, title: str = "") -> None:
    """Horizontal bars with their values."""
    (axis,) = figure(1, width=7.0, height=0.7 + 0.45 * len(bars))
    drawn = axis.barh(list(bars), list(bars.values()), color="tab:blue", height=0.6)
    axis.bar_label(drawn, fmt="%.3g", padding=3)
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.set(xlabel=unit, title=title)
    show()
