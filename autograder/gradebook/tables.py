"""The gradebook's tables, as far as grading reads and writes them, and how to open it.

nbgrader makes them (`autograder.gradebook.store`); here they are named once more, because importing nbgrader takes a
second, and a class that has not changed is only looked at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Boolean, DateTime, Engine, Float, Interval, column, create_engine, event, table
from sqlalchemy.exc import SQLAlchemyError

STUDENT = table("student", column("id"))
ASSIGNMENT = table("assignment", column("id"), column("name"), column("duedate", DateTime))
NOTEBOOK = table("notebook", column("id"), column("name"), column("assignment_id"))
BASE_CELL = table("base_cell", column("id"), column("name"), column("type"), column("notebook_id"))
GRADE_CELL = table("grade_cells", column("id"), column("max_score", Float))
SOURCE_CELL = table("source_cell", column("name"), column("source"), column("notebook_id"))
SUBMITTED_ASSIGNMENT = table(
    "submitted_assignment",
    column("id"),
    column("assignment_id"),
    column("student_id"),
    column("timestamp", DateTime),
    column("extension", Interval),
)
SUBMITTED_NOTEBOOK = table(
    "submitted_notebook",
    column("id"),
    column("assignment_id"),  # the submitted one
    column("notebook_id"),
    column("flagged", Boolean),
    column("late_submission_penalty", Float),
)
GRADE = table(
    "grade",
    column("id"),
    column("notebook_id"),  # the submitted one
    column("cell_id"),
    column("auto_score", Float),
    column("manual_score", Float),
    column("extra_credit", Float),
    column("needs_manual_grade", Boolean),
)
COMMENT = table("comment", column("id"), column("notebook_id"), column("cell_id"), column("auto_comment"))


class GradebookError(Exception):
    """The gradebook cannot be used, in one sentence."""


@event.listens_for(Engine, "connect")
def _commit_quickly(connection: object, record: object) -> None:
    """SQLite waits for the disk at every commit; with a write-ahead log a killed process still loses nothing."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def open_tables(url: str) -> Iterator[Engine]:
    """Open a gradebook, SQLite or PostgreSQL. Its tables need not be there yet."""
    with in_one_sentence():
        engine = create_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def in_one_sentence(*others: type[BaseException]) -> Iterator[None]:
    """Say in one sentence what the database refused."""
    expected: tuple[type[BaseException], ...] = (SQLAlchemyError, *others)
    try:
        yield
    except expected as problem:
        raise GradebookError(f"The gradebook cannot be used: {str(problem).splitlines()[0]}") from problem
