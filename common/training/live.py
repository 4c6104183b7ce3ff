"""Curves that grow in a notebook while a model trains: two displays that are replaced in place."""

from __future__ import annotations

import html
import io
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.duration import duration
from common.training.progress import EVERY, Lines, bar, numbers
from common.training.run import Run

PATIENCE = 10  # drawing may take a tenth of the time


@dataclass(frozen=True)
class Status:
    """A line of text, with a bar behind it while an epoch runs."""

    text: str
    part: float | None = None

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        shown = "" if self.part is None else f'<progress value="{self.part:.3f}" max="1"></progress> '
        return f'<div style="font-family:monospace;white-space:pre-wrap">{shown}{html.escape(self.text)}</div>'


@dataclass(frozen=True)
class Picture:
    """A figure as PNG, with words for who does not see it."""

    png: bytes
    words: str

    def __repr__(self) -> str:
        return self.words

    def _repr_png_(self) -> bytes:
        return self.png


class Notebook(Lines):
    """The curves above, what happens now below. At the end both stand still and are kept with the notebook."""

    def __init__(self) -> None:
        self.curves: Any = None
        self.status = _display(Status("Keras prepares the first batch …"))
        self.began = self.last = self.drawn = time.monotonic()
        self.cost = 0.0
        self.notes: list[str] = []

    def batch(self, run: Run, part: float, logs: Mapping[str, Any]) -> None:
        """Move the bar, now and then."""
        now = time.monotonic()
        if now - self.last >= EVERY:
            self.last = now
            self._say(Status(f"{bar(run, part, now - self.began, logs)}", part))

    def epoch(self, run: Run, seconds: float) -> None:
        """Draw the curves anew, unless that was a moment ago."""
        self._say(Status(f"{numbers(run)}  {duration(seconds)}"))
        self.began = time.monotonic()
        if self.began - self.drawn >= PATIENCE * self.cost:
            self._draw(run)

    def say(self, text: str) -> None:
        """Keep a line; it stays below the curves."""
        self.notes.append(text)
        self._say(Status(""))

    def end(self, run: Run, text: str) -> None:
        """The last figure and the closing line."""
        self._draw(run)
        self._say(Status(text))

    def _say(self, status: Status) -> None:
        self.status.update(Status("\n".join([*self.notes, status.text]).strip(), status.part))

    def _draw(self, run: Run) -> None:
        if not run.loss:
            return
        start = time.monotonic()
        picture = Picture(png_of(run), numbers(run))
        if self.curves is None:
            self.curves = _display(picture)
        else:
            self.curves.update(picture)
        self.drawn = time.monotonic()
        self.cost = self.drawn - start


def png_of(run: Run) -> bytes:
    """The learning curves of a run as a PNG. No window, no global state of matplotlib."""
    from matplotlib.figure import Figure

    from common.plots.learning import draw_learning

    figure = Figure(figsize=(9.0, 3.0), layout="constrained")
    draw_learning(list(figure.subplots(1, 2)), {"": run})
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=90)
    return content.getvalue()


def _display(thing: Any) -> Any:
    """Show something and give the handle that replaces it."""
    return sys.modules["IPython"].display.display(thing, display_id=True)
