"""Time rules in nbgrader's gradebook: deadlines, extensions and late penalties, as the file says.

Scores stay as they were graded. Penalties are worked out from the file whenever grades are written or read out, so
that a changed file takes effect without grading again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Assignment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import func, select
from traitlets.config import Config

from autograder.course import Course, find_course
from autograder.deadlines.lateness import TimeRules, time_rules
from autograder.deadlines.receipts import Witness, claimed_time, note_receipts
from autograder.deadlines.rules import DeadlinesError, Late, penalty
from autograder.gradebook.store import open_gradebook
from autograder.handin.names import SUBMITTED
from autograder.handin.submission import Submission

Resources = dict[str, Any]
Person = tuple[str, str]  # student and assignment
Stamps = Mapping[Person, datetime | None]


def settle_class(gradebook: Gradebook, folder: Path, times: TimeRules, submissions: Sequence[Submission]) -> None:
    """Bring a class folder's gradebook in line with the time rules, and with when these hand-ins were received."""
    record = note_receipts(folder, {(each.student, each.assignment): each.receipt for each in submissions})
    people = [(each.student, each.assignment) for each in submissions]
    stamps = {person: claimed_time(folder / SUBMITTED / person[0] / person[1]) for person in people}
    settle(gradebook, replace(times, record=record), stamps)


def settle(gradebook: Gradebook, times: TimeRules, stamps: Stamps | None = None, only: Person | None = None) -> None:
    """Write deadlines, extensions and penalties, in one transaction; what is right stays untouched.

    nbgrader's timestamp of a hand-in must be the one in its timestamp.txt, or formgrader takes it for not graded yet:
    `stamps`. It is no receipt. `only` settles a single hand-in. Where the file has no deadline nothing is taken off,
    and one that was set in formgrader stays as it is.
    """
    rules = times.rules
    for assignment in gradebook.assignments:
        if deadline := rules.deadlines.get(assignment.name):
            _set(assignment, "duedate", _naive(deadline.due))
    # Added up at once: nbgrader's own SubmittedNotebook.score looks through all grades for each hand-in.
    added = select(Grade.notebook_id, func.sum(Grade.score).label("score")).group_by(Grade.notebook_id).subquery()
    rows = (
        select(SubmittedNotebook, SubmittedAssignment, Assignment, added.c.score)
        .outerjoin(added, added.c.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    if only:
        rows = rows.where(SubmittedAssignment.student_id == only[0], Assignment.name == only[1])
    for notebook, submission, assignment, score in gradebook.db.execute(rows).all():
        person = (submission.student_id, assignment.name)
        if stamps is not None and person in stamps:
            _set(submission, "timestamp", _naive(stamps[person]))
        _settle_one(times, person, notebook, submission, score or 0.0)
    gradebook.db.commit()


def _settle_one(
    times: TimeRules, person: Person, notebook: SubmittedNotebook, submission: SubmittedAssignment, score: float
) -> None:
    rules = times.rules
    due, general = rules.due(*person), rules.deadlines.get(person[1])
    if due and general:
        longer = due.astimezone(UTC) - general.due.astimezone(UTC)
        _set(submission, "extension", longer or None)
    late = late_in(times, person, submission.timestamp)
    _set(notebook, "late_submission_penalty", (late.points(score) if late else 0.0) or None)


def late_in(times: TimeRules, person: Person, stamp: datetime | None) -> Late | None:
    """How late a hand-in in the gradebook is; `stamp` is nbgrader's timestamp of it."""
    return penalty(times.rules, *person, _received(times, person, stamp))


def _received(times: TimeRules, person: Person, stamp: datetime | None) -> datetime | None:
    known = times.receipts.get(person) or times.record.get(person)
    if stamp and (known is None or known.by is Witness.STUDENT):  # a stamp on record may be of an earlier hand-in
        return stamp.replace(tzinfo=UTC)
    return known.at if known else None


def _set(row: Any, name: str, value: object) -> None:
    if getattr(row, name) != value:
        setattr(row, name, value)


def _naive(moment: datetime | None) -> datetime | None:
    # nbgrader keeps times in UTC without saying so.
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def rules_here(root: Path, config: Config) -> TimeRules:
    """The time rules of the class whose folder nbgrader works in."""
    named = config["GradingExporter"].get("course_root", "") if "GradingExporter" in config else ""
    return time_rules(Course(Path(named)) if named else find_course(root), root)


def trust_no_stamp(directory: Any) -> None:
    """Have nbgrader read a hand-in's timestamp.txt with care: what is no time there is none, and stops nothing."""

    def read(place: str) -> datetime | None:
        return _naive(claimed_time(Path(place)))

    directory.get_existing_timestamp = read


class LatePenalties(NbGraderPreprocessor):  # type: ignore[misc]
    """In `nbgrader autograde`, after the scores of a hand-in: what it loses for being late."""

    def preprocess(self, notebook: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook passes through."""
        exporter: Any = self.parent
        place, directory = resources["nbgrader"], exporter.converter.coursedir
        person = place["student"], place["assignment"]
        times = rules_here(Path(directory.root), self.config)
        stamp = claimed_time(Path(directory.format_path(directory.submitted_directory, *person)))
        with open_gradebook(place["db_url"]) as gradebook:
            settle(gradebook, times, {person: stamp}, only=person)
        return notebook, resources


class ExportInTime(CsvExportPlugin):  # type: ignore[misc]
    """`nbgrader export`, with penalties as the file has them now and of the scores that people have typed in since."""

    def export(self, gradebook: Gradebook) -> None:
        """Settle, then export."""
        app: Any = self.parent
        try:
            settle(gradebook, rules_here(Path(app.coursedir.root), self.config))
        except DeadlinesError as problem:
            app.fail(str(problem))
        super().export(gradebook)
