"""A small class, really graded once: right, wrong and late, not readable, waiting for a person, hostile names."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.building.release import build, write
from autograder.cli import cli
from autograder.course import Course
from autograder.exports.class_folder import read_marks
from autograder.handin.written import solved_cells, write_notebook

sys.path.insert(0, str(Path(__file__).parent))  # modules of this folder are imported by name

SCALING, WRITTEN = "01_scaling", "09_written"
TESTS = Path(__file__).resolve().parents[1]
MASTERS = (TESTS / "adversarial/course/solutions" / SCALING, TESTS / "questions/solutions" / WRITTEN)
FORMULA = '=HYPERLINK("https:,,example.org","x")'
DEADLINES = """timezone = "UTC"
[late]
percent_per_day = 10
[assignments.01_scaling]
due = 2026-10-23 23:59
"""
RECEIPTS = """student,assignment,received
ada,01_scaling,2026-10-23 20:00 UTC
ben,01_scaling,2026-10-25 12:00 UTC
"""


@pytest.fixture(scope="session")
def small_course(tmp_path_factory):
    """Two assignments: one that is graded by running it, one that a person reads."""
    root = tmp_path_factory.mktemp("small-course")
    for master in MASTERS:
        shutil.copytree(master, root / "solutions" / master.name, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(root)
    for name in course.names():
        write(course, build(course, course.load(name)))
    return course


def course_command(course, cwd, *arguments, **environment):
    """A `course` command as its users type it."""
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COURSE_ROOT": str(course.root), "COURSE_SECRET": "of the tests", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def graded(tmp_path_factory, small_course):
    """The class folder that `course grade` wrote; a person has marked emil's text with 2 of 3 points."""
    root = tmp_path_factory.mktemp("small-class")
    assignment = small_course.load(SCALING)
    right = solved_cells(assignment)
    first = next(iter(right))
    hand_in(small_course, root, "ada", SCALING, right)
    hand_in(small_course, root, "ben", SCALING, right | {first: f"def {first}(*anything):\n    return 0"})
    hand_in(small_course, root, "lovelaceada_4711", SCALING, right)
    hand_in(small_course, root, FORMULA, SCALING, {})
    hand_in(small_course, root, "emil", WRITTEN, {"why_no_flip": "**Why a network loses nothing:**\n\nIt learns."})
    hand_in(small_course, root, "frida", WRITTEN, {"why_no_flip": "**Why a network loses nothing:**\n\nNo idea."})
    broken = root / "submitted" / "dora" / SCALING / f"{assignment.notebook}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"\x89PNG")
    (root / "graded").mkdir()
    (root / "graded" / "deadlines.toml").write_text(DEADLINES)
    (root / "graded" / "receipts.csv").write_text(RECEIPTS)
    done = course_command(small_course, root, "grade", "submitted")
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{root / 'graded' / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("why_no_flip", "written", WRITTEN, "emil")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    return root / "graded"


def hand_in(course, root, student, name, answers):
    notebook = f"{course.load(name).notebook}.ipynb"
    released = json.loads((course.assignments / name / notebook).read_text(encoding="utf-8"))
    write_notebook(root / "submitted" / student / name / notebook, released, answers)


@pytest.fixture(scope="session")
def marks(small_course, graded):
    return read_marks(small_course, graded)


@pytest.fixture(scope="session")
def course_in(small_course, graded):
    """A `course` command beside the class folder, in this process to save three seconds of imports each."""

    def run(*arguments):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(graded.parent)
            patch.setenv("COURSE_ROOT", str(small_course.root))
            done = CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)
        done.returncode = done.exit_code
        return done

    return run
