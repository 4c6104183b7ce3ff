"""Layer questions: a class of the student's own, tried in their process; only arrays and plain values come out."""

from __future__ import annotations

import pytest

from autograder.selftest import prove
from common.cases import Status

pytestmark = pytest.mark.jail
NAME = "06_layer"


def test_the_rubric_is_proven(built):
    proof = prove(built(NAME), (1, 1), (0, 1))
    assert not [(each.answer, each.sheet, each.result.mistake) for each in proof.missed + proof.unnamed]
    assert not [(each.answer, each.result.message) for each in proof.failed_variants]
    assert proof.ok


def test_solution_stub_and_variants_in_the_jail(grade, planned, as_cell):
    rubric = planned(NAME).assignment.rubric
    assert grade(NAME).score == rubric.points
    assert grade(NAME, solved=False).score == 0
    for variant in rubric["Maxout"].variants:
        (question,) = grade(NAME, {"Maxout": as_cell(NAME, "Maxout", variant)}).questions
        assert question.status is Status.PASSED, question.message


def test_a_function_is_no_layer(grade):
    (question,) = grade(NAME, {"Maxout": "def Maxout(units, pieces=2):\n    return 1"}).questions
    assert question.message.endswith("your code defined something else where a subclass of keras.Layer is asked for.")


def test_an_error_in_call_names_the_students_own_line(grade, planned):
    source = (
        planned(NAME).assignment.reference.source("Maxout").replace("return ops.max(", "1 / 0\n        return ops.max(")
    )
    (question,) = grade(NAME, {"Maxout": source}).questions
    assert "ZeroDivisionError: division by zero (line 14: `1 / 0`)" in question.message
