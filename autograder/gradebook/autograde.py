"""`nbgrader autograde` through our grader: the command, `NbGraderAPI.autograde` and formgrader's button alike.

nbgrader reads a hand-in with nbformat, mends it and runs it. Here it does none of that: the exporter starts from an
empty notebook, and one step in place of `Execute` and `SaveAutoGrades` reads the file that was handed in, grades it in
the jail, writes all its scores and comments in one transaction and makes the notebook that formgrader shows.

What it finds is kept in the course's folder as `course grade` keeps it, in the same file under the same keys, so that
each takes what the other has graded. nbgrader goes through a class one hand-in after the other.
"""

from __future__ import annotations

import atexit
import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.building.names import check_id
from autograder.course import Course, CourseError, course_secret, find_course
from autograder.deadlines.rules import DeadlinesError
from autograder.gradebook.exchange import links
from autograder.gradebook.late import rules_here, trust_no_stamp
from autograder.gradebook.notebook import Notebook, graded_notebook, read_release
from autograder.gradebook.record import record
from autograder.gradebook.store import open_gradebook
from autograder.gradebook.tables import GradebookError, open_tables
from autograder.grading.drawn import FOLDER as DRAWN
from autograder.grading.drawn import draw_ahead
from autograder.grading.kept import FILE as KEPT
from autograder.grading.kept import Kept
from autograder.grading.plan import Plan, assignment_digest, make_plan
from autograder.grading.result import SubmissionResult, SubmissionStatus
from autograder.grading.submission import grade_submission
from autograder.handin.submission import Submission
from autograder.jail import Jails, JailUnavailable
from common.cases import QuestionResult, Status

Resources = dict[str, Any]
BY_NBGRADER = "by nbgrader"  # who wrote last to gradebook and disk: `course grade` then writes its own again


@dataclass(frozen=True)
class Desk:
    """All that grading hand-ins of one assignment needs: made once per process, for as many of them as come."""

    jails: Jails
    plan: Plan
    release: Notebook


class GradingExporter(NotebookExporter):
    """Makes ready before the first hand-in, so that a machine without a jail grades nothing and says so once."""

    course_root = Unicode("", help="The course's folder; by default found as `course` finds it.").tag(config=True)

    def __init__(self, **settings: Any) -> None:
        """Nbgrader has not touched any hand-in yet."""
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        directory = self.converter.coursedir
        try:
            root = Path(directory.root)
            course = Course(Path(self.course_root)) if self.course_root else find_course(root)
            rules_here(root, self.config)  # a mistake in them is said before the first hand-in
            self.desk = open_desk(course, directory.assignment_id, root)
            insist_on_agreement(self.desk.plan, directory.db_url)
        except (CourseError, JailUnavailable, GradebookError, DeadlinesError) as problem:
            self.converter.log.error(str(problem))
            raise NbGraderException(str(problem)) from problem
        trust_no_stamp(directory)
        found = self.converter.assignments
        self.converter.assignments = {folder: found[folder] for folder in found if self._holds_no_link(folder)}

    @property
    def converter(self) -> Any:
        """nbgrader's Autograde, which knows the folders and the assignment."""
        return self.parent

    def from_filename(self, filename: str, resources: Resources | None = None, **settings: Any) -> Any:
        """Start from an empty notebook: the hand-in itself is read by our own reader, which nothing stops."""
        empty = nbformat.v4.new_notebook()
        return self.from_notebook_node(empty, resources, **settings)  # type: ignore[no-untyped-call]

    def _holds_no_link(self, folder: str) -> bool:
        # nbgrader copies what a link leads to, beside the graded notebook and then beside the student's feedback.
        if linked := links(Path(self.converter.coursedir.root) / folder):
            self.converter.log.error("%s holds links and is not graded: %s", folder, ", ".join(linked)[:200])
        return not linked


