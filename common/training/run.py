"""What a training has shown, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.duration import duration

CURVES = ("loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate")


@dataclass
class Run:
    """A training's history: one number for each epoch in each list; accuracies stay empty where none was measured.

    `loss` and `accuracy` are means over the epoch, taken while the weights changed and with dropout on; those of the
    validation are measured after it. `epochs_done` counts whole epochs, those before a lost runtime included.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: float = 0.0
    device: str = ""
    epochs_done: int = 0
    epochs: int = 0  # as many as were asked for
    resumed_after: int = 0  # epochs that came from a checkpoint

    def add(self, logs: Mapping[str, float]) -> None:
        """Note one epoch's numbers, by the names of the lists."""
        for name, value in logs.items():
            getattr(self, name).append(float(value))

    def as_json(self) -> dict[str, Any]:
        """The curves as plain data."""
        return {name: getattr(self, name) for name in CURVES} | {
            "seconds": self.seconds,
            "epochs_done": self.epochs_done,
        }

    def closing(self, examples: int) -> str:
        """One line for the end: accuracy, time, device. `examples` are those of the validation, 0 for none."""
        done = (
            f"{self.epochs_done} of {self.epochs} epochs"
            if self.epochs_done < self.epochs
            else _count(self.epochs_done, "epoch")
        )
        where = f"{duration(self.seconds)} on {self.device}"
        if self.validation_accuracy:
            return f"{self.validation_accuracy[-1]:.1%} of {examples:,} validation images right after {done}; {where}."
        if self.accuracy:
            return f"{self.accuracy[-1]:.1%} of the training images right after {done}; {where}."
        return f"loss {self.loss[-1]:.4g} after {done}; {where}." if self.loss else f"Nothing was trained; {where}."


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
