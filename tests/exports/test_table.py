"""CSV that a spreadsheet can be trusted with, and JSON that says the same."""

import csv
import io
import json

import pytest
from hostile_marks import NASTY, marks, texts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.exports.cells import FORMULA, as_csv, number_cell, text_cell
from autograder.exports.table import HAND_IN, QUESTION, class_json, hand_ins_csv, questions_csv


def read(text):
    """As Python reads it, with what stands without quotes as numbers."""
    return list(csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC))


def starts_no_formula(cell):
    return not cell.lstrip().startswith(FORMULA) or cell == "-"


@given(texts)
@settings(max_examples=60, deadline=None)
def test_text_is_one_line_that_no_spreadsheet_evaluates(text):
    cell = text_cell(text)
    assert starts_no_formula(cell) and not set(cell) & set("\t\r\n\0\u202e\u200b")
    assert len(cell) <= 1001
    assert read(as_csv([[cell]])) == [[cell]] if cell else True


@pytest.mark.parametrize(
    ("text", "cell"),
    [("ada", "ada"), ("=1", "'=1"), ("-2", "'-2"), ("-", "-"), ("\t=1", "'=1"), ("a\r\nb", "a b"), ("Élodie", "Élodie"),
     ("x\0", "x‹U+0000›"), ("\u202ex", "‹U+202E›x"), ("n.n+exam@uni.org", "n.n+exam@uni.org")],
)  # fmt: skip
def test_what_becomes_of_text(text, cell):
    assert text_cell(text) == cell


@pytest.mark.parametrize(("value", "cell"), [(7.0, 7), (7.5, 7.5), (-0.25, -0.25), (1 / 3, 0.3333), (0.0, 0)])
def test_numbers_stay_numbers_even_below_zero(value, cell):
    assert number_cell(value) == cell and type(number_cell(value)) is type(cell)
    assert read(as_csv([[number_cell(value)]])) == [[float(cell)]]


@given(st.lists(marks, max_size=5))
@example([])
@settings(max_examples=50, deadline=None)
def test_the_table_is_read_back_as_it_was_meant(class_of):
    header, *rows = read(hand_ins_csv(class_of))
    assert tuple(header) == HAND_IN and len(rows) == len(class_of)
    for row, mark in zip(rows, class_of, strict=True):
        cells = dict(zip(HAND_IN, row, strict=True))
        assert cells["student"] == text_cell(mark.student)
        if mark.graded:
            assert cells["score"] == pytest.approx(mark.score, abs=1e-4)
            assert cells["final_score"] == pytest.approx(mark.final_score, abs=1e-4)
        else:
            assert cells["score"] == cells["final_score"] == ""
        assert all(starts_no_formula(cell) for cell in row if isinstance(cell, str))
    header, *rows = read(questions_csv(class_of))
    assert tuple(header) == QUESTION and len(rows) == sum(len(mark.questions) for mark in class_of)
    assert all(starts_no_formula(cell) for row in rows for cell in row if isinstance(cell, str))


@given(st.lists(marks, max_size=3))
@settings(max_examples=20, deadline=None)
def test_json_gives_names_back_as_they_are(class_of):
    found = json.loads(class_json(class_of))["submissions"]
    assert [each["student"] for each in found] == [mark.student for mark in class_of]
    assert [each["final_score"] for each in found] == [mark.final_score for mark in class_of]
    assert class_json(class_of).isascii()


def test_every_nasty_name_has_a_row_of_its_own():
    cells = [text_cell(name) for name in NASTY]
    assert read(as_csv([[cell, 1] for cell in cells])) == [[cell, 1.0] for cell in cells]


@pytest.mark.jail
@pytest.mark.nbgrader
def test_json_has_the_contract_of_course_grade(course_in):
    done = course_in("export", "--format", "json", "--to", "-")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["submissions"]
    for each in found:
        assert {"student", "assignment", "status", "score", "max_score", "late", "final_score", "sandboxed"} <= set(
            each
        )
        for question in each["questions"]:
            assert {"name", "score", "max_score", "verdict", "message"} <= set(question)
    assert {each["status"] for each in found} == {"graded", "unreadable"}
