"""nbgrader's own fixture notebooks, as the installed package carries them, get the outcome they should from us.

Their problem set is rebuilt in solutions/ps1: `a` must be 1, `baz` is an answer in words. Two of its cells have no like
here and are not asked: `foo` gives a point for nothing, `quux` is code that a person grades.
"""

import json
from importlib.resources import files
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from .conftest import hand_in, make_course, released, run

UPSTREAM = files("nbgrader.tests")
RIGHT = 'a = {"a": 1}'
# Fixture: points of `a`, and whether the answer in words waits for a person.
PROBLEM_SETS = {
    "submitted-unchanged": (0, False),
    "submitted-changed": (1, True),
    "submitted-cheat-attempt": (0, True),
    "submitted-cheat-attempt-alternative": (0, True),
    "submitted-grade-cell-changed": (0, False),
    "submitted-locked-cell-changed": (0, False),
}
# Fixture cells that stand before the right answer, in its own cell: their points, and a word of the comment.
BEFORE_THE_ANSWER = {
    "preprocessors/files/infinite-recursion": (0, "RecursionError"),
    "preprocessors/files/long-output": (1, "ok"),
}


ENDLESS = {
    "apps/files/infinite-loop": "stopped",
    "apps/files/infinite-loop-with-output": "MemoryError",
}


def fixture(name):
    return json.loads((UPSTREAM / f"{name}.ipynb").read_text(encoding="utf-8"))


def text(cell):
    return "".join(cell.get("source", cell.get("input", "")))


def translated(name, course):
    """A fixture with its release's stubs and its right answer in our words; all the rest, metadata too, as it is."""
    stubs = {each["id"]: text(each) for each in released(course, "ps1")["cells"]}
    words = {
        "# YOUR CODE HERE\nraise NotImplementedError()": stubs["a"],
        "YOUR ANSWER HERE": stubs["baz"],
        "# YOUR CODE HERE\na = 1": RIGHT,
    }
    notebook = fixture(name)
    for cell in notebook["cells"]:
        cell["source"] = words.get(text(cell), text(cell))
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory, empty_gradebook):
    master = Path(__file__).parent / "solutions/ps1"
    course = make_course(tmp_path_factory.mktemp("fixtures"), master, gradebook=empty_gradebook)
    run(course.root, "generate_assignment", "ps1", "--force")
    return course


def name_of(path):
    return path.rsplit("/", 1)[-1]


def put_before_the_answer(course, path):
    (cell,) = fixture(path)["cells"]
    notebook = {**released(course, "ps1"), "cells": [{**cell, "source": f"{text(cell)}\n{RIGHT}"}]}
    hand_in(course, name_of(path), "ps1", content=json.dumps(notebook).encode())


@pytest.fixture(scope="module")
def graded(course):
    """Every fixture handed in by a student of its name, one batch."""

    def put(student, notebook):
        hand_in(course, student, "ps1", content=json.dumps(notebook).encode())

    for name in PROBLEM_SETS:
        put(name, translated(f"apps/files/{name}", course))
    changed = translated("apps/files/submitted-changed", course)
    put("every-cell-twice", {**changed, "cells": [each for cell in changed["cells"] for each in (cell, cell)]})
    twice = fixture("preprocessors/files/duplicate-grade-ids")["cells"]
    put("duplicate-grade-ids", {**changed, "cells": [*twice, *changed["cells"], *twice]})
    cheat = translated("apps/files/submitted-cheat-attempt", course)
    cheat["cells"][0]["source"] += '\na = {"a": 2}'
    put("cheat-with-wrong-answer", cheat)
    for path in BEFORE_THE_ANSWER:
        put_before_the_answer(course, path)
    for name in ("too-new", "test-v0-invalid"):
        put(name, fixture(f"apps/files/{name}"))
    return run(course.root, "autograde", "ps1")


def outcome(course, student):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        a = gradebook.find_grade("check_a", "p1", "ps1", student)
        baz = gradebook.find_grade("baz", "p1", "ps1", student)
        return a.auto_score, baz.needs_manual_grade, gradebook.find_comment("a", "p1", "ps1", student).comment


@pytest.mark.parametrize("name", PROBLEM_SETS)
def test_a_problem_set_gets_the_points_it_earns(course, graded, name):
    assert outcome(course, name)[:2] == PROBLEM_SETS[name]


@pytest.mark.parametrize("name", ["every-cell-twice", "duplicate-grade-ids"])
def test_doubled_cells_are_graded_and_stop_nobody(course, graded, name):
    assert outcome(course, name)[:2] == (1, True)


def test_a_silenced_traceback_hides_no_wrong_answer(course, graded):
    assert outcome(course, "cheat-with-wrong-answer")[0] == 0


@pytest.mark.parametrize("path", BEFORE_THE_ANSWER)
def test_what_a_cell_does_before_its_answer(course, graded, path):
    points, word = BEFORE_THE_ANSWER[path]
    score, _, comment = outcome(course, name_of(path))
    assert score == points and word in comment


@pytest.mark.slow
@pytest.mark.parametrize("path", ENDLESS)
def test_a_loop_without_end_is_stopped_and_named(course, path):
    put_before_the_answer(course, path)
    run(course.root, "autograde", "ps1", "--student", name_of(path))
    score, _, comment = outcome(course, name_of(path))
    assert score == 0 and ENDLESS[path] in comment


@pytest.mark.parametrize("name", ["too-new", "test-v0-invalid"])
def test_odd_schemas_stop_nobody(course, graded, name):
    assert outcome(course, name)[0] == 0


def test_the_instructors_cells_are_shown_whatever_was_handed_in(course, graded):
    own = nbformat.reads(json.dumps(released(course, "ps1")), as_version=4)
    path = course.root / "autograded/submitted-grade-cell-changed/ps1/p1.ipynb"
    shown = nbformat.read(path, as_version=4)
    assert [cell.source for cell in shown.cells] == [cell.source for cell in own.cells]
