"""The frame of every figure: axes side by side or one below the other, shown at once. matplotlib loads here."""

from __future__ import annotations

from typing import Any


def figure(columns: int, rows: int = 1, *, width: float, height: float) -> list[Any]:
    """The axes of a new figure of that size in inches, row by row."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained")
    return list(axes.flat)


def show() -> None:
    """Show what was drawn, below the cell or in a window."""
    import matplotlib.pyplot as plt

    plt.show()
