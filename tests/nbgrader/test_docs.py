"""Every nbgrader command in docs/nbgrader.md does what it says, in the order in which it stands there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.building.release import STUB
from autograder.building.release import TEXT_STUB as BUILT_TEXT_STUB
from autograder.gradebook.configure import CODE_STUB, TEXT_STUB

from .conftest import NAME, hand_in, make_course, run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/nbgrader.md").read_text(encoding="utf-8")
STUDENTS = ("fetch_assignment", "submit", "fetch_feedback")  # run by test_class.py, in a student's own folder


def commands():
    for line in re.findall(r"^    nbgrader (.*?)(?:\s+#.*)?$", PAGE, re.MULTILINE):
        yield line.split()


@pytest.fixture(scope="module")
def course(tmp_path_factory, empty_gradebook):
    return make_course(tmp_path_factory.mktemp("docs"), ROOT / "solutions" / NAME, gradebook=empty_gradebook)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves a file open
def test_the_commands_of_an_instructor_work_one_after_the_other(course):
    hand_in(course, "ada", NAME)
    for arguments in commands():
        if arguments[0] not in STUDENTS:
            run(course.root, *arguments)
    assert (course.root / f"feedback/ada/{NAME}/convolution.html").exists()
    assert "ada" in (course.root / "grades.csv").read_text()
    again = re.search(r"`nbgrader (autograde .*? --force)`", PAGE).group(1)
    run(course.root, *again.split(), "--student", "ada")


def test_the_page_names_what_students_type():
    assert {arguments[0] for arguments in commands()} >= set(STUDENTS)


def test_stubs_are_those_of_course_build():
    assert (CODE_STUB, TEXT_STUB) == (STUB, BUILT_TEXT_STUB)


@pytest.fixture(scope="module")
def class_folder(course, tmp_path_factory):
    """What `course grade submitted/ --to .` leaves in a folder outside of the course."""
    folder = tmp_path_factory.mktemp("class")
    hand_in(course, "ada", NAME)
    shutil.copytree(course.root / "submitted", folder / "submitted")
    command = [sys.executable, "-m", "autograder.cli", "grade", "submitted/", "--to", "."]
    settings = {**os.environ, "COURSE_ROOT": str(course.root)}
    subprocess.run(command, cwd=folder, env=settings, check=True, capture_output=True)
    return folder


def test_nbgrader_autogrades_in_a_class_folder_too(class_folder, course):
    log = run(class_folder, "autograde", NAME, "--force")
    assert "Autograding" in log
    with Gradebook(f"sqlite:///{class_folder}/gradebook.db") as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 0
        comment = gradebook.find_comment("conv1d", "convolution", NAME, "ada").comment
    assert "not written yet" in comment
    run(class_folder, "generate_feedback", NAME)
