"""Match a hand-in to questions: by name and by code, with cell metadata only as a tie-breaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.handin.cells import HandIn, HandInCell
from autograder.handin.code import define_alike, is_empty, is_readable, names_in
from autograder.handin.notebook import MOST_CELLS
from autograder.rubric.master import CHECK, Role

LabelledSource = tuple[str, str]
MOST_REORDERED = 100  # an answer that leans on more cells than this keeps the notebook's order


@dataclass(frozen=True)
class Program:
    """What the jail runs for one question: given cells, the cells the answer leans on, the answer itself.

    `everything` is the whole notebook, for an answer that leans on names which cannot be seen in its text.
    """

    answer: HandInCell
    cells: tuple[LabelledSource, ...]
    everything: tuple[LabelledSource, ...]


def find_answer(handin: HandIn, question: str, stub: str) -> HandInCell | None:
    """The cell that answers a question: it defines the name, is no stub, is Python, has its id, is the last."""
    found = answers(handin, question)
    return max(found, key=lambda cell: _rank(cell, question, stub), default=None)


def answers(handin: HandIn, question: str) -> list[HandInCell]:
    """All cells that define a question's name."""
    return [cell for cell in handin.cells if question in cell.names.binds]


def why_missing(handin: HandIn, question: str) -> str:
    """A sentence to a student for whose question no cell was found."""
    begins = re.compile(
        rf"^\s*(?:(?:async )?def|class)\s+{re.escape(question)}\b|^{re.escape(question)}\s*=", re.MULTILINE
    )
    if text := next((text for text in handin.texts if begins.search(text.source)), None):
        return f"`{question}` stands in cell {text.number}, which is a text cell. Turn it into a code cell."
    if foreign := next((cell for cell in handin.cells if cell.python is None and begins.search(cell.source)), None):
        return (
            f"`{question}` stands in cell {foreign.number}, which is not run as Python. Take out its first line (%%)."
        )
    return f"no cell of the notebook defines `{question}`."


def find_text(handin: HandIn, question: str, stub: str) -> str:
    """The text that answers a written question, or "" where nothing was written.

    It is the cell with the question's id; where metadata is gone, the last cell that begins as the released one does.
    """
    heading = stub.strip().splitlines()[0] if stub.strip() else question
    found = [text for text in handin.texts if text.grade_id == question]
    found = found or [text for text in handin.texts if text.source.strip().startswith(heading)]
    written = [text.source for text in found if text.source.strip() not in ("", stub.strip())]
    return written[-1] if written else ""


def is_stub(cell: HandInCell, question: str, stub: str) -> bool:
    """Whether a cell leaves a question as it was released, or empty, whatever else stands in it."""
    if cell.source.strip() == stub.strip() or is_empty(cell.python or "", question):
        return True
    return define_alike(cell.python or "", stub, question)


def _rank(cell: HandInCell, question: str, stub: str) -> tuple[bool, bool, bool, int]:
    readable = is_readable(cell.python or "")
    return (not is_stub(cell, question, stub), readable, cell.grade_id == question, cell.number)


def program(handin: HandIn, answer: HandInCell, given: Sequence[LabelledSource], question: str = "") -> Program:
    """The answer with all it needs, in the notebook's order. Given cells come from the instructor, not the hand-in."""
    known = {name for _, source in given for name in names_in(source).binds}
    usable = [cell for cell in handin.cells if cell.python is not None and not _is_for_students(cell)]
    needed = _needed(answer, usable, known, question)
    return Program(
        answer=answer,
        cells=(*given, *_labelled(needed)),
        everything=(*given, *_labelled(usable)),
    )


def _needed(answer: HandInCell, usable: Sequence[HandInCell], known: set[str], question: str) -> list[HandInCell]:
    """The answer's cell and, step by step, the cells that define what is still undefined."""
    needed = {answer.number: answer} | {cell.number: cell for cell in usable if cell.names.star}
    # What the next cells make of the answer itself belongs to it: conv2d = vectorized(conv2d).
    later = [cell for cell in usable if cell.number > answer.number]
    needed |= {cell.number: cell for cell in later if question in cell.names.now & cell.names.binds}
    definers: dict[str, list[HandInCell]] = {}
    for cell in usable:
        for name in cell.names.binds:
            definers.setdefault(name, []).append(cell)
    queue = list(needed.values())
    while queue:
        cell = queue.pop()
        # What is read before it is bound must come from an earlier cell, all else from any.
        wanted = [(name, cell.number) for name in cell.names.now & cell.names.binds]
        wanted += [(name, MOST_CELLS + 1) for name in cell.names.needs - cell.names.binds - known]
        for name, end in wanted:
            for other in definers.pop(name, []) if end > MOST_CELLS else definers.get(name, []):
                # A scratch copy of the answer itself must not come after it and win.
                scratch = other.number > answer.number and answer.names.binds & other.names.binds
                if other.number not in needed and other.number < end and not scratch:
                    needed[other.number] = other
                    queue.append(other)
    return _in_order([needed[number] for number in sorted(needed)])


def _in_order(cells: Sequence[HandInCell]) -> list[HandInCell]:
    """The notebook's order, but what a cell needs while it runs comes first, wherever it stands."""
    if len(cells) > MOST_REORDERED:
        return list(cells)
    placed: dict[int, HandInCell] = {}
    stack: list[int] = []

    def place(cell: HandInCell) -> None:
        if cell.number in placed or cell.number in stack:
            return
        stack.append(cell.number)
        have = {name for other in cells if other.number < cell.number for name in other.names.binds}
        for other in cells:
            if other.number > cell.number and (cell.names.now - cell.names.binds - have) & other.names.binds:
                place(other)
        stack.pop()
        placed[cell.number] = cell

    for cell in cells:
        place(cell)
    return list(placed.values())


def _labelled(cells: Iterable[HandInCell]) -> list[LabelledSource]:
    return [(cell.label, cell.python) for cell in cells if cell.python is not None]


def _is_for_students(cell: HandInCell) -> bool:
    """Check cells and experiments: run by students, never by the grader."""
    return Role.EXPERIMENT in cell.tags or bool(CHECK.match(cell.source.lstrip()))
