"""The class page counts rightly and says it in a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from made_up_class import conv1d, conv2d, made_up_class, shape_question, typical, unknown, unreadable
from page_structure import Structure

from autograder.deadlines.rules import Deadline, Policy, Rules, penalty
from autograder.feedback import class_page
from autograder.feedback.plot import distribution, histogram
from autograder.feedback.summary import percent, summarise
from autograder.grading.result import ClassResult
from common.cases.verdict import QuestionResult, Status

TITLES = {"01_convolution": "Convolution"}


def class_of(*answers: QuestionResult) -> ClassResult:
    made = (typical(f"Student {n}", questions=(answer,), max_score=6.0) for n, answer in enumerate(answers))
    return ClassResult(tuple(made), 1.0, TITLES)


def full() -> QuestionResult:
    return replace(conv2d(), status=Status.PASSED, score=6.0, mistake="", advice="")


def test_every_hand_in_is_counted_once() -> None:
    slow = replace(conv2d(), status=Status.TIMEOUT, score=0.0, mistake="", seconds=9.0)
    missing = replace(conv2d(), status=Status.MISSING, score=0.0, mistake="", seconds=0.0)
    other = replace(conv2d(), mistake="")
    made = class_of(full(), full(), conv2d(0), conv2d(0), conv2d(1), slow, missing, missing, other)
    (summary,) = summarise(made)
    (question,) = summary.questions
    assert question.sentence == (
        "2 of 9 have full marks. 2: height and width swapped; 1: stride taken from the kernel. "
        "2 have not begun, 1 ran out of time, 1 lost points by a mistake not on the list."
    )
    assert question.full + sum(len(each.who) for each in question.mistakes) + sum(n for _, n in question.others) == 9
    assert question.median_seconds == 0.031
    assert len(summary.stopped) == 1 and summary.complete == 2
    assert [each.name for each in summary.teach_again()] == ["height and width swapped"]


def test_late_hand_ins_are_marked_with_what_they_lose() -> None:
    due = datetime(2026, 10, 23, 21, 59, tzinfo=UTC)
    rules = Rules(deadlines={"01_convolution": Deadline(due, Policy(free_days=1, percent_per_day=25))})
    lates = [penalty(rules, "x", "01_convolution", due + timedelta(days=days)) for days in (-1, 0.5, 1.5)]
    lates.append(replace(penalty(rules, "x", "01_convolution", None), by="the platform"))
    result = ClassResult(tuple(typical(f"Student {n}", late=late) for n, late in enumerate(lates)), 1.0, TITLES)
    assert [each.student for _, each in summarise(result)[0].late] == ["Student 1", "Student 2", "Student 3"]
    text = " ".join(Structure(class_page(result, {})).text.split())
    assert "Late 3 Student 1 1 day late Student 2 2 days late, −1.5 Student 3 Marked late, no time" in text
    listed = text[text.index("Students Filter") :]  # in the table too, where the filter finds them
    assert "marked late, no time" in listed and "1 day late " in listed and "2 days late, −1.5" in listed
    assert "Late" not in Structure(class_page(class_of(full()), {})).text  # where there is no deadline


def test_who_ran_out_of_time_or_crashed_is_named_with_the_question() -> None:
    slow = replace(conv2d(), status=Status.TIMEOUT, score=0.0, mistake="", verdicts=())
    one_case = replace(conv2d().verdicts[1], status=Status.CRASHED)
    partial = replace(conv2d(), mistake="", verdicts=(*conv2d().verdicts[:1], one_case))
    result = class_of(full(), slow, conv2d(), partial)
    assert [each.student for _, each in summarise(result)[0].stopped] == ["Student 1", "Student 3"]
    text = " ".join(Structure(class_page(result, {})).text.split())
    assert "Timeouts and crashes 2 Student 1 conv2d ran out of time Student 3 conv2d ended the Python process" in text


def test_many_known_mistakes_are_folded_after_the_most_frequent() -> None:
    rare = [replace(conv2d(), mistake=f"rare {number}") for number in range(8)]
    page = class_page(class_of(conv2d(), conv2d(), *rare), {})
    text = " ".join(Structure(page).text.split())
    assert "2 Height and width swapped" in text and "4 more known mistakes" in text
    assert all(f"Rare {number}" in text for number in range(8)) and Structure(page).balanced


def test_the_page_says_nothing_that_differs_between_two_runs_of_one_class() -> None:
    made = made_up_class(6)
    assert class_page(made, {}) == class_page(replace(made, seconds=made.seconds + 3), {})


def test_a_partial_answer_that_ran_out_of_time_is_counted_as_such() -> None:
    cases = (*conv2d().verdicts[:1], replace(conv2d().verdicts[1], status=Status.TIMEOUT))
    (summary,) = summarise(class_of(replace(conv2d(), mistake="", verdicts=cases)))
    assert summary.questions[0].others == ((Status.TIMEOUT, 1),)


def test_assignments_stand_apart_and_strays_come_last() -> None:
    result = ClassResult(
        (unknown(), typical(), unreadable(), typical("B", assignment="02_more")), 1.0, TITLES | {"02_more": "More"}
    )
    summaries = summarise(result)
    assert [(each.title, len(each.graded), len(each.ungraded)) for each in summaries] == [
        ("Convolution", 1, 1), ("More", 1, 0), ("No known assignment", 0, 1),
    ]  # fmt: skip
    text = Structure(class_page(result, {})).text
    assert "There is no assignment '99_nothing'." in text and "The file is no JSON: line 1 begins with PK." in text


def test_an_assignment_without_a_title_goes_by_its_name() -> None:
    assert summarise(ClassResult((typical(),), 1.0))[0].title == "01_convolution"


def test_links_lead_where_they_should() -> None:
    page = class_page(ClassResult((typical("A"), typical("B")), 1.0, TITLES), {0: "feedback/a b.html"})
    assert "feedback/a%20b.html" in Structure(page).targets


def test_empty_class_and_class_without_readable_hand_ins() -> None:
    assert "There are no hand-ins." in class_page(ClassResult((), 0.0, TITLES), {})
    assert "Not graded" in class_page(ClassResult((unreadable(),), 0.0, TITLES), {})


def test_a_run_that_was_cut_short_says_so() -> None:
    assert "Grading was interrupted." in class_page(replace(made_up_class(3), interrupted=True), {})


def test_full_marks_are_a_bar_of_their_own() -> None:
    bars = dict(distribution([0, 9.99, 10, 99.9, 100, 100, 29.999999999999996]))
    assert bars["0–9"] == 2 and bars["10–19"] == 1 and bars["90–99"] == 1 and bars["100"] == 2 and bars["30–39"] == 1


def test_the_plot_carries_no_style_no_date_and_no_name() -> None:
    svg = histogram(distribution([50.0, 100.0]))
    assert svg == histogram(distribution([50.0, 100.0]))
    assert not re.search(r"style=|<style|\bid=|xlink|Date|https?:|#[0-9a-f]{6}", svg)
    assert 'class="plot-bar"' in svg


def test_a_bar_is_as_high_as_its_number() -> None:
    svg = histogram(distribution([0.0, 15.0, 15.0, 100.0, 100.0, 100.0, 100.0]))
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', svg)]
    assert heights == [pytest.approx(heights[-1] * share, abs=0.01) for share in (0.25, 0.5, *[0] * 8, 1)]
    assert re.findall(r">(\d+)</text>", svg)[:4] == ["0", "1", "10", "2"] and histogram(distribution([]))


def test_a_thousand_students_stay_small() -> None:
    big = made_up_class(1000)
    page = class_page(big, {index: f"feedback/{index:04}-{'n' * 60}.html" for index in range(len(big.submissions))})
    assert len(page.encode()) < 2_000_000


def test_questions_that_some_lack_are_dashes() -> None:
    result = ClassResult(
        (typical("A", questions=(conv1d(), shape_question())), typical("B", questions=(conv1d(),))), 1.0, TITLES
    )
    (summary,) = summarise(result)
    assert [question.asked for question in summary.questions] == [2, 1]
    assert "–" in Structure(class_page(result, {})).text


def test_percents_lie_between_0_and_100() -> None:
    assert [percent(3, 4), percent(5, 4), percent(1, 0), percent(1, 5e-324), percent(-1, 4)] == [75, 100, 0, 100, 0]


def test_rare_mistakes_are_counted_together() -> None:
    rare = [replace(conv2d(), mistake=f"rare {number}") for number in range(5)]
    (summary,) = summarise(class_of(full(), *rare))
    assert summary.questions[0].sentence == (
        "1 of 6 have full marks. 1: rare 0; 1: rare 1; 1: rare 2; 2: other known mistakes."
    )
