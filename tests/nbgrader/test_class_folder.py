"""A class folder that `course grade` wrote is a course folder for nbgrader; its stubs are ours."""

import os
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


@pytest.fixture(scope="module")
def course(tmp_path_factory, empty_gradebook):
    return make_course(tmp_path_factory.mktemp("docs"), ROOT / "solutions" / NAME, gradebook=empty_gradebook)


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
