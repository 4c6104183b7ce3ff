"""Thousands of mutated notebooks: none brings the grader down, and an untouched solution cell keeps its points."""

import copy
import json
from dataclasses import dataclass, field, replace

import pytest
from books import QUESTIONS, code, grade_id, runs_like
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.building.names import check_id
from autograder.grading.plan import make_plan
from autograder.grading.submission import grade_submission
from autograder.handin.changes import with_changes
from autograder.handin.inbox import Submission
from autograder.handin.match import find_answer, why_missing
from autograder.handin.notebook import UnreadableError, parse_notebook

WHOSE = "_whose"  # the question whose untouched solution a cell is
TOUCHED = "_touched"  # questions of which a cell holds a changed piece
JUNK = [
    "x = 1",
    "def f(x):",
    "    return 1",
    "        y = 2",
    '"""',
    "(",
    "check(conv1d)",
    "check(conv2d)\nnp = None",
    "%matplotlib inline\n!ls\nout = 1",
    "%%bash\nls",
    "%%time\nwindow = 1",
    "out = 1 / 0",
    "while True:\n    padded = 1",
    "raise SystemExit",
    "from math import *",
    "del conv2d",
    "class conv:\n\tpass",
    "y = [x for x in range(3)]",
    "conv1d.calls = 0",
    "",
    "\x0c\x00\ud800",
    "# ünïcode ☃",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ids = st.sampled_from([*QUESTIONS, "check_conv2d", "other", "", None, 7, ["conv1d"]])
metadata = st.fixed_dictionaries(
    {},
    optional={
        "nbgrader": st.fixed_dictionaries({"grade_id": ids}) | json_values,
        "tags": st.lists(st.sampled_from(["experiment", "answer:conv1d", "x"]), max_size=2) | json_values,
        "deletable": json_values,
    },
)
outputs = st.lists(json_values, max_size=3) | json_values
where = st.sampled_from(range(60))


def drop(cells, draw):
    cells.pop(draw(where) % len(cells))


def double(cells, draw):
    cells.insert(draw(where) % len(cells), copy.deepcopy(cells[draw(where) % len(cells)]))


def shuffle(cells, draw):
    cells[:] = draw(st.permutations(cells))


def reverse(cells, draw):
    cells.reverse()


def split(cells, draw):
    place = draw(where) % len(cells)
    cell = cells[place]
    lines = source(cell).splitlines(keepends=True)
    cut = draw(st.integers(0, len(lines)))
    touched = touch(cell)
    pieces = [{**copy.deepcopy(cell), "source": "".join(part), **touched} for part in (lines[:cut], lines[cut:])]
    cells[place : place + 1] = pieces


def merge(cells, draw):
    place = draw(where) % len(cells)
    first, second = cells[place], cells[(place + 1) % len(cells)]
    if first is second:
        return
    touched = {WHOSE: None, TOUCHED: [*touch(first)[TOUCHED], *touch(second)[TOUCHED]]}
    first.update(source=source(first) + draw(st.sampled_from(["\n", "\n\n", ""])) + source(second), **touched)
    cells.remove(second)


def retag(cells, draw):
    cells[draw(where) % len(cells)]["metadata"] = draw(metadata)


def strip(cells, draw):
    for cell in cells:
        cell["metadata"] = {}
        cell.pop("id", None)


def scramble(cells, draw):
    for cell in cells:
        cell["metadata"] = draw(metadata | json_values)


def output(cells, draw):
    cells[draw(where) % len(cells)].update(outputs=draw(outputs), execution_count=draw(json_values))


def junk(cells, draw):
    cell = code(draw(st.sampled_from(JUNK)))
    cell["cell_type"] = draw(st.sampled_from(["code", "code", "code", "markdown", "raw", "heading"]))
    cells.insert(draw(where) % len(cells), cell)


def no_cell(cells, draw):
    cells.insert(draw(where) % len(cells), draw(json_values.filter(lambda value: not isinstance(value, dict))))


def as_lines(cells, draw):
    for cell in cells:
        cell["source"] = source(cell).splitlines(keepends=True)


def stub(cells, draw):
    cells.insert(draw(where) % len(cells), code(draw(st.sampled_from(stub.sources))))


def source(cell):
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def touch(cell):
    whose = [cell[WHOSE]] if cell.get(WHOSE) else []
    return {WHOSE: None, TOUCHED: [*whose, *cell.get(TOUCHED, [])]}


CHANGES = [drop, double, shuffle, reverse, split, merge, retag, strip, scramble, output, junk, junk, as_lines, stub]
encodings = st.sampled_from(
    [
        lambda text: text.encode("utf-8"),
        lambda text: b"\xef\xbb\xbf" + text.encode("utf-8"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-8") + b"\0" * 9,
        lambda text: text.replace("\\n", "\\r\\n").encode("utf-8"),
        lambda text: json.dumps(json.loads(text), indent=2).replace("\n", "\r\n").encode("utf-8"),
    ]
)
heads = st.fixed_dictionaries(
    {"nbformat": st.just(4)},
    optional={
        "nbformat_minor": st.integers(0, 12) | json_values,
        "metadata": st.fixed_dictionaries({}, optional={"kernelspec": st.builds(dict, name=json_values)}) | json_values,
    },
)


@dataclass(frozen=True)
class Book:
    """The solved notebook. A failing example shows the changes, not all of it."""

    cells: list = field(repr=False)
    solved: dict = field(repr=False)
    stubs: dict = field(repr=False)


@pytest.fixture(scope="module")
def book(_released, convolution):
    """The solved cells, each of them marked with whose solution it is, and the released stubs; of three questions."""
    from autograder.handin.written import solved_cells

    solved = solved_cells(convolution)
    others = {name for question in solved if question not in QUESTIONS for name in (question, check_id(question))}
    cells = [copy.deepcopy(cell) for cell in _released["cells"] if grade_id(cell) not in others]
    solved = {name: solved[name] for name in QUESTIONS}
    stubs = {grade_id(cell): source(cell) for cell in cells if grade_id(cell)}
    stub.sources = [stubs[name] for name in QUESTIONS]
    for cell in cells:
        cell["source"] = solved.get(grade_id(cell), source(cell))
        cell[WHOSE] = grade_id(cell) if grade_id(cell) in solved else None
    return Book(cells, solved, stubs)


def mutated(book, data):
    """A mutated notebook's bytes, and the questions that must keep their points."""
    cells = copy.deepcopy(book.cells)
    for change in data.draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=12)):
        if cells:
            change(cells, data.draw)
    untouched = {cell[WHOSE] for cell in cells if cell.get(WHOSE)}
    safe = untouched - {name for cell in cells for name in cell.get(TOUCHED, [])}
    plain = [{key: value for key, value in cell.items() if key not in (WHOSE, TOUCHED)} for cell in cells]
    if plain and data.draw(st.booleans()):
        no_cell(plain, data.draw)
    text = json.dumps({**data.draw(heads), "cells": plain})
    return data.draw(encodings)(text), safe


