"""Put back together what was split: a function whose head stands in one cell and whose rest in the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.handin.cells import HandInCell
from autograder.handin.code import is_readable, names_in

MOST_PIECES = 4


def join_split(cells: Sequence[HandInCell]) -> tuple[list[HandInCell], list[str]]:
    """Cells with split ones joined, and what was joined, in words."""
    joined: list[HandInCell] = []
    notes: list[str] = []
    broken = [cell.python is not None and not is_readable(cell.python) for cell in cells]
    at = 0
    while at < len(cells):
        pieces = _pieces(cells, broken, at)
        joined.append(_one(cells[at : at + pieces]))
        if pieces > 1:
            first, last = cells[at].number, cells[at + pieces - 1].number
            notes.append(f"an answer was split over cells {first} to {last}, which were read as one")
        at += pieces
    return joined, notes


def _pieces(cells: Sequence[HandInCell], broken: Sequence[bool], at: int) -> int:
    """How many cells, from here on, make one that is Python where they alone are not."""
    for count in range(2, min(MOST_PIECES, len(cells) - at) + 1):
        last = at + count - 1
        if cells[last].python is None or cells[last].number != cells[last - 1].number + 1:
            break
        if not broken[last] and (not broken[at] or names_in(cells[last].python or "").binds):
            break  # it stands on its own feet, and may be somebody's answer
        if is_readable(_one(cells[at : last + 1]).python or ""):
            return count
    return 1


def _one(pieces: Sequence[HandInCell]) -> HandInCell:
    if len(pieces) == 1:
        return pieces[0]
    source = "\n".join(cell.source for cell in pieces)
    python = "\n".join(cell.python or "" for cell in pieces)
    grade_id = next((cell.grade_id for cell in pieces if cell.grade_id), None)
    return replace(pieces[0], source=source, python=python, grade_id=grade_id)
