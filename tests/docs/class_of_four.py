"""A course of one assignment and a class of four, prepared as the pages speak of them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from page import ROOT

from autograder.course import Course, LoadedAssignment, find_course
from autograder.exports.cells import as_csv
from autograder.handin.written import mistaken_cell, solved_cells, write_notebook

NAME, NOTEBOOK = "01_convolution", "convolution.ipynb"
DEADLINES = f'timezone = "Europe/Paris"\n\n[assignments.{NAME}]\ndue = 2026-10-23 23:59\n'
STUDENTS = ("ada", "ben", "chen", "emil")


def make_course(root: Path) -> Course:
    """Sources, hand-ins, zips and rosters; nothing is graded yet."""
    for room in ("solutions", "assignments"):
        shutil.copytree(ROOT / room / NAME, root / room / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "locks", root / "locks")
    for name in ("nbgrader_config.py", ".pre-commit-config.yaml"):
        shutil.copy(ROOT / name, root)
    (root / ".venv").symlink_to(sys.prefix)
    (root / "exchange").mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    course = Course(root)
    _write_hand_ins(course, course.load(NAME))
    _write_rosters(root)
    (root / "deadlines.toml").write_text(DEADLINES)
    receipts = [["student", "assignment", "received"], *([each, NAME, "2026-10-23 20:00 +0200"] for each in STUDENTS)]
    (root / "receipts.csv").write_text("\n".join(map(",".join, receipts)))
    return course


def environment(folder: Path) -> Mapping[str, str]:
    """What a terminal in this course has: its own environment active, a secret, an exchange."""
    kept = {key: value for key, value in os.environ.items() if key not in ("COURSE_ROOT", "PYTHONPATH")}
    return {
        **kept,
        "PATH": f"{Path(sys.prefix, 'bin')}{os.pathsep}{os.environ['PATH']}",
        "COURSE_SECRET": "of the pages",
        "COURSE_MODE": "smoke",
        "NBGRADER_EXCHANGE": str(folder / "exchange"),
    }


def make_student(course: Path, home: Path) -> None:
    """A student's own folder on the same machine."""
    home.mkdir()
    settings = [
        "c = get_config()",
        "c.CourseDirectory.course_id = 'cnn-by-doing'",
        f"c.Exchange.root = {str(course / 'exchange')!r}",
        f"c.Exchange.cache = {str(home / 'cache')!r}",
    ]
    (home / "nbgrader_config.py").write_text("\n".join(settings))


def _write_hand_ins(course: Course, assignment: LoadedAssignment) -> None:
    """ada is right, ben slipped once, chen has not begun, emil's file is broken."""
    solved = solved_cells(assignment)
    (slip,) = [each for each in assignment.rubric["conv2d"].mistakes if each.name == "stride down only"]
    slipped = {"conv2d": mistaken_cell(assignment, "conv2d", slip)}
    answers = {"ada": solved, "ben": solved | slipped, "chen": {}}
    written = {student: _notebook(course, cells) for student, cells in answers.items()} | {"emil": b"{"}
    for student, content in written.items():
        place = course.root / "submitted" / student / NAME
        place.mkdir(parents=True)
        (place / NOTEBOOK).write_bytes(content)
    (course.root / NOTEBOOK).write_bytes(_notebook(course, slipped))
    shutil.copy(course.assignments / NAME / "cases.npz", course.root)
    zipped = io.BytesIO()  # as Canvas names the files
    with zipfile.ZipFile(zipped, "w") as file:
        for number, student in enumerate(("ada", "chen")):
            file.writestr(f"{student}_{number + 10}_{number + 20}_{NOTEBOOK}", written[student])
    for name in ("class.zip", "export.zip"):
        (course.root / name).write_bytes(zipped.getvalue())


def _notebook(course: Course, answers: Mapping[str, str]) -> bytes:
    released = json.loads((course.assignments / NAME / NOTEBOOK).read_text(encoding="utf-8"))
    path = course.root / "draft.ipynb"
    write_notebook(path, released, dict(answers))
    content = path.read_bytes()
    path.unlink()
    return content


def _write_rosters(root: Path) -> None:
    """What Canvas and Moodle hand out."""
    points = find_course(root).load(NAME).rubric.points
    canvas = ["Student", "ID", "SIS Login ID", "Section", "Convolution (1234)"]
    possible = ["    Points Possible", "", "", "", points]
    (root / "grades.csv").write_text(as_csv([canvas, possible, ["A, Ada", "1", "ada", "S", ""]]))
    worksheet = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]
    (root / "worksheet.csv").write_text(as_csv([worksheet, ["Participant 1", "Ada", "", f"{points:.2f}", "-"]]))
