"""The card says what was tried and what is wrong, by word, symbol and colour."""

import numpy as np

from common.card import Card, as_html, as_text, notes
from common.cases import Case, KnownMistake, Outcome, Sheet
from common.cases.judge import judge

X = np.array([1.0, 2.0])
CASES = (
    Case("small", "one", {"x": X}, Outcome(X)),
    Case("large <b>", "two", {"x": 9 * X}, Outcome(np.array([9.25, 18.5]))),
)
SHEET = Sheet("f", {"one": 1.0, "two": 2.0}, CASES, (KnownMistake("m", "Try & see.", (Outcome(X), Outcome(9 * X))),))
RESULT = judge(SHEET, [Outcome(X), Outcome(9 * X)])


def test_the_text_card():
    lines = as_text(RESULT).splitlines()
    assert lines[0].split() == ["f", "1", "of", "3", "points", "so", "far"]
    assert lines[1].split() == ["ok", "small", "error", "0", "(allowed", "4e-06)"]
    assert lines[2].startswith("  NO   large <b>   wrong values: 2 of 2 differ")
    assert "  large <b> (x (2,))." in lines
    assert "  First at index [0]: got 9, expected 9.25." in lines
    assert "  Try & see." in lines
    assert lines[-1] == "  Grading uses fresh inputs of other sizes."


def test_the_html_card_escapes_and_names_what_colour_shows():
    page = as_html(RESULT)
    assert "large &lt;b&gt;" in page and "Try &amp; see." in page and "<b>" not in page
    assert "<p class=helps>Try &amp; see.</p>" in page
    assert "✓ ok" in page and "✗ NO" in page


def test_jupyter_gets_html_and_a_terminal_text():
    assert Card(RESULT)._repr_html_().startswith("<style>")
    assert repr(Card(RESULT)) == as_text(RESULT)


def test_as_above_points_to_the_failure_just_above_and_no_further():
    cases = tuple(Case(name, name, {"x": X}, Outcome(X)) for name in ("one", "two", "three", "four"))
    sheet = Sheet("f", dict.fromkeys(("one", "two", "three", "four"), 1.0), cases)
    nothing, wrong = Outcome(None), Outcome("a word")
    shown = notes(judge(sheet, [nothing, nothing, wrong, nothing]))
    assert [each == "as above" for each in shown] == [False, True, False, False]


def test_a_table_of_numbers_promises_no_fresh_inputs():
    assert "fresh" in repr(Card(RESULT)) and "fresh" in Card(RESULT)._repr_html_()
    assert "fresh" not in repr(Card(RESULT, "value")) and "fresh" not in Card(RESULT, "value")._repr_html_()


def test_the_whole_answer_is_never_shown():
    assert "18.5" not in as_text(RESULT) and "18.5" not in as_html(RESULT)
