"""Make nbgrader's source notebook: the master's cells with the metadata that the rubric implies."""

from __future__ import annotations

import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.building.names import check_id
from autograder.calibration.table import NotCalibrated, as_markdown
from autograder.course import CourseError, LoadedAssignment
from autograder.rubric.master import Cell, Role

SCHEMA_VERSION = 3
TABLE = re.compile(r"^\[calibration of (\w+)\]$", re.MULTILINE)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def source_notebook(assignment: LoadedAssignment) -> NotebookNode:
    """The notebook with solutions in it, as nbgrader wants its sources."""
    _insist_on_pairs(assignment)
    cells = [_notebook_cell(assignment, cell, ordinal) for ordinal, cell in enumerate(assignment.master.cells)]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def _notebook_cell(assignment: LoadedAssignment, cell: Cell, ordinal: int) -> NotebookNode:
    text = cell.role in (Role.TEXT, Role.ANSWER)
    make = nbformat.v4.new_markdown_cell if text else nbformat.v4.new_code_cell
    graded = _grading_metadata(assignment, cell)
    metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
    if graded:
        metadata["nbgrader"] = graded
    # An id of the cell's place, not a random one: the same master gives the same bytes.
    source = _with_tables(assignment, cell.source) if text else cell.source
    made: NotebookNode = make(source, metadata=metadata, id=graded.get("grade_id", f"{cell.role}-{ordinal}"))
    return made


def _with_tables(assignment: LoadedAssignment, text: str) -> str:
    """The text with each line `[calibration of NAME]` replaced by the table of that question."""
    folder = assignment.master.path.parent
    try:
        return TABLE.sub(lambda found: as_markdown(folder, found.group(1)), text)
    except NotCalibrated as problem:
        raise CourseError(str(problem)) from None


def _grading_metadata(assignment: LoadedAssignment, cell: Cell) -> dict[str, Any]:
    if cell.role is Role.SOLUTION:
        question = _question_of(assignment, cell)
        return _metadata(question, solution=True)
    if cell.role is Role.ANSWER and cell.answers:
        return _metadata(cell.answers, points=assignment.rubric[cell.answers].points, grade=True, solution=True)
    if cell.role is Role.CHECK and cell.checks:
        return _metadata(check_id(cell.checks), points=assignment.rubric[cell.checks].points, grade=True, locked=True)
    return {}


def _metadata(grade_id: str, points: float | None = None, **flags: bool) -> dict[str, Any]:
    roles = {"grade": False, "locked": False, "solution": False, "task": False} | flags
    base: dict[str, Any] = {"grade_id": grade_id, "schema_version": SCHEMA_VERSION, **roles}
    return base if points is None else base | {"points": points}


def _question_of(assignment: LoadedAssignment, cell: Cell) -> str:
    names = [name for name in cell.defines if name in assignment.rubric]
    if len(names) != 1:
        raise CourseError(
            f"{assignment.master.path.name}, line {cell.line}: a solution cell must define just one question of the "
            f"rubric; this one defines {', '.join(names) or 'none'}."
        )
    return names[0]


def _insist_on_pairs(assignment: LoadedAssignment) -> None:
    """Every question needs a cell to write in and a cell that checks it, once each, in the rubric's order."""
    cells = assignment.master.cells
    asked = [question.name for question in assignment.rubric.automatic]
    written = [question.name for question in assignment.rubric.questions if question.name not in asked]
    answers = [cell.answers for cell in cells if cell.role is Role.ANSWER]
    if answers != written:
        raise CourseError(f"{assignment.name}: the rubric's written questions are {written}, the master's {answers}.")
    solved = [_question_of(assignment, cell) for cell in cells if cell.role is Role.SOLUTION]
    checked = [cell.checks for cell in cells if cell.role is Role.CHECK]
    for what, found in (("solution cells", solved), ("check cells", checked)):
        if found != asked:
            raise CourseError(f"{assignment.name}: the rubric asks for {asked}, but the master's {what} are {found}.")
