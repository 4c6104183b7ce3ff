"""Where hand-ins are graded. An engine maps one function, from a request's bytes to a result, over its workers.

`grade` is that function: pure, with a serialisable request and result, so that an engine on other machines can map it
too. `Local` is the only engine now. Its workers are processes of this machine, forked from this one: each has one
hand-in at work, reads, judges and waits. Answers run in jailed processes, forked by the jail's server that all workers
share: together where they can be seen not to touch each other, and whatever is wrong in one of its own. When a jailed
process, the server or a worker is killed from outside, what it was at is run again. When this process is killed, what
was finished is kept.

    python -m autograder.grading.engine < request.json > result.json
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.course import Course, CourseError, find_course
from autograder.grading.kept import Kept
from autograder.grading.plan import Plan, make_plan
from autograder.grading.request import Request
from autograder.grading.result import SubmissionResult, result_as_json, result_from_json
from autograder.grading.submission import grade_request
from autograder.grading.workers import Answer, Workers
from autograder.handin.notebook import UnreadableError
from autograder.jail import Jails, JailUnavailable

ENGINES = ("local",)
Work = Callable[[], Request]  # reads a hand-in when its turn comes, so that a class is never in memory as a whole

Finished = Iterator[tuple[int, SubmissionResult | Exception]]


class RequestRefused(Exception):
    """A request that this machine cannot answer rightly, in one sentence."""


class GraderFailed(Exception):
    """A fault of ours in a worker, in one sentence."""


class Engine(Protocol):
    """Grades many hand-ins at the same time."""

    @property
    def sandboxed(self) -> bool:
        """Whether its jails hold students' code back."""

    def map(self, work: Sequence[Work]) -> AbstractContextManager[Finished]:
        """Begin at once. Each result with the number of its request, as they come; an exception where there is none.

        When it is left early, all work ends.
        """


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
    """Processes of this machine. `kept` is the file of results that are found again; without `reuse` none is."""

    course: Course
    jails: Jails
    jobs: int
    kept: Path | None = None
    reuse: bool = True

    @property
    def sandboxed(self) -> bool:
        """Whether its jails hold students' code back."""
        return self.jails.sandboxed

    @contextmanager
    def map(self, work: Sequence[Work]) -> Iterator[Finished]:
        """Begin at once. Each result with the number of its request, as they come. When it is left, all work ends."""
        self.jails.await_start()  # a thread that starts a jail would not be there in the workers
        if self.kept:
            Kept(self.kept).close()  # made here, so that two workers need not make it at the same moment
        with Workers(functools.partial(self._begin, work), self.jobs, len(work)) as workers:
            yield ((number, _unpacked(answer)) for number, answer in workers.answers())

    def _begin(self, work: Sequence[Work]) -> Answer:
        kept = Kept(self.kept, self.reuse) if self.kept else None
        return lambda number: _packed(lambda: grade(self.course, self.jails, work[number](), kept))


def _packed(grade: Callable[[], SubmissionResult]) -> bytes:
    """What became of a hand-in, as bytes that a worker can send."""
    try:
        answer: dict[str, object] = {"result": result_as_json(grade())}
    except UnreadableError as problem:
        answer = {"unreadable": str(problem)}
    except Exception as problem:
        answer = {"failed": f"{type(problem).__name__}: {problem}"}
    return json.dumps(answer).encode()


def _unpacked(answer: bytes | None) -> SubmissionResult | Exception:
    if answer is None:
        return GraderFailed("its process was killed each time it was tried")
    match json.loads(answer):
        case {"result": result}:
            return result_from_json(result)
        case {"unreadable": problem}:
            return UnreadableError(problem)
        case {"failed": problem}:
            return GraderFailed(problem)
    raise AssertionError("unreachable")


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
