"""Write results into the gradebook, and read what it holds. One writer, one transaction per hand-in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    TableClause,
    bindparam,
    insert,
    inspect,
    select,
    update,
)

from autograder.building.names import check_id
from autograder.course import LoadedAssignment
from autograder.gradebook.comment import comment
from autograder.gradebook.notebook import Notebook, by_grade_id
from autograder.gradebook.tables import (
    ASSIGNMENT,
    BASE_CELL,
    COMMENT,
    GRADE,
    GRADE_CELL,
    NOTEBOOK,
    SOURCE_CELL,
    STUDENT,
    SUBMITTED_ASSIGNMENT,
    SUBMITTED_NOTEBOOK,
)
from autograder.grading.result import Before, SubmissionResult, SubmissionStatus
from common.cases import QuestionResult, Status

# Of an assignment by its name: its cells, and of a student whether there is a hand-in of it.
CELLS = (
    select(
        ASSIGNMENT.c.id.label("assignment"),
        NOTEBOOK.c.id.label("notebook"),
        NOTEBOOK.c.name.label("notebook_name"),
        BASE_CELL.c.id,
        BASE_CELL.c.name,
        BASE_CELL.c.type,
    )
    .join_from(ASSIGNMENT, NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
    .join(BASE_CELL, BASE_CELL.c.notebook_id == NOTEBOOK.c.id)
    .where(ASSIGNMENT.c.name == bindparam("assignment"))
)
HANDED_IN = (
    select(SUBMITTED_ASSIGNMENT.c.id)
    .join_from(SUBMITTED_ASSIGNMENT, ASSIGNMENT, SUBMITTED_ASSIGNMENT.c.assignment_id == ASSIGNMENT.c.id)
    .where(SUBMITTED_ASSIGNMENT.c.student_id == bindparam("student"), ASSIGNMENT.c.name == bindparam("assignment"))
)
KNOWN = select(STUDENT.c.id).where(STUDENT.c.id == bindparam("student"))


def _of_an_assignment(table: TableClause, column: ColumnElement[Any]) -> Select[Any]:
    """A column of the cells of an assignment's notebook, by the cell's name."""
    return (
        select(table.c.name, column)
        .join_from(table, NOTEBOOK, table.c.notebook_id == NOTEBOOK.c.id)
        .join(ASSIGNMENT, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
        .where(ASSIGNMENT.c.name == bindparam("assignment"), NOTEBOOK.c.name == bindparam("notebook"))
    )


def _of_a_notebook(table: TableClause, *more: ColumnElement[Any]) -> Select[Any]:
    """The rows of a table that belong to a notebook of a hand-in, each with the name of its cell."""
    return (
        select(table.c.id, BASE_CELL.c.name, *more)
        .join_from(table, BASE_CELL, table.c.cell_id == BASE_CELL.c.id)
        .join(SUBMITTED_NOTEBOOK, table.c.notebook_id == SUBMITTED_NOTEBOOK.c.id)
        .join(NOTEBOOK, SUBMITTED_NOTEBOOK.c.notebook_id == NOTEBOOK.c.id)
        .where(SUBMITTED_NOTEBOOK.c.assignment_id == bindparam("submission"), NOTEBOOK.c.name == bindparam("notebook"))
    )


# As they are declared: what each graded cell is worth, and the text of each cell.
WORTH = _of_an_assignment(BASE_CELL, GRADE_CELL.c.max_score).join(GRADE_CELL, GRADE_CELL.c.id == BASE_CELL.c.id)
TEXTS = _of_an_assignment(SOURCE_CELL, SOURCE_CELL.c.source)
GRADES, COMMENTS = _of_a_notebook(GRADE, GRADE.c.manual_score), _of_a_notebook(COMMENT)


def record(engine: Engine, result: SubmissionResult, notebook: str) -> None:
    """Write one hand-in's scores and comments, whole or not at all. A score that a person typed in stays."""
    if result.status is not SubmissionStatus.GRADED:
        return
    whose = {"student": result.student, "assignment": result.assignment}
    with engine.begin() as connection:
        if submission := connection.scalar(HANDED_IN, whose):
            _record_again(connection, submission, result, notebook)
        else:
            if connection.scalar(KNOWN, whose) is None:
                connection.execute(insert(STUDENT), {"id": result.student})
            _record_first(connection, result, notebook)


def _record_first(connection: Connection, result: SubmissionResult, notebook: str) -> None:
    """What nbgrader's add_submission writes, with scores and comments, in four statements where it takes dozens."""
    cells = connection.execute(CELLS, {"assignment": result.assignment}).all()
    grades, comments = _by_cell(result)
    submission, copies = _new_id(), {cell.notebook: _new_id() for cell in cells}
    scored, commented = [], []
    for cell in cells:
        row = {"id": _new_id(), "notebook_id": copies[cell.notebook], "cell_id": cell.id}
        ours = cell.notebook_name == notebook
        if cell.type != "SolutionCell":
            scored.append(row | _score(grades.get(cell.name) if ours else None))
        if cell.type != "GradeCell":
            told = comments.get(cell.name) if ours else None
            commented.append(row | {"auto_comment": _bounded(told, result.before.get(cell.name)) if told else None})
    owner = {"id": submission, "assignment_id": cells[0].assignment, "student_id": result.student}
    notebooks = [
        {"id": copied, "assignment_id": submission, "notebook_id": original, "flagged": False}
        for original, copied in copies.items()
    ]
    written = (SUBMITTED_ASSIGNMENT, [owner]), (SUBMITTED_NOTEBOOK, notebooks), (GRADE, scored), (COMMENT, commented)
    for table, rows in written:
        connection.execute(insert(table), rows)


