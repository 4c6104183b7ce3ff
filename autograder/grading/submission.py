"""Grade one hand-in: find its answers, run what must be run in the jail, judge what came out."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace

from autograder.grading.alone import grade_alone
from autograder.grading.answer import Answer, found_before, look_up
from autograder.grading.file import grade_file
from autograder.grading.kept import Kept, key
from autograder.grading.plan import Plan
from autograder.grading.request import Request, request_for
from autograder.grading.result import SubmissionResult, SubmissionStatus
from autograder.grading.together import expected_together
from autograder.handin.changes import with_changes
from autograder.handin.inbox import Submission
from autograder.handin.notebook import HandIn, UnreadableError, parse_notebook
from autograder.jail import Jails
from autograder.rubric.question import Question
from autograder.rubric.trained import Trained
from autograder.rubric.written import Written
from common.cases import QuestionResult


def grade_submission(jails: Jails, plan: Plan, submission: Submission, kept: Kept | None = None) -> SubmissionResult:
    """Grade one hand-in where it lies. A hand-in that cannot be read is a result too."""
    try:
        if submission.path is None:
            raise UnreadableError(submission.problem)
        request = request_for(plan, submission.path)
    except UnreadableError as problem:
        return of(submission, unreadable(plan, str(problem), jails.sandboxed))
    return of(submission, grade_request(jails, plan, request, kept))


def of(submission: Submission, result: SubmissionResult) -> SubmissionResult:
    """A result with the name of whose hand-in it is, and what was refused before it was read."""
    repairs = (*submission.remarks, *result.repairs)
    return replace(result, student=submission.student, path=str(submission.path or ""), repairs=repairs)


def grade_request(jails: Jails, plan: Plan, request: Request, kept: Kept | None = None) -> SubmissionResult:
    """Grade one hand-in from its bytes: the same bytes, plan and program give the same points and words."""
    start = time.perf_counter()
    whole = _whole_key(jails, plan, request) if kept else ""
    if kept and (found := kept.find_whole(whole)):
        return _graded(jails, plan, *found, start)
    automatic = [each.name for each in plan.questions if not isinstance(each, Written | Trained)]
    try:
        handin = with_changes(parse_notebook(request.notebook, request.name), automatic, plan.stubs)
    except UnreadableError as problem:
        return unreadable(plan, str(problem), jails.sandboxed)
    graded = _grade_questions(jails, plan, handin, request, kept)
    result = _graded(jails, plan, tuple(question for question, _ in graded), handin.repairs, start)
    if kept and all(steady for _, steady in graded):
        kept.keep_whole(whole, result)
    return result


def _whole_key(jails: Jails, plan: Plan, request: Request) -> str:
    """Under what a hand-in as a whole is kept: all that was handed in and counts, and all questions."""
    files = [f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in sorted(request.files.items())]
    refused = [f"{name} {why}" for name, why in sorted(request.refused.items())]
    questions = (plan.whole, jails.engine)
    return key("whole", *questions, request.name, hashlib.sha256(request.notebook).digest(), files, refused)


def _graded(
    jails: Jails, plan: Plan, questions: tuple[QuestionResult, ...], repairs: tuple[str, ...], start: float
) -> SubmissionResult:
    return SubmissionResult(
        student="",
        assignment=plan.assignment.name,
        status=SubmissionStatus.GRADED,
        questions=questions,
        max_score=_max_score(plan),
        repairs=repairs,
        seconds=time.perf_counter() - start,
        sandboxed=jails.sandboxed,
    )


def unreadable(plan: Plan, reason: str, sandboxed: bool) -> SubmissionResult:
    """The result of a hand-in that nobody can read."""
    return SubmissionResult(
        student="",
        assignment=plan.assignment.name,
        status=SubmissionStatus.UNREADABLE,
        max_score=_max_score(plan),
        reason=reason,
        sandboxed=sandboxed,
    )


def _max_score(plan: Plan) -> float:
    return float(sum(question.points for question in plan.questions))


def _grade_questions(
    jails: Jails, plan: Plan, handin: HandIn, request: Request, kept: Kept | None
) -> list[tuple[QuestionResult, bool]]:
    """Every question's result, and whether it would be the same again."""
    found = {each.name: look_up(jails, plan, handin, each) for each in plan.questions if not isinstance(each, Trained)}
    if kept:
        found |= found_before(kept, [each for each in found.values() if isinstance(each, Answer)])
    waiting = [each for each in found.values() if isinstance(each, Answer)]
    expected = expected_together(jails, waiting, plan.given)
    found |= {answer.question.name: result for answer, result in expected}
    if kept and expected:
        kept.keep_each({answer.narrow: result for answer, result in expected})

    def grade(question: Question) -> tuple[QuestionResult, bool]:
        if isinstance(question, Trained):
            return grade_file(jails, plan, question, request, kept)
        each = found[question.name]
        return grade_alone(jails, each, kept) if isinstance(each, Answer) else (each, True)

    return [grade(each) for each in plan.questions]
