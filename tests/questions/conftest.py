"""A small course of one folder per kind of question: built, proven and graded as a real one is."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.building.release import build, write
from autograder.course import Course, LoadedAssignment
from autograder.grading.plan import Plan, make_plan
from autograder.grading.result import SubmissionResult
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import solved_cells, write_notebook
from autograder.jail import Jails

Grade = Callable[..., SubmissionResult]


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The masters of this folder, copied to where they can be built."""
    root = tmp_path_factory.mktemp("questions")
    shutil.copytree(Path(__file__).parent / "solutions", root / "solutions")
    return Course(root)


@pytest.fixture(scope="session")
def built(small_course: Course) -> Callable[[str], LoadedAssignment]:
    """An assignment of the small course by name, built when it is first asked for."""
    found: dict[str, LoadedAssignment] = {}

    def get(name: str) -> LoadedAssignment:
        if name not in found:
            found[name] = small_course.load(name)
            write(small_course, build(small_course, found[name]))
        return found[name]

    return get


@pytest.fixture(scope="session")
def planned(small_course: Course, built: Callable[[str], LoadedAssignment]) -> Callable[[str], Plan]:
    """What grading an assignment needs, made once."""
    found: dict[str, Plan] = {}

    def get(name: str) -> Plan:
        if name not in found:
            built(name)
            found[name] = make_plan(small_course, name, b"a secret of the tests")
        return found[name]

    return get


@pytest.fixture(scope="session")
def grade(small_course: Course, planned: Callable[[str], Plan], jails: Jails, tmp_path_factory) -> Grade:
    """Grade a hand-in in the jail: the solution with some cells replaced, files beside the notebook."""

    def run(
        name: str,
        answers: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        solved: bool = True,
    ) -> SubmissionResult:
        plan = planned(name)
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
def as_cell(small_course: Course) -> Callable[..., str]:
    """A variant of a rubric as a cell that a student might hand in, with all that it leans on."""

    def write_cell(name: str, question: str, variant: Callable[..., object]) -> str:
        tree = ast.parse((small_course.solutions / name / "rubric.py").read_text(encoding="utf-8"))
        kept = [
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import)
            or (isinstance(node, ast.ImportFrom) and not str(node.module).startswith("autograder"))
        ]
        return "\n\n".join([*map(ast.unparse, kept), f"{question} = {variant.__name__}"])

    return write_cell
