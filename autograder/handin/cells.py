"""What a hand-in is once it is read: cells of code and of text, and what was wrong with it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from autograder.handin.code import Names, names_in


@dataclass(frozen=True)
class HandInCell:
    """A code cell as it was handed in. `python` is its source without magics; None where it is not Python."""

    number: int  # its place in the notebook, counted from 1
    source: str
    python: str | None
    tags: frozenset[str] = frozenset()
    grade_id: str | None = None

    @property
    def label(self) -> str:
        """What tracebacks call this cell."""
        return f"<cell {self.number}>"

    @functools.cached_property
    def names(self) -> Names:
        """What it binds and needs."""
        return names_in(self.python or "")


@dataclass(frozen=True)
class HandInText:
    """A text cell, or a raw one, as it was handed in."""

    number: int
    source: str
    grade_id: str | None = None


@dataclass(frozen=True)
class HandIn:
    """A handed-in notebook: its cells, and what was wrong with it and read all the same."""

    cells: tuple[HandInCell, ...]
    repairs: tuple[str, ...] = ()
    texts: tuple[HandInText, ...] = ()
