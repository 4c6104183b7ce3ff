"""Grade a whole class: workers in parallel, results in a stable order, nothing finished is lost when it is stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from autograder.course import Course
from autograder.grading.kept import Kept
from autograder.grading.plan import Plan, make_plan
from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from autograder.grading.submission import grade_submission, unreadable
from autograder.handin.inbox import Submission
from autograder.jail import Jails

OnResult = Callable[[Submission, SubmissionResult], None]


def make_plans(course: Course, submissions: Sequence[Submission], secret: bytes, only: str | None) -> dict[str, Plan]:
    """A plan for every known assignment among the hand-ins."""
    wanted = {submission.assignment for submission in submissions} & set(course.names())
    return {name: make_plan(course, name, secret, only) for name in sorted(wanted)}


def grade_class(
    jails: Jails,
    plans: dict[str, Plan],
    submissions: Sequence[Submission],
    on_result: OnResult = lambda submission, result: None,
    jobs: int | None = None,
    kept: Kept | None = None,
) -> ClassResult:
    """Grade all hand-ins. `on_result` is called in this thread after each of them, so that one writer writes."""
    start = time.perf_counter()
    results: dict[int, SubmissionResult] = {}
    interrupted = False
    pool = ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1, thread_name_prefix="grade")
    running: dict[Future[SubmissionResult], int] = {
        pool.submit(_grade_one, jails, plans, submission, kept): index for index, submission in enumerate(submissions)
    }
    try:
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                index = running.pop(future)
                results[index] = future.result()
                on_result(submissions[index], results[index])
    except KeyboardInterrupt:
        interrupted = True
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return ClassResult(
        submissions=tuple(results[index] for index in sorted(results)),
        seconds=time.perf_counter() - start,
        titles={name: plan.assignment.rubric.title for name, plan in plans.items()},
        interrupted=interrupted,
    )


def _grade_one(jails: Jails, plans: dict[str, Plan], submission: Submission, kept: Kept | None) -> SubmissionResult:
    plan = plans.get(submission.assignment)
    if plan is None:
        return SubmissionResult(
            student=submission.student,
            assignment=submission.assignment,
            status=SubmissionStatus.UNKNOWN_ASSIGNMENT,
            reason=f"This course has no assignment {submission.assignment!r}.",
            path=str(submission.path or ""),
        )
    try:
        return grade_submission(jails, plan, submission, kept)
    except Exception as problem:
        # A fault of ours must not stop the batch or pass for a student's: it is named, and no score is written.
        reason = f"The grader failed on it: {type(problem).__name__}: {problem}"
        return unreadable(plan, submission, reason, jails.sandboxed)
