"""Read a graded class: scores from the gradebook, time rules as the file has them now, words from the last run.

Nothing is written. Importing nbgrader takes seconds, so only commands that read grades import this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from autograder.building.names import CHECK_PREFIX
from autograder.course import Course
from autograder.deadlines.lateness import TimeRules, time_rules
from autograder.exports.mark import ExportError, Mark, QuestionMark
from autograder.gradebook.comment import for_student
from autograder.gradebook.settle import late_in
from autograder.gradebook.store import open_gradebook
from autograder.grading.result import SubmissionStatus

RESULTS, DATABASE = "results.json", "gradebook.db"
Person = tuple[str, str]  # student and assignment


@dataclass
class Row:
    """What the gradebook has of one hand-in."""

    aliases: tuple[str, ...]
    stamp: datetime | None
    grades: dict[str, tuple[float, float, bool, float | None]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)  # comments by people
    written: dict[str, str] = field(default_factory=dict)  # and by the grader


def read_marks(course: Course, folder: Path, url: str | None = None, assignment: str | None = None) -> list[Mark]:
    """All hand-ins of a class folder, or those of one assignment, by assignment and student."""
    if url is None and not (folder / DATABASE).is_file():
        raise ExportError(
            f"There is no {DATABASE} in {str(folder)!r}. Grade a class first, or name a gradebook by --db."
        )
    results = _results(folder)
    with open_gradebook(url or f"sqlite:///{(folder / DATABASE).resolve()}") as gradebook:
        rows = _rows(gradebook)
    times = time_rules(course, folder)
    people = sorted({*rows, *results}, key=lambda person: (person[1], person[0]))
    marks = [_mark(person, rows.get(person), results.get(person, {}), times) for person in people]
    known = {each.assignment for each in marks}
    if assignment is not None and assignment not in known:
        raise ExportError(
            f"No hand-in of {assignment!r} is graded here. There is {', '.join(sorted(known)) or 'none'}."
        )
    return [each for each in marks if assignment in (None, each.assignment)]


def _results(folder: Path) -> dict[Person, Mapping[str, Any]]:
    """What the last run of `course grade` said of each hand-in; nothing where nbgrader graded."""
    try:
        submissions = json.loads((folder / RESULTS).read_text(encoding="utf-8"))["submissions"]
        return {(str(each["student"]), str(each["assignment"])): each for each in submissions}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ExportError(f"{folder / RESULTS} cannot be read: {problem!r}. Grade the class again.") from problem


def _rows(gradebook: Gradebook) -> dict[Person, Row]:
    """Grades and comments, each in one query: nbgrader's objects would ask again for every hand-in."""
    found: dict[Person, Row] = {}
    place = (SubmittedAssignment.student_id, Assignment.name, BaseCell.name)
    whose = (Student.email, Student.lms_user_id, SubmittedAssignment.timestamp)
    grades = (
        select(*place, *whose, Grade.score, GradeCell.max_score, Grade.needs_manual_grade, Grade.manual_score)
        .select_from(Grade)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Student, SubmittedAssignment.student_id == Student.id)
    )
    for student, assignment, cell, email, number, stamp, score, most, waiting, typed in gradebook.db.execute(grades):
        row = found.setdefault((student, assignment), Row(tuple(filter(None, (email, number))), stamp))
        row.grades[cell.removeprefix(CHECK_PREFIX)] = (float(score or 0), float(most or 0), bool(waiting), typed)
    comments = (
        select(*place, Comment.manual_comment, Comment.auto_comment)
        .select_from(Comment)
        .join(BaseCell, Comment.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    for student, assignment, cell, typed, written in gradebook.db.execute(comments):
        if (student, assignment) in found:
            found[student, assignment].typed[cell] = for_student(typed or "")
            found[student, assignment].written[cell] = for_student(written or "")
    return found


def _mark(person: Person, row: Row | None, result: Mapping[str, Any], times: TimeRules) -> Mark:
    status = str(result.get("status", SubmissionStatus.GRADED))
    told: dict[str, Any] = {"reason": str(result.get("reason", "")), "sandboxed": result.get("sandboxed")}
    repairs = tuple(map(str, result.get("repairs", ())))
    if row is None or status != SubmissionStatus.GRADED:
        # An earlier hand-in may have been graded: its score is not the score of the one that counts now.
        most = float(result.get("max_score", 0.0)) or (sum(most for _, most, *_ in row.grades.values()) if row else 0.0)
        return Mark(*person, status, most, repairs=repairs, aliases=row.aliases if row else (), **told)
    said = {each["name"]: each for each in result.get("questions", ())}
    order = {name: place for place, name in enumerate(said)}
    questions = tuple(
        _question(name, grade, said.get(name, {}), row.typed.get(name, ""), row.written.get(name, ""))
        for name, grade in sorted(row.grades.items(), key=lambda each: order.get(each[0], len(order)))
    )
    return Mark(
        *person,
        status,
        sum(each.max_score for each in questions),
        questions,
        late=late_in(times, person, row.stamp),
        repairs=repairs,
        aliases=row.aliases,
        **told,
    )


def _question(
    name: str, grade: tuple[float, float, bool, float | None], said: Mapping[str, Any], typed: str, written: str
) -> QuestionMark:
    score, most, waiting, by_hand = grade
    # The grader's words are passed on only with the score that they explain: a person may have given another since.
    fits = by_hand is None and (waiting or said.get("score") == score)
    words = _words(said) if fits else {}
    return QuestionMark(name, score, most, waiting, comment=typed or ("" if by_hand is not None else written), **words)


def _words(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(said.get(name, "")) for name in ("verdict", "message", "advice", "mistake")}
