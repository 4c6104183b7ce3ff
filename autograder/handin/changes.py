"""What became of the released notebook, in words for the instructor: deleted, merged, moved, retagged, edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.handin.cells import HandIn, HandInCell
from autograder.handin.match import answers, find_answer, is_stub

MOST_NOTES = 20
CHECKS = "check_"


def with_changes(handin: HandIn, questions: Sequence[str], released: Mapping[str, str]) -> HandIn:
    """The same hand-in, with a repair noted for each change. `released` are the released cells' sources by id."""
    found = {name: find_answer(handin, name, released.get(name, "")) for name in questions}
    notes = [
        *_gone(handin, found),
        *_several(handin, found, released),
        *_moved(handin, found),
        *_edited_checks(handin, questions, released),
    ]
    return replace(handin, repairs=(*handin.repairs, *notes[:MOST_NOTES]))


def _gone(handin: HandIn, found: Mapping[str, HandInCell | None]) -> list[str]:
    ids = {cell.grade_id for cell in handin.cells}
    notes = []
    for name, cell in found.items():
        if cell is None:
            what = "holds no definition of it any more" if name in ids else "was deleted"
            notes.append(f"the cell of {name} {what}")
        elif cell.grade_id != name and any(ids):
            notes.append(f"{name} was found by its name, in cell {cell.number}: its own cell was deleted or retagged")
    return notes


def _several(handin: HandIn, found: Mapping[str, HandInCell | None], released: Mapping[str, str]) -> list[str]:
    notes = []
    for name, chosen in found.items():
        stub = released.get(name, "")
        numbers = [str(cell.number) for cell in answers(handin, name) if not is_stub(cell, name, stub)]
        if chosen and len(numbers) > 1:
            notes.append(f"{name} is defined in cells {', '.join(numbers[:8])}; cell {chosen.number} counts")
    return notes


def _moved(handin: HandIn, found: Mapping[str, HandInCell | None]) -> list[str]:
    numbers = [cell.number for cell in found.values() if cell]
    notes = []
    for number in sorted({each for each in numbers if numbers.count(each) > 1}):
        names = [name for name, cell in found.items() if cell and cell.number == number]
        notes.append(f"{' and '.join(names)} stand together in cell {number}")
    if numbers != sorted(numbers):
        notes.append("the questions stand in another order")
    return notes


def _edited_checks(handin: HandIn, questions: Sequence[str], released: Mapping[str, str]) -> list[str]:
    edited = []
    for name in questions:
        mine = [cell.source.strip() for cell in handin.cells if cell.grade_id == CHECKS + name]
        if mine and CHECKS + name in released and released[CHECKS + name].strip() not in mine:
            edited.append(name)
    return [f"check cells were edited, which changes nothing: {', '.join(edited[:8])}"] if edited else []
