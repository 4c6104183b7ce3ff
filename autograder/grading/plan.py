"""What grading one assignment needs, made once per run: stubs, given cells, fresh cases and their right answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.course import Course, CourseError, LoadedAssignment
from autograder.grading.kept import key
from autograder.handin.match import LabelledSource
from autograder.handin.notebook import HandInCell, HandInText, UnreadableError, read_notebook
from autograder.rubric.master import Role
from autograder.rubric.question import Question
from common.cases import Sheet
from common.cases.frozen import digest


@dataclass(frozen=True)
class Plan:
    """An assignment, ready to grade hand-ins of it. It stays on the trusted side."""

    assignment: LoadedAssignment
    questions: Sequence[Question]
    sheets: Mapping[str, Sheet]
    stubs: Mapping[str, str]
    given: tuple[LabelledSource, ...]
    digests: Mapping[str, str]  # of each question's sheet and limits
    secret: str  # which secret the cases were drawn from, as a short digest


def make_plan(course: Course, name: str, secret: bytes, only: str | None = None) -> Plan:
    """Draw fresh cases from the secret and compute their answers; `only` grades a single question."""
    assignment = course.load(name)
    if only is not None and only not in assignment.rubric:
        known = ", ".join(question.name for question in assignment.rubric.questions)
        raise CourseError(f"{name} has no question {only!r}. Questions: {known}.")
    questions = [each for each in assignment.rubric.questions if only in (None, each.name)]
    cells = assignment.master.cells
    sheets = {question.name: assignment.fresh_sheet(question, secret) for question in questions}
    return Plan(
        assignment=assignment,
        questions=questions,
        sheets=sheets,
        stubs=released_stubs(course, assignment),
        given=tuple(("<given cell>", cell.source) for cell in cells if cell.role is Role.GIVEN),
        digests={
            each.name: key(digest(sheets[each.name]), each.kind, f"{each.seconds} s, {each.memory_mib} MiB")
            for each in questions
        },
        secret=hashlib.sha256(b"id of " + secret).hexdigest()[:12],
    )


def released_stubs(course: Course, assignment: LoadedAssignment) -> dict[str, str]:
    """The untouched solution cells of the released notebook, by question."""
    path = course.assignments / assignment.name / f"{assignment.notebook}.ipynb"
    try:
        released = read_notebook(path)
    except UnreadableError as problem:
        raise CourseError(f"{assignment.name} is not built. Run `course build {assignment.name}`.") from problem
    cells: list[HandInCell | HandInText] = [*released.cells, *released.texts]
    return {cell.grade_id: cell.source for cell in cells if cell.grade_id}
