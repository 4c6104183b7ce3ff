"""Write results into nbgrader's gradebook. One writer, one commit per hand-in.

Importing nbgrader takes seconds, so only commands that write grades import this module.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Known and harmless: nbgrader's models flush while SQLAlchemy 2.1 links them.
warnings.filterwarnings("ignore", message=".*autoflush.*", module="sqlalchemy.*")
warnings.filterwarnings("ignore", message=".*Object of type <.*> not in session.*")

import nbgrader.api  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402
from nbformat import NotebookNode  # noqa: E402
from nbgrader.api import (  # noqa: E402
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.dbutil import ALEMBIC_DIR  # noqa: E402
from nbgrader.preprocessors import SaveCells  # noqa: E402
from sqlalchemy import Engine, event, insert, select  # noqa: E402
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from autograder.building.source import check_id  # noqa: E402
from autograder.course import LoadedAssignment  # noqa: E402
from autograder.gradebook.comment import comment  # noqa: E402
from autograder.grading.result import Before, SubmissionResult, SubmissionStatus  # noqa: E402
from common.cases import QuestionResult, Status  # noqa: E402


def _newest_schema() -> str:
    """nbgrader's newest schema; it asks the `alembic` command, which takes two seconds to start."""
    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


nbgrader.api.get_alembic_version = _newest_schema


class GradebookError(Exception):
    """The gradebook cannot be used, in one sentence."""


@event.listens_for(Engine, "connect")
def _commit_quickly(connection: object, record: object) -> None:
    """SQLite waits for the disk at every commit; with a write-ahead log a killed process still loses nothing."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def open_gradebook(url: str) -> Iterator[Gradebook]:
    """Open a gradebook, SQLite or PostgreSQL, and make its tables when it is new."""
    try:
        with Gradebook(url) as gradebook:
            # The assignment's cells are the same for every hand-in: read once, not again after each commit.
            gradebook.db().expire_on_commit = False
            yield gradebook
    except (SQLAlchemyError, InvalidEntry) as problem:
        raise GradebookError(f"The gradebook cannot be used: {str(problem).splitlines()[0]}") from problem


def declare(gradebook: Gradebook, url: str, assignment: LoadedAssignment, release: NotebookNode) -> None:
    """Tell the gradebook the assignment's cells and points, by nbgrader's own preprocessor."""
    gradebook.update_or_create_assignment(assignment.name)
    place = {"notebook": assignment.notebook, "assignment": assignment.name, "db_url": url}
    try:
        SaveCells().preprocess(release, {"nbgrader": place})
    except RuntimeError as problem:
        raise GradebookError(
            f"{assignment.name} has other questions than the gradebook knows, and it already holds grades. "
            "Grade into a new folder (--to), or remove the assignment from the old gradebook first."
        ) from problem
    gradebook.db.expire_all()


def record(gradebook: Gradebook, result: SubmissionResult, notebook: str) -> None:
    """Write one hand-in's scores and comments. A score that a person typed in stays."""
    if result.status is not SubmissionStatus.GRADED:
        return
    with _one_transaction(gradebook):
        _record(gradebook, result, notebook)


@contextmanager
def _one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """nbgrader's methods commit at every step; here a hand-in is written whole or not at all."""
    session = gradebook.db()
    session.commit = session.flush
    try:
        yield
    except BaseException:
        del session.commit
        session.rollback()
        raise
    del session.commit
    session.commit()


def _record(gradebook: Gradebook, result: SubmissionResult, notebook: str) -> None:
    gradebook.update_or_create_student(result.student)
    held = select(SubmittedAssignment.id).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    held = held.where(SubmittedAssignment.student_id == result.student, Assignment.name == result.assignment)
    if gradebook.db.execute(held).first() is None:
        _record_first(gradebook, result, notebook)
    else:
        _record_again(gradebook, result, notebook)


def _record_first(gradebook: Gradebook, result: SubmissionResult, notebook: str) -> None:
    """What nbgrader's add_submission writes, with scores and comments, in four statements where it takes dozens."""
    grades, comments = _by_cell(result)
    cells = gradebook.db.execute(
        select(Assignment.id, Notebook.id, Notebook.name, BaseCell.id, BaseCell.name, BaseCell.type)
        .join(Notebook, Notebook.assignment_id == Assignment.id)
        .join(BaseCell, BaseCell.notebook_id == Notebook.id)
        .where(Assignment.name == result.assignment)
    ).all()
    submission, copies = new_uuid(), {row[1]: new_uuid() for row in cells}
    owner = {"id": submission, "assignment_id": cells[0][0], "student_id": result.student}
    scored, commented = [], []
    for _, place, name, cell, cell_name, kind in cells:
        row = {"notebook_id": copies[place], "cell_id": cell}
        ours = name == notebook
        if kind != "SolutionCell":
            question = grades.get(cell_name) if ours else None
            manual = question is not None and question.status is Status.MANUAL
            score = None if manual or question is None else question.score
            scored.append({**row, "auto_score": score, "needs_manual_grade": manual})
        if kind != "GradeCell":
            question = comments.get(cell_name) if ours else None
            text = None if question is None else _bounded(question, result.before.get(cell_name))
            commented.append({**row, "auto_comment": text})
    notebooks = [{"id": copied, "notebook_id": place, "assignment_id": submission} for place, copied in copies.items()]
    written = ((SubmittedAssignment, [owner]), (SubmittedNotebook, notebooks), (Grade, scored), (Comment, commented))
    for table, rows in written:
        gradebook.db.execute(insert(table), rows)


def _record_again(gradebook: Gradebook, result: SubmissionResult, notebook: str) -> None:
    submission = gradebook.find_submission(result.assignment, result.student)
    submitted = next(each for each in submission.notebooks if each.name == notebook)
    grades, comments = _by_cell(result)
    for grade in submitted.grades:
        if question := grades.get(grade.name):
            manual = question.status is Status.MANUAL
            grade.auto_score = None if manual else question.score
            grade.needs_manual_grade = manual or grade.manual_score is not None
    for each in submitted.comments:
        if question := comments.get(each.name):
            each.auto_comment = _bounded(question, result.before.get(each.name))


def _by_cell(result: SubmissionResult) -> tuple[dict[str, QuestionResult], dict[str, QuestionResult]]:
    """Questions by the name of the cell that has their points, and of the cell that has their answer.

    A written answer is its own graded cell, all others have a check cell that carries the points.
    """
    by_answer = {question.question: question for question in result.questions}
    return {check_id(name): question for name, question in by_answer.items()} | by_answer, by_answer


Scores = dict[tuple[str, str], dict[str, float | None]]


def recorded_scores(gradebook: Gradebook) -> Scores:
    """All automatic scores that the gradebook holds, by student and assignment, in one query."""
    rows = gradebook.db.execute(
        select(SubmittedAssignment.student_id, Assignment.name, BaseCell.name, Grade.auto_score)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
    )
    found: Scores = {}
    for student, assignment, cell, score in rows:
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
