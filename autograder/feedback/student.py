"""The feedback page: what a student reads about one hand-in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from autograder.feedback.code import code_lines
from autograder.feedback.page import render
from autograder.feedback.plain import first_lines, printed
from autograder.feedback.words import NOT_GRADED, WORDING, Wording, count, earned, lateness, number
from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status, Verdict

CODE_LINES, CODE_WIDTH = 200, 300
OUTPUT_LINES, OUTPUT_WIDTH = 40, 300
MOST_CASES, MOST_REPAIRS = 60, 20
BAR = 100.0  # the score bar's length; its gaps are one unit wide


@dataclass(frozen=True)
class Group:
    """Cases that earn their points together. The name is empty where a question has only one group."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Did every case pass?"""
        return all(verdict.passed for verdict in self.verdicts)


@dataclass(frozen=True)
class QuestionView:
    """One question as the template needs it. It carries no detail, input or expected value of any case."""

    anchor: str
    result: QuestionResult
    wording: Wording
    groups: tuple[Group, ...]
    reason: str  # one reason for all cases, instead of the same words on every row
    tried: str  # the heading over the cases
    cases_cut: int
    code: list[Markup]
    code_cut: str
    output: list[str]
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
        earned=earned,
    )


def _view(index: int, result: QuestionResult) -> QuestionView:
    code, code_cut = first_lines(result.code, CODE_LINES, CODE_WIDTH) if result.code.strip() else ([], "")
    said = printed(result.output)
    output, output_cut = first_lines(said, OUTPUT_LINES, OUTPUT_WIDTH) if said.strip() else ([], "")
    verdicts = result.verdicts[:MOST_CASES]
    reason = _shared_reason(result)
    return QuestionView(
        anchor=f"q{index}",
        result=result,
        wording=WORDING[result.status],
        groups=_groups(verdicts),
        reason=reason,
        tried="It will be tried on"
        if result.status is Status.MISSING
        else "It was tried on"
        if reason
        else "What was tried",
        cases_cut=len(result.verdicts) - len(verdicts),
        code=code_lines(code) if code else [],
        code_cut=code_cut,
        output=output,
        output_cut=output_cut,
    )


def _groups(verdicts: tuple[Verdict, ...]) -> tuple[Group, ...]:
    names = list(dict.fromkeys(verdict.group for verdict in verdicts))
    if len(names) < 2:
        return (Group("", verdicts),) if verdicts else ()
    return tuple(Group(name, tuple(each for each in verdicts if each.group == name)) for name in names)


def _shared_reason(result: QuestionResult) -> str:
    """The reason that all cases share when not one passed, or the message where there are no cases."""
    if not result.verdicts:
        return result.message
    reasons = {verdict.why for verdict in result.verdicts}
    alike = len(result.verdicts) > 1 and len(reasons) == 1 and not any(verdict.passed for verdict in result.verdicts)
    return reasons.pop() if alike else ""


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
