"""The feedback page: what a student reads about one hand-in."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from markupsafe import Markup

from autograder.feedback.code import code_block
from autograder.feedback.page import fragment, render
from autograder.feedback.plain import first_lines, printed
from autograder.feedback.tried import tried
from autograder.feedback.words import NOT_GRADED, WORDING, count, earned, lateness, number
from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status

CODE_LINES, CODE_WIDTH = 200, 300
OUTPUT_LINES, OUTPUT_WIDTH = 40, 300
MOST_REPAIRS = 20
BAR = 100.0  # the score bar's length; its gaps are one unit wide


@dataclass(frozen=True)
class QuestionView:
    """One question as the template needs it. It carries no detail, input or expected value of any case."""

    anchor: str
    result: QuestionResult
    verdict: Markup
    earned: str
    most: str  # the points one can have
    tried: Markup
    code: Markup
    code_cut: str
    output: str
    output_cut: str


@dataclass(frozen=True)
class Segment:
    """One question's part of the score bar."""

    x: float
    width: float
    filled: float


def feedback_page(submission: SubmissionResult, title: str) -> str:
    """A self-contained HTML page on one hand-in, for its student."""
    questions = [_view(index, result) for index, result in enumerate(submission.questions, 1)]
    sentence, advice = NOT_GRADED.get(submission.status, ("", ""))
    return render(
        "feedback.html.j2",
        ("page.css", "feedback.css"),
        title=title,
        submission=submission,
        graded=submission.status is SubmissionStatus.GRADED,
        notebook=re.split(r"[/\\]", submission.path)[-1],
        sentence=sentence,
        what_to_do=advice,
        summary=_summary(submission.questions),
        late=lateness(submission),
        start=_start(questions),
        segments=_segments(submission.questions),
        questions=questions,
        repairs=submission.repairs[:MOST_REPAIRS],
        number=number,
    )


def _view(index: int, result: QuestionResult) -> QuestionView:
    code, code_cut = first_lines(result.code, CODE_LINES, CODE_WIDTH) if result.code.strip() else ([], "")
    said = printed(result.output)
    output, output_cut = first_lines(said, OUTPUT_LINES, OUTPUT_WIDTH) if said.strip() else ([], "")
    return QuestionView(
        anchor=f"q{index}",
        result=result,
        verdict=_verdict(result.status),
        earned=earned(result.score, result.status),
        most=number(result.max_score),
        tried=tried(result),
        code=code_block(code) if code else Markup(""),
        code_cut=code_cut,
        output="".join(f"{line}\n" for line in output),
        output_cut=output_cut,
    )


@functools.cache
def _verdict(status: Status) -> Markup:
    return fragment("verdict.html.j2", wording=WORDING[status])


def _summary(questions: tuple[QuestionResult, ...]) -> str:
    """One friendly sentence under the score."""
    waiting = sum(question.status is Status.MANUAL for question in questions)
    judged = len(questions) - waiting
    right = sum(question.status is Status.PASSED for question in questions)
    tail = f" {count(waiting, 'answer waits', 'answers wait')} for a person to read." if waiting else ""
    if not judged:
        return tail.strip()
    if right == judged:
        return ("Everything is right." if judged > 1 else "It is right.") + tail
    if right:
        return f"{right} of {count(judged, 'question', 'questions')} {'is' if right == 1 else 'are'} right." + tail
    if any(question.score for question in questions):
        return "Parts of it are right already." + tail
    return "No points yet. The cases below run from simple to hard, so begin with the first." + tail


def _start(questions: list[QuestionView]) -> QuestionView | None:
    """Where to go on: the first question that can still earn points."""
    done = (Status.PASSED, Status.MANUAL)
    return next((each for each in questions if each.result.status not in done), None)


def _segments(questions: tuple[QuestionResult, ...]) -> list[Segment]:
    counted = [question for question in questions if question.max_score > 0]
    total = sum(question.max_score for question in counted)
    free, x, segments = BAR - (len(counted) - 1), 0.0, []
    if free <= 0:  # so many questions that the gaps alone would fill the bar
        return []
    for question in counted:
        width = free * question.max_score / total
        share = min(max(question.score / question.max_score, 0.0), 1.0)
        segments.append(Segment(round(x, 2), round(width, 2), round(width * share, 2)))
        x += width + 1
    return segments
