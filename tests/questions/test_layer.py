"""Layer questions: a class of the student's own, tried in their process; only arrays and plain values come out."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.jail
NAME = "06_layer"


def test_a_function_is_no_layer(grade):
    (question,) = grade(NAME, {"Maxout": "def Maxout(units, pieces=2):\n    return 1"}).questions
    assert question.message.endswith("your code defined something else where a subclass of keras.Layer is asked for.")


def test_an_error_in_call_names_the_students_own_line(grade, planned):
    source = (
        planned(NAME).assignment.reference.source("Maxout").replace("return ops.max(", "1 / 0\n        return ops.max(")
    )
    (question,) = grade(NAME, {"Maxout": source}).questions
    assert "ZeroDivisionError: division by zero (line 14: `1 / 0`)" in question.message
