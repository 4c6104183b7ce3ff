"""Grade a whole class: through an engine, results in a stable order, nothing finished is lost when it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autograder.course import Course
from autograder.grading.drawn import draw_ahead
from autograder.grading.engine import Engine, Work, plan_for
from autograder.grading.plan import Plan
from autograder.grading.request import Request, request_for
from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from autograder.grading.stopping import whole
from autograder.grading.submission import of, unreadable
from autograder.handin.inbox import Submission
from autograder.handin.notebook import UnreadableError

OnResult = Callable[[Submission, SubmissionResult], None]


def make_plans(
    course: Course,
    submissions: Sequence[Submission],
    secret: bytes,
    only: str | None,
    drawn: Path | None = None,
    reuse: bool = True,
    jobs: int = 1,
) -> dict[str, Plan]:
    """A plan for every known assignment among the hand-ins. Fresh cases are kept in the folder `drawn`."""
    wanted = sorted({submission.assignment for submission in submissions} & set(course.names()))
    for name in wanted:
        draw_ahead(course, name, secret, only, drawn, reuse, jobs)
    return {name: plan_for(course, name, secret, only) for name in wanted}


def grade_class(
    engine: Engine,
    plans: Mapping[str, Plan],
    submissions: Sequence[Submission],
    on_result: OnResult = lambda submission, result: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> ClassResult:
    """Grade all hand-ins. `on_result` is called in this thread after each of them, so that one writer writes.

    `meanwhile` is called once, before the first of them, while the engine is at work already.
    """
    start = time.perf_counter()
    results: dict[int, SubmissionResult] = {}
    interrupted = False

    def finish(index: int, result: SubmissionResult) -> None:
        with whole():
            results[index] = of(submissions[index], result)
            on_result(submissions[index], results[index])

    known = [index for index, each in enumerate(submissions) if each.assignment in plans]
    with engine.map([_work(plans[submissions[index].assignment], submissions[index]) for index in known]) as graded:
        meanwhile()
        try:
            for index in sorted(set(range(len(submissions))) - set(known)):
                finish(index, _unknown(submissions[index]))
            for number, outcome in graded:
                index = known[number]
                finish(index, _named(plans[submissions[index].assignment], outcome, engine.sandboxed))
        except KeyboardInterrupt:
            interrupted = True
    return ClassResult(
        submissions=tuple(results[index] for index in sorted(results)),
        seconds=time.perf_counter() - start,
        titles={name: plan.assignment.rubric.title for name, plan in plans.items()},
        interrupted=interrupted,
    )


def _work(plan: Plan, submission: Submission) -> Work:
    def read() -> Request:
        if submission.path is None:
            raise UnreadableError(submission.problem)
        return request_for(plan, submission.path)

    return read


def _unknown(submission: Submission) -> SubmissionResult:
    reason = f"This course has no assignment {submission.assignment!r}."
    return SubmissionResult(
        submission.student, submission.assignment, SubmissionStatus.UNKNOWN_ASSIGNMENT, reason=reason
    )


def _named(plan: Plan, outcome: SubmissionResult | Exception, sandboxed: bool) -> SubmissionResult:
    """A result, or the sentence that there is instead of one."""
    if isinstance(outcome, SubmissionResult):
        return outcome
    if isinstance(outcome, UnreadableError):
        return unreadable(plan, str(outcome), sandboxed)
    # A fault of ours must not stop the batch or pass for a student's: it is named, and no score is written.
    return unreadable(plan, f"The grader failed on it: {outcome}", sandboxed)
