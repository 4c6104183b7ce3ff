"""A small course of one folder per kind of question: built, proven and graded as a real one is."""

from __future__ import annotations

import ast
import functools
import inspect
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.building.release import build, write
from autograder.course import Course, LoadedAssignment
from autograder.grading.plan import Plan, make_plan
from autograder.grading.result import SubmissionResult
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import solved_cells, write_notebook
from autograder.jail import Jails
from autograder.rubric import Assignment, Pair, Values
from autograder.rubric.question import Question

REAL = ("01_convolution", "03_pooling_normalization")
Grade = Callable[..., SubmissionResult]


@pytest.fixture(scope="session")
def small_course(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The masters of this folder and two real ones, copied to where they can be built."""
    root = tmp_path_factory.mktemp("questions")
    shutil.copytree(Path(__file__).parent / "solutions", root / "solutions")
    for name in REAL:
        shutil.copytree(course.solutions / name, root / "solutions" / name)
    return Course(root)


@pytest.fixture(scope="session")
def built(small_course: Course) -> Callable[..., LoadedAssignment]:
    """An assignment of the small course by name, built when it is first asked for; with `only` one of its questions."""

    @functools.cache
    def get(name: str, only: str | None) -> LoadedAssignment:
        if only:
            whole = get(name, None)
            return replace(whole, rubric=Assignment(whole.rubric.title, [whole.rubric[only]]))
        assignment = small_course.load(name)
        write(small_course, build(small_course, assignment))
        return assignment

    return lambda name, only=None: get(name, only)


@pytest.fixture(scope="session")
def planned(small_course: Course, built: Callable[..., LoadedAssignment]) -> Callable[..., Plan]:
    """What grading an assignment needs, or one question of it, made once."""

    @functools.cache
    def get(name: str, only: str | None) -> Plan:
        built(name)
        return make_plan(small_course, name, b"a secret of the tests", only)

    return lambda name, only=None: get(name, only)


@pytest.fixture(scope="session")
def grade(small_course: Course, planned: Callable[..., Plan], jails: Jails, tmp_path_factory) -> Grade:
    """Grade a hand-in in the jail: the solution with some cells replaced, files beside the notebook.

    `only` grades a single question, `seconds` is another limit for each.
    """

    def run(
        name: str,
        answers: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        solved: bool = True,
        only: str | None = None,
        seconds: float | None = None,
    ) -> SubmissionResult:
        plan = planned(name, only)
        if seconds:
            plan = replace(plan, questions=[replace(each, seconds=seconds) for each in plan.questions])
        assignment = plan.assignment
        folder = tmp_path_factory.mktemp("hand-in")
        path = folder / f"{assignment.notebook}.ipynb"
        released = small_course.assignments / name / path.name
        cells = (solved_cells(assignment) if solved else {}) | dict(answers or {})
        write_notebook(path, json.loads(released.read_text(encoding="utf-8")), cells)
        for file, content in (files or {}).items():
            (folder / file).write_bytes(content)
        return grade_submission(jails, plan, Submission("ada", name, path))

    return run


@pytest.fixture(scope="session")
def as_cell() -> Callable[[Question, Any], str]:
    """A variant of a question as a cell that a student might hand in, with all that it leans on."""

    def write_cell(question: Question, variant: Any) -> str:
        first = variant[0] if isinstance(variant, tuple) else variant
        return "\n\n".join([*definitions(Path(inspect.getfile(first))), *answer(question, variant)])

    return write_cell


def definitions(page: Path) -> Iterator[str]:
    """What a page of a rubric defines, after what it takes from other pages; nothing of the autograder."""
    for node in ast.parse(page.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield from definitions(page.parent / f"{node.module}.py")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import) or (
            isinstance(node, ast.ImportFrom) and not str(node.module).startswith("autograder")
        ):
            yield ast.unparse(node)


def answer(question: Question, variant: Any) -> list[str]:
    """The lines that give a variant the name that is asked for; of a table its dict."""
    if isinstance(question, Values):
        return [f"{question.name} = {variant.__name__}()"]
    if isinstance(question, Pair):
        forward, backward = variant
        return [f"{question.name} = {forward.__name__}", f"{question.then} = {backward.__name__}"]
    return [f"{question.name} = {variant.__name__}"]
