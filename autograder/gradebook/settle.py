"""Time rules in the gradebook: deadlines, extensions and late penalties, as the file says.

Scores stay as they were graded. Penalties are worked out from the file whenever grades are written or read out, so
that a changed file takes effect without grading again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, TableClause, case, func, select, update

from autograder.deadlines.lateness import TimeRules
from autograder.deadlines.receipts import Witness, claimed_time, note_receipts
from autograder.deadlines.rules import Late, penalty
from autograder.gradebook.tables import ASSIGNMENT, GRADE, SUBMITTED_ASSIGNMENT, SUBMITTED_NOTEBOOK
from autograder.handin.names import SUBMITTED
from autograder.handin.submission import Submission

Person = tuple[str, str]  # student and assignment
Stamps = Mapping[Person, datetime | None]

# As nbgrader counts it: what a person typed in goes before what was graded.
POINTS = func.coalesce(GRADE.c.manual_score, GRADE.c.auto_score)
SCORE = case((POINTS.is_not(None), POINTS + func.coalesce(GRADE.c.extra_credit, 0.0)), else_=0.0)
# Added up at once, not for each hand-in.
ADDED = select(GRADE.c.notebook_id, func.sum(SCORE).label("score")).group_by(GRADE.c.notebook_id).subquery()
ROWS = (
    select(
        SUBMITTED_NOTEBOOK.c.id,
        SUBMITTED_NOTEBOOK.c.late_submission_penalty,
        SUBMITTED_ASSIGNMENT.c.id.label("submission"),
        SUBMITTED_ASSIGNMENT.c.student_id,
        SUBMITTED_ASSIGNMENT.c.timestamp,
        SUBMITTED_ASSIGNMENT.c.extension,
        ASSIGNMENT.c.name,
        ADDED.c.score,
    )
    .join_from(
        SUBMITTED_NOTEBOOK, SUBMITTED_ASSIGNMENT, SUBMITTED_NOTEBOOK.c.assignment_id == SUBMITTED_ASSIGNMENT.c.id
    )
    .join(ASSIGNMENT, SUBMITTED_ASSIGNMENT.c.assignment_id == ASSIGNMENT.c.id)
    .outerjoin(ADDED, ADDED.c.notebook_id == SUBMITTED_NOTEBOOK.c.id)
)


def settle_class(engine: Engine, folder: Path, times: TimeRules, submissions: Sequence[Submission]) -> None:
    """Bring a class folder's gradebook in line with the time rules, and with when these hand-ins were received."""
    record = note_receipts(folder, {(each.student, each.assignment): each.receipt for each in submissions})
    people = [(each.student, each.assignment) for each in submissions]
    stamps = {person: claimed_time(folder / SUBMITTED / person[0] / person[1]) for person in people}
    settle(engine, replace(times, record=record), stamps)


def settle(engine: Engine, times: TimeRules, stamps: Stamps | None = None, only: Person | None = None) -> None:
    """Write deadlines, extensions and penalties, in one transaction; what is right stays untouched.

    nbgrader's timestamp of a hand-in must be the one in its timestamp.txt, or formgrader takes it for not graded yet:
    `stamps`. It is no receipt. `only` settles a single hand-in. Where the file has no deadline nothing is taken off,
    and one that was set in formgrader stays as it is.
    """
    rules = times.rules
    rows = ROWS.where(SUBMITTED_ASSIGNMENT.c.student_id == only[0], ASSIGNMENT.c.name == only[1]) if only else ROWS
    with engine.begin() as connection:
        for each in connection.execute(select(ASSIGNMENT)).all():
            if deadline := rules.deadlines.get(each.name):
                _set(connection, ASSIGNMENT, each.id, {"duedate": (each.duedate, naive(deadline.due))})
        for row in connection.execute(rows).all():
            _settle_one(connection, times, stamps or {}, row)


def _settle_one(connection: Connection, times: TimeRules, stamps: Stamps, row: Any) -> None:
    person, rules = (row.student_id, row.name), times.rules
    stamp = naive(stamps[person]) if person in stamps else row.timestamp
    due, general = rules.due(*person), rules.deadlines.get(person[1])
    longer = row.extension
    if due and general:
        longer = (due.astimezone(UTC) - general.due.astimezone(UTC)) or None
    when = {"timestamp": (row.timestamp, stamp), "extension": (row.extension, longer)}
    _set(connection, SUBMITTED_ASSIGNMENT, row.submission, when)
    late = late_in(times, person, stamp)
    lost = (late.points(row.score or 0.0) if late else 0.0) or None
    _set(connection, SUBMITTED_NOTEBOOK, row.id, {"late_submission_penalty": (row.late_submission_penalty, lost)})


def _set(connection: Connection, table: TableClause, row: str, columns: Mapping[str, tuple[object, object]]) -> None:
    """Write what should be in some columns of a row, each given beside what is in it, where that is another."""
    if changed := {name: wanted for name, (held, wanted) in columns.items() if held != wanted}:
        connection.execute(update(table).where(table.c.id == row).values(changed))


def late_in(times: TimeRules, person: Person, stamp: datetime | None) -> Late | None:
    """How late a hand-in in the gradebook is; `stamp` is nbgrader's timestamp of it."""
    return penalty(times.rules, *person, _received(times, person, stamp))


def _received(times: TimeRules, person: Person, stamp: datetime | None) -> datetime | None:
    known = times.receipts.get(person) or times.record.get(person)
    if stamp and (known is None or known.by is Witness.STUDENT):  # a stamp on record may be of an earlier hand-in
        return stamp.replace(tzinfo=UTC)
    return known.at if known else None


def naive(moment: datetime | None) -> datetime | None:
    """A time as nbgrader keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