def find_and_compare(book, data):
    solved, stubs = book.solved, book.stubs
    content, safe = mutated(book, data)
    handin = with_changes(parse_notebook(content), QUESTIONS, stubs)
    assert all(len(note) < 400 for note in handin.repairs)
    for name in QUESTIONS:
        if name in safe:
            assert runs_like(handin, name, solved[name], stubs[name]), name
        elif find_answer(handin, name, stubs[name]) is None:
            assert why_missing(handin, name)


quick = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(data=st.data())
def test_an_untouched_solution_is_found_in_any_mutated_notebook(book, data):
    find_and_compare(book, data)


@pytest.mark.slow
@settings(quick, max_examples=10_000)
@given(data=st.data())
def test_an_untouched_solution_is_found_in_ten_thousand_mutated_notebooks(book, data):
    find_and_compare(book, data)


@pytest.fixture(scope="module")
def graded(jails, course, tmp_path_factory):
    plan = make_plan(course, "01_convolution", b"mutated notebooks")
    plan = replace(plan, questions=[plan.assignment.rubric[name] for name in QUESTIONS])
    path = tmp_path_factory.mktemp("mutated") / "convolution.ipynb"

    def graded(content):
        path.write_bytes(content)
        result = grade_submission(jails, plan, Submission("ada", "01_convolution", path))
        return {each.question: each for each in result.questions}

    return graded


def grade_and_compare(book, graded, data):
    content, safe = mutated(book, data)
    results = graded(content)
    assert set(results) == set(QUESTIONS)
    for name in safe:
        assert results[name].score == results[name].max_score, (name, results[name].message)


@pytest.mark.jail
@settings(quick, max_examples=20)
@given(data=st.data())
def test_an_untouched_solution_keeps_its_points_in_the_jail(book, graded, data):
    grade_and_compare(book, graded, data)


@pytest.mark.jail
@pytest.mark.slow
@settings(quick, max_examples=300)
@given(data=st.data())
def test_three_hundred_mutated_notebooks_through_the_jail(book, graded, data):
    grade_and_compare(book, graded, data)


@quick
@given(data=st.data())
def test_a_notebook_with_any_bytes_changed_is_read_or_refused_in_words(book, data):
    content = bytearray(json.dumps({"nbformat": 4, "cells": book.cells}).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        with_changes(parse_notebook(bytes(content)), QUESTIONS, book.stubs)
    except UnreadableError as problem:
        assert str(problem)
