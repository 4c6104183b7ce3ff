"""Time rules in nbgrader's gradebook: deadlines, extensions, times of receipt and late penalties, as the file says.

Scores stay as they were graded. Penalties are worked out from the file whenever grades are written or read out, so
that a changed file takes effect without grading again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import select
from traitlets.config import Config

from autograder.course import Course, find_course
from autograder.deadlines.lateness import TimeRules, time_rules
from autograder.deadlines.receipts import claimed_time, folder_receipt, read_collected
from autograder.deadlines.rules import DeadlinesError, Rules, penalty
from autograder.gradebook.store import open_gradebook
from autograder.handin.submission import Submission

Resources = dict[str, Any]
Person = tuple[str, str]  # student and assignment
Times = Mapping[Person, datetime | None]


def settle_class(gradebook: Gradebook, times: TimeRules, submissions: Sequence[Submission]) -> None:
    """Bring the gradebook in line with the time rules, and with when these hand-ins were received."""
    receipts = {(each.student, each.assignment): times.receipt(each) for each in submissions}
    settle(gradebook, times.rules, {person: each.at if each else None for person, each in receipts.items()})


def settle(gradebook: Gradebook, rules: Rules, received: Times | None = None, only: Person | None = None) -> None:
    """Write deadlines, extensions, times of receipt and penalties, in one transaction; what is right stays untouched.

    `only` settles a single hand-in. Without a file of rules nothing is taken off, and deadlines that were set in
    formgrader stay as they are.
    """
    if rules.file:
        for assignment in gradebook.assignments:
            deadline = rules.deadlines.get(assignment.name)
            _set(assignment, "duedate", _naive(deadline.due if deadline else None))
    rows = (
        select(SubmittedNotebook, SubmittedAssignment, Assignment, SubmittedNotebook.score)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    if only:
        rows = rows.where(SubmittedAssignment.student_id == only[0], Assignment.name == only[1])
    for notebook, submission, assignment, score in gradebook.db.execute(rows).all():
        person = (submission.student_id, assignment.name)
        if received is not None and person in received:
            _set(submission, "timestamp", _naive(received[person]))
        _settle_one(rules, person, notebook, submission, score or 0.0)
    gradebook.db.commit()


def _settle_one(
    rules: Rules, person: Person, notebook: SubmittedNotebook, submission: SubmittedAssignment, score: float
) -> None:
    due, general = rules.due(*person), rules.deadlines.get(person[1])
    if rules.file:
        longer = due.astimezone(UTC) - general.due.astimezone(UTC) if due and general else None
        _set(submission, "extension", longer or None)
    at = submission.timestamp
    late = penalty(rules, *person, at.replace(tzinfo=UTC) if at else None)
    _set(notebook, "late_submission_penalty", (late.points(score) if late else 0.0) or None)


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
    """In `nbgrader autograde`, after the scores of a hand-in: when it was received, and what it loses."""

    def preprocess(self, notebook: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook passes through."""
        exporter: Any = self.parent
        place, directory = resources["nbgrader"], exporter.converter.coursedir
        student, assignment = place["student"], place["assignment"]
        root = Path(directory.root)
        folder = root / directory.format_path(directory.submitted_directory, student, assignment)
        times = rules_here(root, self.config)
        receipt = times.receipts.get((student, assignment)) or folder_receipt(folder, read_collected(root))
        with open_gradebook(place["db_url"]) as gradebook:
            received = {(student, assignment): receipt.at if receipt else None}
            settle(gradebook, times.rules, received, only=(student, assignment))
        return notebook, resources


class ExportInTime(CsvExportPlugin):  # type: ignore[misc]
    """`nbgrader export`, with penalties as the file has them now and of the scores that people have typed in since."""

    def export(self, gradebook: Gradebook) -> None:
        """Settle, then export."""
        app: Any = self.parent
        try:
            settle(gradebook, rules_here(Path(app.coursedir.root), self.config).rules)
        except DeadlinesError as problem:
            app.fail(str(problem))
        super().export(gradebook)
