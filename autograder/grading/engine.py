"""Where hand-ins are graded. An engine maps one function, from a request's bytes to a result, over its workers.

`grade` is that function: pure, with a serialisable request and result, so that an engine on other machines can map it
too. `Local` is the only engine now. Its workers are threads of this process: each has one hand-in at work, reads,
judges and waits. Answers run in jailed processes, forked by the jail's server: together where they can be seen not to
touch each other, and whatever is wrong in one of its own. When such a process or the server is killed from outside,
that question alone is run again. When this process is killed, what it had finished is kept.

    python -m autograder.grading.engine < request.json > result.json
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Protocol

from autograder.course import Course, CourseError, find_course
from autograder.grading.kept import Kept
from autograder.grading.plan import Plan, make_plan
from autograder.grading.request import Request
from autograder.grading.result import SubmissionResult, result_as_json
from autograder.grading.submission import grade_request
from autograder.jail import Jails, JailUnavailable

ENGINES = ("local",)
Work = Callable[[], Request]  # reads a hand-in when its turn comes, so that a class is never in memory as a whole

Finished = Generator[tuple[int, SubmissionResult | Exception]]


class RequestRefused(Exception):
    """A request that this machine cannot answer rightly, in one sentence."""


class Engine(Protocol):
    """Grades many hand-ins at the same time."""

    @property
    def sandboxed(self) -> bool:
        """Whether its jails hold students' code back."""

    def map(self, work: Sequence[Work]) -> Finished:
        """Each result with the number of its request, as they come; an exception where there is none."""


def grade(course: Course, jails: Jails, request: Request, kept: Kept | None = None) -> SubmissionResult:
    """Grade one hand-in. The same request gives the same result on every machine that does not refuse it."""
    plan = plan_for(course, request.assignment, request.secret, request.question)
    if plan.digest != request.digest:
        raise RequestRefused(
            f"This request was made for another version of {request.assignment} or of the grader than the one at hand: "
            "bring both machines to the same version, then grade again."
        )
    return grade_request(jails, plan, request, kept)


@functools.lru_cache(maxsize=64)
def plan_for(course: Course, assignment: str, secret: bytes, question: str | None) -> Plan:
    """The plan of an assignment, made at the first call."""
    return make_plan(course, assignment, secret, question)


@dataclass(frozen=True)
class Local:
    """Threads of this process, each with a jailed process for what it is at."""

    course: Course
    jails: Jails
    jobs: int
    kept: Kept | None = None

    @property
    def sandboxed(self) -> bool:
        """Whether its jails hold students' code back."""
        return self.jails.sandboxed

    def map(self, work: Sequence[Work]) -> Finished:
        """Each result with the number of its request, as they come. When it is left early, all work ends at once."""
        pool = ThreadPoolExecutor(max_workers=self.jobs, thread_name_prefix="grade")
        running = {pool.submit(self._grade, each): number for number, each in enumerate(work)}
        try:
            for future in as_completed(list(running)):
                yield running.pop(future), _outcome(future)
        finally:
            if running:
                self.jails.close()  # ends the questions that are being run; what they would have given is lost
            pool.shutdown(wait=True, cancel_futures=True)

    def _grade(self, work: Work) -> SubmissionResult:
        return grade(self.course, self.jails, work(), self.kept)


def _outcome(future: Future[SubmissionResult]) -> SubmissionResult | Exception:
    try:
        return future.result()
    except Exception as problem:
        return problem


def main() -> None:
    """Answer one request as a cluster's worker would: JSON in on stdin, JSON out on stdout."""
    request = Request.from_json(json.load(sys.stdin))
    try:
        with Jails() as jails:
            result = grade(find_course(), jails, request)
    except (RequestRefused, CourseError, JailUnavailable) as problem:
        sys.exit(str(problem))
    json.dump(result_as_json(result), sys.stdout)


if __name__ == "__main__":
    main()
