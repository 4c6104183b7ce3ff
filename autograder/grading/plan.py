"""What grading one assignment needs, made once per run: stubs, given cells, fresh cases and their right answers."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.course import Course, CourseError, LoadedAssignment
from autograder.grading.kept import key, this_program
from autograder.handin.match import LabelledSource
from autograder.handin.notebook import HandInCell, HandInText, UnreadableError, read_notebook
from autograder.rubric.master import Role
from autograder.rubric.question import Question
from autograder.rubric.written import Written
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
    digest: str  # of the assignment as it was read, and of this program
    secret: bytes = field(repr=False)
    only: str | None = None  # the one question to grade

    @functools.cached_property
    def whole(self) -> str:
        """A digest of all that a hand-in's result depends on besides the hand-in."""
        given = [part for cell in self.given for part in cell]
        return key(this_program(), list(self.digests.values()), list(self.stubs.values()), given)

    @property
    def secret_id(self) -> str:
        """Which secret the cases were drawn from, as a short digest that gives nothing away."""
        return hashlib.sha256(b"id of " + self.secret).hexdigest()[:12]


def make_plan(course: Course, name: str, secret: bytes, only: str | None = None) -> Plan:
    """Draw fresh cases from the secret and compute their answers; `only` grades a single question."""
    read = assignment_digest(course, name)
    assignment = course.load(name)
    if only is not None and only not in assignment.rubric:
        known = ", ".join(question.name for question in assignment.rubric.questions)
        raise CourseError(f"{name} has no question {only!r}. Questions: {known}.")
    questions = [each for each in assignment.rubric.questions if only in (None, each.name)]
    cells = assignment.master.cells
    sheets = {each.name: assignment.fresh_sheet(each, secret) for each in questions}
    return Plan(
        assignment=assignment,
        questions=questions,
        sheets=sheets,
        stubs=released_stubs(course, assignment),
        given=tuple(("<given cell>", cell.source) for cell in cells if cell.role is Role.GIVEN),
        digests={each.name: key(digest(sheets[each.name]), each.kind, *_terms(each)) for each in questions},
        digest=read,
        secret=secret,
        only=only,
    )


def _terms(question: Question) -> tuple[str, str]:
    """A question's limits, and what a person is told to look for where a person grades."""
    guide = question.guide if isinstance(question, Written) else ""
    return f"{question.seconds} s, {question.memory_mib} MiB", guide


def assignment_digest(course: Course, name: str) -> str:
    """A digest of what makes an assignment as its files are now: master, rubric, released notebook, this program."""
    rooms = {"solutions": course.solutions / name, "assignments": course.assignments / name}
    files = [
        f"{place}/{path.relative_to(room).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for place, room in rooms.items()
        for path in sorted(room.rglob("*.*"))
        if path.suffix in (".py", ".ipynb") and "__pycache__" not in path.parts
    ]
    return key(this_program(), files)


def released_stubs(course: Course, assignment: LoadedAssignment) -> dict[str, str]:
    """The untouched solution cells of the released notebook, by question."""
    path = course.assignments / assignment.name / f"{assignment.notebook}.ipynb"
    try:
        released = read_notebook(path)
    except UnreadableError as problem:
        raise CourseError(f"{assignment.name} is not built. Run `course build {assignment.name}`.") from problem
    cells: list[HandInCell | HandInText] = [*released.cells, *released.texts]
    return {cell.grade_id: cell.source for cell in cells if cell.grade_id}