def _record_again(connection: Connection, submission: str, result: SubmissionResult, notebook: str) -> None:
    grades, comments = _by_cell(result)
    place = {"submission": submission, "notebook": notebook}
    scored = [
        {"row": each.id, **_score(grades[each.name], marked=each.manual_score is not None)}
        for each in connection.execute(GRADES, place)
        if each.name in grades
    ]
    commented = [
        {"row": each.id, "auto_comment": _bounded(comments[each.name], result.before.get(each.name))}
        for each in connection.execute(COMMENTS, place)
        if each.name in comments
    ]
    for table, rows in ((GRADE, scored), (COMMENT, commented)):
        if rows:
            connection.execute(update(table).where(table.c.id == bindparam("row")), rows)


def _new_id() -> str:
    return uuid4().hex  # as nbgrader draws it


def _score(question: QuestionResult | None, marked: bool = False) -> dict[str, Any]:
    """The score, where grading gives one, and whether a person must look: at a written answer, at what they marked."""
    manual = question is not None and question.status is Status.MANUAL
    score = None if manual or question is None else question.score
    return {"auto_score": score, "needs_manual_grade": manual or marked}


def _by_cell(result: SubmissionResult) -> tuple[dict[str, QuestionResult], dict[str, QuestionResult]]:
    """Questions by the name of the cell that has their points, and of the cell that has their answer.

    A written answer is its own graded cell, all others have a check cell that carries the points.
    """
    by_answer = {question.question: question for question in result.questions}
    return {check_id(name): question for name, question in by_answer.items()} | by_answer, by_answer


def declared(engine: Engine, assignment: LoadedAssignment, release: Notebook) -> bool:
    """Whether the gradebook has the assignment's cells, points and texts as they are now."""
    cells = by_grade_id(release)
    known = {name: cell["metadata"]["nbgrader"] for name, cell in cells.items()}
    worth = {name: each["points"] for name, each in known.items() if each["grade"]}
    texts = {name: cell["source"] for name, cell in cells.items()}
    place = {"assignment": assignment.name, "notebook": assignment.notebook}
    with engine.connect() as connection:
        needed = {each.name for each in (ASSIGNMENT, NOTEBOOK, BASE_CELL, GRADE_CELL, SOURCE_CELL, GRADE, COMMENT)}
        if not needed <= set(inspect(connection).get_table_names()):
            return False  # none are there yet, or a run was killed while they were made
        held = [{row.name: row[1] for row in connection.execute(query, place)} for query in (WORTH, TEXTS)]
    return held == [worth, texts]


Scores = dict[tuple[str, str], dict[str, float | None]]


def recorded_scores(engine: Engine) -> Scores:
    """All automatic scores that the gradebook holds, by student and assignment, in one query."""
    query = (
        select(SUBMITTED_ASSIGNMENT.c.student_id, ASSIGNMENT.c.name, BASE_CELL.c.name, GRADE.c.auto_score)
        .join_from(GRADE, SUBMITTED_NOTEBOOK, GRADE.c.notebook_id == SUBMITTED_NOTEBOOK.c.id)
        .join(SUBMITTED_ASSIGNMENT, SUBMITTED_NOTEBOOK.c.assignment_id == SUBMITTED_ASSIGNMENT.c.id)
        .join(ASSIGNMENT, SUBMITTED_ASSIGNMENT.c.assignment_id == ASSIGNMENT.c.id)
        .join(BASE_CELL, GRADE.c.cell_id == BASE_CELL.c.id)
    )
    found: Scores = {}
    with engine.connect() as connection:
        for student, assignment, cell, score in connection.execute(query):
            found.setdefault((student, assignment), {})[cell] = score
    return found


def agrees(scores: Scores, result: SubmissionResult) -> bool:
    """Whether the gradebook already holds a result's scores."""
    held = scores.get((result.student, result.assignment), {})
    return all(
        held.get(check_id(each.question)) == each.score
        for each in result.questions
        if each.status is not Status.MANUAL and check_id(each.question) in held
    ) and bool(held)


def _bounded(question: QuestionResult, before: Before | None) -> str:
    first, *rest = comment(question).split("\n")
    lines = [first, before.sentence, *rest] if before else [first, *rest]
    # PostgreSQL stores no null bytes; what stems from a student is text of bounded length.
    return "\n".join(lines).replace("\0", "")[:4000]
