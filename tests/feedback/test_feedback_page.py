"""The feedback page says what helps, and says nothing that is hidden."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_class import CONV2D, conv1d, conv2d, of_every_status, shape_question, typical, unknown, unreadable
from page_structure import Structure

from autograder.deadlines.rules import Deadline, Extension, Policy, Rules, penalty
from autograder.feedback import feedback_page
from autograder.feedback.code import code_block, code_lines
from autograder.feedback.words import WORDING
from common.cases.verdict import Status

PIECES = (
    "if",
    "x",
    "3",
    ".",
    "rb",
    "'",
    '"',
    "'''",
    '"""',
    "\\",
    "#",
    "\n",
    " ",
    "&",
    "<b>",
    ";",
    "\0",
    "\0k",
    "é",
    "٣",
)
ANY_CODE = st.lists(st.one_of(st.sampled_from(PIECES), st.text("ab'\"\\\n#3_ ", max_size=4)), max_size=30).map("".join)


def words(page: str) -> str:
    return " ".join(Structure(page).text.split())


def test_score_verdicts_and_advice_are_shown() -> None:
    text = words(feedback_page(typical(), "Convolution"))
    assert "6 of 12 points" in text
    assert "1 of 3 questions is right." in text
    assert "Go on with conv_output_shape." in text
    assert "What helps The output's width was computed from the image's height." in text
    assert "✗ NO 3x2 kernel on a 7x5 image Wrong shape: got (1, 3, 3, 1)" in text
    assert "What it printed output (2, 3, 3, 4)" in text


def test_what_being_late_cost_is_said_and_the_score_stays_what_was_earned() -> None:
    due = datetime(2026, 10, 23, 21, 59, tzinfo=UTC)
    rules = Rules(
        deadlines={"01_convolution": Deadline(due, Policy(percent_per_day=25))},
        extensions={("Bo", "01_convolution"): Extension(due + timedelta(days=9), "a secret reason")},
    )

    def page(student: str, days: float) -> str:
        late = penalty(rules, student, "01_convolution", due + timedelta(days=days))
        return words(feedback_page(typical(student, late=late), "Convolution"))

    assert "6 of 12 points" in page("Ada", 0.5)
    assert "Handed in 1 day late" in page("Ada", 0.5) and "taken off. 4.5 points count." in page("Ada", 0.5)
    assert "late" not in page("Ada", -1) and "late" not in page("Bo", 3)
    assert "secret" not in page("Bo", 10)


def test_details_and_inputs_of_hidden_cases_stay_hidden() -> None:
    for submission in (typical(), of_every_status()):
        page = feedback_page(submission, "Convolution")
        assert "HIDDEN" not in page
        assert "submitted/" not in page  # where the grader keeps the file is nobody's business


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_and_a_sign(status: Status) -> None:
    text = words(feedback_page(typical(questions=(replace(conv1d(), status=status),)), "T"))
    assert WORDING[status].symbol in text
    assert WORDING[status].student in text
    assert len({wording.symbol for wording in WORDING.values()}) == len(Status)


def test_one_reason_for_all_cases_is_said_once() -> None:
    text = words(feedback_page(typical(questions=(shape_question(Status.MISSING),)), "T"))
    assert text.count("Not written yet.") == 1
    assert "It will be tried on a square image" in text


def test_a_question_without_cases_shows_its_message() -> None:
    broken = replace(conv2d(), status=Status.TIMEOUT, verdicts=(), message="no answer within the time allowed.")
    assert "No answer within the time allowed." in words(feedback_page(typical(questions=(broken,)), "T"))


@pytest.mark.parametrize("submission", [unreadable(), unknown()])
def test_what_was_not_graded_says_why_and_what_to_do(submission) -> None:  # type: ignore[no-untyped-def]
    text = words(feedback_page(submission, "Convolution"))
    assert "Not graded" in text and "What to do" in text
    assert submission.reason.replace("`", "") in text
    assert "points" not in text


def test_no_blame_and_no_zero_without_a_way_on() -> None:
    text = words(feedback_page(typical(questions=(shape_question(Status.MISSING),)), "T"))
    assert "No points yet." in text and "Go on with" in text


def test_all_right() -> None:
    text = words(feedback_page(typical(questions=(conv1d(), shape_question())), "T"))
    assert "Everything is right." in text and "Go on with" not in text


