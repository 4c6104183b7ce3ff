"""Learning curves of one training or of several beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from common.plots.frame import figure, show


def show_learning(runs: Mapping[str, Any]) -> None:
    """Loss on the left and accuracy on the right, by epoch: training solid, validation dashed, a colour for each run.

    `runs` are what `fit` returned, by name.
    """
    draw_learning(figure(2, width=10.0, height=3.4), runs)
    show()


def draw_learning(axes: Sequence[Any], runs: Mapping[str, Any]) -> None:
    """Draw the curves of runs into two axes."""
    for axis, what in zip(axes, ("loss", "accuracy"), strict=True):
        for number, (name, run) in enumerate(runs.items()):
            for kind, curve, dashes in (("training", what, "-"), ("validation", f"validation_{what}", "--")):
                values = getattr(run, curve)
                marker = "o" if len(values) <= 20 else None
                label = f"{name}, {kind}" if name else kind
                epochs = range(1, len(values) + 1)
                if values:
                    axis.plot(epochs, values, dashes, color=f"C{number}", label=label, marker=marker, markersize=3)
        axis.set(xlabel="epoch", ylabel=what)
        axis.grid(alpha=0.3)
        axis.xaxis.get_major_locator().set_params(integer=True)
        if axis.lines:
            axis.legend(frameon=False, fontsize=9)
