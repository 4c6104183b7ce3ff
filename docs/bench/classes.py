"""The course and the classes that are timed: the same notebooks and cases for nbgrader and for us."""

from __future__ import annotations

import dataclasses
import itertools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.building.release import build, write
from autograder.course import Course, LoadedAssignment, find_course
from autograder.handin.written import mistaken_cell, solved_cells, solved_files, write_notebook
from common.cases import Sheet
from common.cases.frozen import freeze

NUMPY, KERAS = "01_convolution", "05_model"
SECRET = "a secret of the bench"
CASES = "graded.npz"
CONFIG = 'c = get_config()\nc.CourseDirectory.db_url = "sqlite:///gradebook.db"\nc.Execute.timeout = 60\n'
# What an instructor would write: the fresh cases of one group, tried in the student's kernel.
TEST_CELL = """import dataclasses
from pathlib import Path
from common.cases.frozen import thaw
from common.cases.judge import judge_case
from common.kinds import try_out
_sheets = globals().get("_sheets") or thaw(Path("graded.npz"))
_sheet = _sheets[{question!r}]
_sheet = dataclasses.replace(_sheet, cases=tuple(each for each in _sheet.cases if each.group == {group!r}))
for _case, _outcome in zip(_sheet.cases, try_out({question}, _sheet)):
    _verdict = judge_case(_case, _outcome, _sheet.kind)
    assert _verdict.passed, _verdict.why
"""


def make_course(root: Path) -> Course:
    """A course with the NumPy assignment as it is and a Keras one from the tests: LeNet-5 and a residual unit."""
    home = find_course().root
    for name, solutions in ((NUMPY, home / "solutions"), (KERAS, home / "tests" / "questions" / "solutions")):
        shutil.copytree(solutions / name, root / "solutions" / name)
    course = Course(root)
    for name in course.names():
        write(course, build(course, course.load(name)))
    return course


def write_for_nbgrader(course: Course, name: str, root: Path) -> None:
    """nbgrader's source folder: the same questions, points and fresh cases, one test cell per group of cases."""
    assignment = course.load(name)
    sheets = {each.name: fresh_sheet(assignment, each.name) for each in assignment.rubric.automatic}
    released = read_released(course, assignment)
    cells = []
    for cell in released["cells"]:
        cells += test_cells(cell, sheets) if is_check(cell) else [] if is_experiment(cell) else [cell]
    folder = root / "source" / name
    folder.mkdir(parents=True)
    (folder / f"{assignment.notebook}.ipynb").write_text(json.dumps({**released, "cells": cells}), encoding="utf-8")
    freeze(folder / CASES, name, list(sheets.values()))
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


def fresh_sheet(assignment: LoadedAssignment, question: str) -> Sheet:
    """The cases that grade, without what only diagnosis needs."""
    sheet = assignment.fresh_sheet(assignment.rubric[question], SECRET.encode())
    return dataclasses.replace(sheet, mistakes=())


def test_cells(cell: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[dict[str, Any]]:
    """One nbgrader test cell per group, where our notebook has one check cell."""
    graded = cell["metadata"]["nbgrader"]
    question = graded["grade_id"].removeprefix("check_")
    found = []
    for number, (group, points) in enumerate(sheets[question].points.items()):
        metadata = {key: value for key, value in graded.items() if key != "checksum"}
        metadata |= {"grade_id": f"test_{question}_{number}", "points": points}
        source = TEST_CELL.format(question=question, group=group)
        found.append({**cell, "id": f"{question}-{number}"[:64], "source": source, "metadata": {"nbgrader": metadata}})
    return found


def is_check(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is a check cell, which earns points."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).startswith("check_")


def is_experiment(cell: Mapping[str, Any]) -> bool:
    """Whether a cell draws or trains; our grader does not run it, so nbgrader shall not either."""
    return "experiment" in cell["metadata"].get("tags", [])


def read_released(course: Course, assignment: LoadedAssignment) -> dict[str, Any]:
    """The notebook that students get."""
    path = course.assignments / assignment.name / f"{assignment.notebook}.ipynb"
    released: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return released


def write_solved(assignment: LoadedAssignment, template: Path, folder: Path) -> None:
    """The solved notebook, with the files that count beside it."""
    write_notebook(folder / template.name, json.loads(template.read_text(encoding="utf-8")), solved_cells(assignment))
    for file, content in solved_files(assignment).items():
        (folder / file).write_bytes(content)


def write_hand_ins(assignment: LoadedAssignment, template: Path, root: Path, count: int) -> None:
    """A class: two right answers, then known mistakes in turn, each its own text so that nothing is found again."""
    solved = solved_cells(assignment)
    wrong = [
        {question.name: mistaken_cell(assignment, question.name, mistake)}
        for question in assignment.rubric.automatic
        for mistake in question.mistakes
    ]
    released = json.loads(template.read_text(encoding="utf-8"))
    for number, changes in zip(range(count), itertools.cycle([{}, {}, *wrong]), strict=False):
        answers = {name: f"{cell}\n# hand-in {number}" for name, cell in (solved | changes).items()}
        path = root / "submitted" / f"s{number:05}" / assignment.name / f"{assignment.notebook}.ipynb"
        write_notebook(path, released, answers)
        if (template.parent / CASES).exists():
            shutil.copy(template.parent / CASES, path.parent / CASES)
