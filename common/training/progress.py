"""What is seen of a training: a bar on a terminal, a line for each epoch in a log, curves in a notebook."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping
from typing import Any

from common.duration import duration
from common.training.run import Run

EVERY = 0.2  # seconds between two looks of the bar
NAMES = {"loss": "loss", "accuracy": "accuracy", "validation_loss": "validation", "validation_accuracy": ""}


def watch(show: bool = True) -> Watcher:
    """Whoever fits where this runs."""
    if not show:
        return Watcher()
    if in_notebook():
        from common.training.live import Notebook

        return Notebook()
    return Bar() if sys.stdout.isatty() else Lines()


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this; IPython is never imported for the question."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


class Watcher:
    """Sees nothing. Others show something at some of these moments."""

    def batch(self, run: Run, part: float, logs: Mapping[str, Any]) -> None:
        """A batch is done, a `part` of the epoch."""

    def epoch(self, run: Run, seconds: float) -> None:
        """An epoch is done; it took so long."""

    def say(self, text: str) -> None:
        """Something worth a line."""

    def end(self, run: Run, text: str) -> None:
        """All is done, or stopped."""


class Lines(Watcher):
    """A line for each epoch: for log files, and for whatever reads the output of a program."""

    def epoch(self, run: Run, seconds: float) -> None:
        """Print the epoch's numbers."""
        self.say(f"{numbers(run)}  {duration(seconds)}")

    def say(self, text: str) -> None:
        """Print a line, at once."""
        print(text, flush=True)

    def end(self, run: Run, text: str) -> None:
        """Print the closing line."""
        self.say(text)


class Bar(Lines):
    """A bar that moves in one line of a terminal, and the same lines as in a log above it."""

    def __init__(self) -> None:
        self.began = self.last = time.monotonic()

    def batch(self, run: Run, part: float, logs: Mapping[str, Any]) -> None:
        """Draw the bar anew, now and then."""
        now = time.monotonic()
        if now - self.last >= EVERY:
            self.last = now
            width = max(20, shutil.get_terminal_size().columns - 1)
            sys.stdout.write("\r" + bar(run, part, now - self.began, logs)[:width].ljust(width))
            sys.stdout.flush()

    def say(self, text: str) -> None:
        """Print a line where the bar was."""
        width = max(20, shutil.get_terminal_size().columns - 1)
        sys.stdout.write("\r" + " " * width + "\r")
        super().say(text)
        self.began = time.monotonic()


def numbers(run: Run) -> str:
    """ "epoch  3 of 12  loss 0.4120  accuracy 87.1%  validation 0.3880  88.0%"."""
    parts = [f"epoch {run.epochs_done:>{len(str(run.epochs))}} of {run.epochs}"]
    for name, word in NAMES.items():
        if values := getattr(run, name):
            value = f"{values[-1]:.1%}" if "accuracy" in name else f"{values[-1]:.4f}"
            parts.append(f"{word} {value}".strip())
    return "  ".join(parts)


def bar(run: Run, part: float, seconds: float, logs: Mapping[str, Any]) -> str:
    """ "epoch 4 of 12  [##########..........]  50%  loss 0.40  3 s left"."""
    filled = round(20 * part)
    left = seconds * (1 - part) / part if part else 0.0
    seen = f"  loss {float(logs['loss']):.3f}" if "loss" in logs else ""
    return (
        f"epoch {run.epochs_done + 1} of {run.epochs}  [{'#' * filled}{'.' * (20 - filled)}] {part:4.0%}"
        f"{seen}  {duration(left)} left"
    )