class GradeInJail(NbGraderPreprocessor):  # type: ignore[misc]
    """Grade the hand-in that nbgrader is at, record it, and give back the notebook that formgrader shows."""

    def preprocess(self, notebook: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The empty notebook comes in, the graded one goes out."""
        exporter: Any = self.parent
        desk, directory, place = exporter.desk, exporter.converter.coursedir, resources["nbgrader"]
        folder = directory.format_path(directory.submitted_directory, place["student"], place["assignment"])
        path = Path(directory.root) / folder / f"{place['notebook']}.ipynb"
        submission = Submission(place["student"], place["assignment"], path)
        with Kept(Path(directory.root) / KEPT) as kept:
            result = grade_submission(desk.jails, desk.plan, submission, kept)
            if result.status is not SubmissionStatus.GRADED:
                self.log.warning("%s cannot be read and waits for a person: %s", path.name, result.reason)
                result = for_a_person(desk.plan, result)
            result = replace(result, before=kept.before(result))
            with open_tables(place["db_url"]) as engine:
                record(engine, result, place["notebook"])
            kept.note(result, dict(desk.plan.digests), desk.plan.secret_id)
            kept.mark_written(result, BY_NBGRADER)
        shown = nbformat.from_dict(graded_notebook(desk.release, result))
        return with_scores(shown, result), resources


def open_desk(course: Course, name: str, root: Path) -> Desk:
    """The desk of an assignment in nbgrader's course folder, made at the first call."""
    desk = _desk(course, name, course_secret(root), root / DRAWN)
    if desk.plan.digest != assignment_digest(course, name):
        # A running server must not grade by a rubric that is no longer there.
        raise CourseError(f"{name} has changed since this program read it: start it again, then grade.")
    return desk


@functools.cache
def _desk(course: Course, name: str, secret: bytes, drawn: Path) -> Desk:
    jails = _jails()
    draw_ahead(course, name, secret, None, drawn)  # not side by side: formgrader's server must not be forked
    plan = make_plan(course, name, secret)
    release = read_release(course.assignments / name / f"{plan.assignment.notebook}.ipynb")
    return Desk(jails, plan, release)


@functools.cache
def _jails() -> Jails:
    jails = Jails()
    atexit.register(jails.__exit__, None, None, None)
    return jails


def insist_on_agreement(plan: Plan, url: str) -> None:
    """The gradebook must know the same questions and points, or scores would land in the wrong place."""
    assignment = plan.assignment
    asked = {each.name: each.points for each in assignment.rubric.questions}
    automatic = {each.name for each in assignment.rubric.automatic}
    wanted = {check_id(name) if name in automatic else name: points for name, points in asked.items()}
    with open_gradebook(url) as gradebook:
        known = _points(gradebook, assignment.name, assignment.notebook)
    if known != wanted:
        raise CourseError(
            f"The gradebook has other questions for {assignment.name} than the course. "
            f"Run `nbgrader generate_assignment {assignment.name} --force` first."
        )


def _points(gradebook: Gradebook, assignment: str, notebook: str) -> dict[str, float]:
    try:
        return {cell.name: cell.max_score for cell in gradebook.find_notebook(notebook, assignment).grade_cells}
    except MissingEntry:
        return {}


def for_a_person(plan: Plan, result: SubmissionResult) -> SubmissionResult:
    """A hand-in that cannot be read: no score, each question flagged for a person, with the reason beside it."""
    questions = [QuestionResult(each.name, Status.MANUAL, 0.0, each.points, result.reason) for each in plan.questions]
    return replace(result, status=SubmissionStatus.GRADED, questions=tuple(questions))


def with_scores(notebook: NotebookNode, result: SubmissionResult) -> NotebookNode:
    """Each check cell's score as its value, as nbgrader's own rule for partial credit reads it."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    for question in result.questions:
        cell = cells.get(check_id(question.question))
        if cell is not None and question.status is not Status.MANUAL:
            text = {"text/plain": repr(float(question.score))}
            cell.outputs.append(nbformat.v4.new_output("execute_result", data=text))
    return notebook
