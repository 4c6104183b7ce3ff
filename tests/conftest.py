"""What many rooms' tests share: the course, its assignments, notebooks, one jail for the whole run."""

import copy
import json

import pytest

from autograder.course import find_course
from autograder.handin.written import solved_cells
from autograder.jail import Jails, JailUnavailable


@pytest.fixture(scope="session")
def course():
    return find_course()


@pytest.fixture(scope="session")
def convolution(course):
    return course.load("01_convolution")


@pytest.fixture(scope="session")
def full():
    """All points of 01_convolution; its conv1d is worth 5 of them, its conv2d 10."""
    return find_course().load("01_convolution").rubric.points


@pytest.fixture(scope="session")
def _released(course, convolution):
    return json.loads((course.assignments / convolution.name / "convolution.ipynb").read_text(encoding="utf-8"))


@pytest.fixture
def released(_released):
    """The student's notebook of 01_convolution, as a dict of its own."""
    return copy.deepcopy(_released)


@pytest.fixture(scope="session")
def solved(convolution):
    """The right answers of 01_convolution by question."""
    return solved_cells(convolution)


@pytest.fixture(scope="session")
def jails():
    try:
        with Jails() as jails:
            yield jails
    except JailUnavailable as missing:
        pytest.skip(str(missing))
