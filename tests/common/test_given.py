"""A figure takes a student's function where it is right, and a library's where it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.course import find_course
from autograder.rubric.master import Role
from common import given as room
from common.cases.frozen import FILE, thaw
from common.cases.judge import judge
from common.given import given, library
from common.kinds import try_out

COURSE = find_course()
ASSIGNMENTS = [COURSE.load(name) for name in COURSE.names()]
GIVEN = [(each, name) for name in room._HOMES for each in ASSIGNMENTS if name in each.rubric]


def test_every_given_function_answers_a_question_of_the_course() -> None:
    assert {name for _, name in GIVEN} == set(room._HOMES)


@pytest.mark.parametrize(("assignment", "name"), GIVEN, ids=[name for _, name in GIVEN])
def test_the_librarys_function_passes_the_public_cases(assignment, name: str) -> None:
    sheet = thaw(COURSE.assignments / assignment.name / FILE)[name]
    result = judge(sheet, try_out(library(name), sheet))
    assert result.score == result.max_score, result.message


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable], None]:
    """Define a function as a cell of the notebook would: among the names of whoever calls `given`."""
    return lambda function: monkeypatch.setitem(globals(), function.__name__, function)


def test_the_student_sees_which_one_is_in_use(written, monkeypatch, capsys) -> None:
    monkeypatch.chdir(COURSE.assignments / "01_convolution")

    def conv1d(x, h, mode="full"):
        return np.convolve(x, h, mode)

    written(conv1d)
    assert given("conv1d") is conv1d
    assert capsys.readouterr().out == "conv1d: yours\n"

    def conv1d(x, h, mode="full"):
        raise NotImplementedError

    written(conv1d)
    assert given("conv1d") is library("conv1d")
    assert "a library's, because yours does not pass" in capsys.readouterr().out


def test_a_figure_is_drawn_though_the_functions_cell_was_not_run(monkeypatch, capsys) -> None:
    monkeypatch.chdir(COURSE.assignments / "03_pooling_normalization")
    assert given("max_pool") is library("max_pool")
    assert "max_pool: a library's, because the cell of yours was not run" in capsys.readouterr().out


def test_away_from_its_cases_the_librarys_is_used(written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    def conv2d(x, w, b, stride=1, padding=0):
        return x

    written(conv2d)
    assert given("conv2d") is library("conv2d")


def test_every_figure_takes_an_earlier_function_by_its_name() -> None:
    """Only the function just written may be called as it is: after a restart a figure must not fail for another one."""
    for assignment in ASSIGNMENTS:
        written: set[str] = set()
        last: set[str] = set()
        for cell in assignment.master.cells:
            if cell.role is Role.SOLUTION:
                last = set(cell.defines)
                written |= last & room._HOMES.keys()
            elif cell.role is Role.EXPERIMENT:
                called = {name for name in written - last if re.search(rf"\b{name}\(", cell.source)}
                assert not called - set(cell.defines), f"{assignment.name}, line {cell.line}"