def test_answers_for_a_person_are_not_counted_as_wrong() -> None:
    essay = replace(shape_question(Status.MANUAL), verdicts=(), message="")
    assert "1 answer waits for a person to read." in words(feedback_page(typical(questions=(conv1d(), essay)), "T"))


def test_repairs_and_a_missing_sandbox_are_named() -> None:
    text = words(feedback_page(typical(repairs=("Cell 3 had lost its name.",), sandboxed=False), "T"))
    assert "Cell 3 had lost its name." in text and "without a sandbox" in text


def test_long_code_and_output_are_cut_and_say_so() -> None:
    long = conv2d(code="x = 1\n" * 5000, output="line\n" * 5000 + "y" * 100_000)
    page = feedback_page(typical(questions=(long,)), "T")
    assert len(page) < 60_000
    assert "4800 more lines are not shown." in page and "4961 more lines are not shown." in page


def test_progress_bars_are_shown_as_a_terminal_leaves_them() -> None:
    output = "\x1b[1m 1/9\x1b[0m loss 3\r 5/9 loss 2\r\x08\x08 9/9 loss 1\nend\r\n"
    text = Structure(feedback_page(typical(questions=(conv2d(output=output),)), "T")).text
    assert "9/9 loss 1\nend" in text and "loss 3" not in text and "‹" not in text


def test_code_keeps_its_text_line_by_line() -> None:
    text = Structure(feedback_page(typical(), "T")).text
    assert CONV2D.strip() in text
    marked = code_lines(['a = """one', 'two""" # <b>'])
    assert marked[0] == 'a = <span class="s">&#34;&#34;&#34;one</span>'
    assert marked[1] == '<span class="s">two&#34;&#34;&#34;</span> <span class="c"># &lt;b&gt;</span>'


@given(ANY_CODE)
def test_code_keeps_its_text_whatever_it_is(code: str) -> None:
    shown = Structure(code_block(code.split("\n")))
    assert shown.balanced and shown.pairs <= {("span", ""), ("span", "class")}
    assert shown.text == code.replace("\0", "") + "\n"


def test_only_what_is_a_token_is_marked_as_one() -> None:
    def marked(line: str) -> str:
        return html.unescape(re.sub(r'<span class="(.)">(.*?)</span>', r"[\1 \2]", str(code_lines([line])[0])))

    assert marked("if iffy or _if: x3 = 3.x, is3") == "[k if] iffy [k or] _if: x3 = [n 3.x], is3"
    assert marked("rb'a'if brf'a' # 'b'") == "[s rb'a'][k if] brf[s 'a'] [c # 'b']"
    assert marked("a 'is \\") == "a '[k is] \\"  # a backslash at the end: the quote begins no string
    assert marked("\0k<\0/") == "k</"


def test_lists_of_cases_that_differ_in_one_word_are_told_apart() -> None:
    def with_why(why: str, group: str = "one filter", passed: bool = False) -> str:
        made = conv2d()
        last = replace(made.verdicts[-1], why=why, group=group, passed=passed)
        return feedback_page(typical(questions=(replace(made, verdicts=(*made.verdicts[:-1], last)),)), "T")

    pages = [
        with_why("it broke."),
        with_why("it broke!"),
        with_why("it broke.", "b"),
        with_why("it broke.", passed=True),
    ]
    assert len(set(pages)) == 4
    assert pages[0] == with_why("it broke.") and "broke!" in pages[1] and "broke!" not in pages[0] + pages[2] + pages[3]


def test_code_made_to_be_slow_is_not() -> None:
    worst = [conv2d(code=text * 4000) for text in ('"\\', "'''\"", "\\\\\"'", "a" * 50, "`")]
    begin = time.perf_counter()
    feedback_page(typical(questions=tuple(worst)), "T")
    for text in ("ab ", "x = ", "\\", "r'\\\n", "'\"\\\n", "ififif", "\n"):  # with no end to what lies between tokens
        code_block((text * 20_000).split("\n"))
    assert time.perf_counter() - begin < 2


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = feedback_page(typical(), "T")
    assert not re.search(r"https?:|<script|<link|<img|url\(|@import| style=", page)
    assert "default-src 'none'; style-src 'sha256-" in page.replace("&#39;", "'")


def test_the_same_hand_in_makes_the_same_page() -> None:
    assert feedback_page(typical(), "T") == feedback_page(typical(), "T")
