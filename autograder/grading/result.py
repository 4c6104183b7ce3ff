"""What grading makes: a SubmissionResult per hand-in, a ClassResult per run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.deadlines.rules import Late
from common.cases.verdict import QuestionResult, Status, Verdict

# The fields of a result that grading fills in; whose it is and when it came is known to its owner alone.
GRADED = (
    "student", "assignment", "status", "questions", "max_score", "reason", "repairs", "seconds", "sandboxed", "path",
)  # fmt: skip
STATUSES = {str(status): status for status in Status}  # a class has a hundred thousand verdicts: quicker than Status(…)


class SubmissionStatus(StrEnum):
    """What became of a hand-in. Scripts rely on these words."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    UNKNOWN_ASSIGNMENT = "unknown_assignment"


@dataclass(frozen=True)
class Before:
    """What a question had before it was graded again with another outcome."""

    score: float
    verdict: str

    @property
    def sentence(self) -> str:
        """For the instructor and the student."""
        points = "point" if self.score == 1 else "points"
        return f"Graded again: before, it had {self.score:g} {points} ({self.verdict.replace('_', ' ')})."


@dataclass(frozen=True)
class SubmissionResult:
    """One hand-in: its questions' results, or why it could not be read. Names and texts in it are hostile."""

    student: str
    assignment: str
    status: SubmissionStatus
    questions: tuple[QuestionResult, ...] = ()
    max_score: float = 0.0
    reason: str = ""  # one sentence when it was not graded
    repairs: tuple[str, ...] = ()  # what was wrong with the notebook and was read all the same
    seconds: float = 0.0
    sandboxed: bool = True
    path: str = ""
    before: Mapping[str, Before] = field(default_factory=dict)  # of the questions that a new grading changed
    late: Late | None = None  # None where its assignment has no deadline

    @property
    def score(self) -> float:
        """The points of all questions."""
        return float(sum(question.score for question in self.questions))

    @property
    def final_score(self) -> float:
        """The score without what is taken off for being late."""
        return self.score - (self.late.points(self.score) if self.late else 0.0)

    def as_json(self) -> dict[str, Any]:
        """The fields that scripts rely on."""
        return {
            "student": self.student,
            "assignment": self.assignment,
            "status": str(self.status),
            "score": self.score,
            "max_score": self.max_score,
            "late": self.late.as_json(self.score) if self.late else None,
            "final_score": self.final_score,
            "seconds": round(self.seconds, 4),
            "sandboxed": self.sandboxed,
            "reason": self.reason,
            "repairs": list(self.repairs),
            "questions": [
                {
                    "name": question.question,
                    "score": question.score,
                    "max_score": question.max_score,
                    "verdict": str(question.status),
                    "message": question.message,
                    "advice": question.advice,
                    "mistake": question.mistake,
                    **({"before": vars(self.before[question.question])} if question.question in self.before else {}),
                }
                for question in self.questions
            ],
        }


def as_record(question: QuestionResult) -> dict[str, Any]:
    """A question's result with nothing left out, as plain values that JSON can hold; a verdict is a row."""
    return {**vars(question), "verdicts": [list(vars(verdict).values()) for verdict in question.verdicts]}


def from_record(record: Mapping[str, Any]) -> QuestionResult:
    """The result that `as_record` was given."""
    verdicts = tuple(map(_verdict, record["verdicts"]))
    return QuestionResult(**{**record, "status": STATUSES[record["status"]], "verdicts": verdicts})


def _verdict(row: Sequence[Any]) -> Verdict:
    probes, group, passed, status, *more = row
    return Verdict(probes, group, passed, STATUSES[status], *more)


def result_as_json(result: SubmissionResult) -> dict[str, Any]:
    """What an engine gives back, with nothing left out. For people and scripts there is `SubmissionResult.as_json`."""
    questions = [as_record(question) for question in result.questions]
    return {name: getattr(result, name) for name in GRADED} | {"questions": questions, "repairs": list(result.repairs)}


def result_from_json(data: Mapping[str, Any]) -> SubmissionResult:
    """The result that `result_as_json` was given."""
    questions = tuple(map(from_record, data["questions"]))
    status = SubmissionStatus(data["status"])
    return SubmissionResult(**{**data, "status": status, "questions": questions, "repairs": tuple(data["repairs"])})


@dataclass(frozen=True)
class ClassResult:
    """All hand-ins of one run, in a stable order, with the title of each assignment."""

    submissions: tuple[SubmissionResult, ...]
    seconds: float
    titles: Mapping[str, str] = field(default_factory=dict)
    interrupted: bool = False

    def as_json(self) -> dict[str, Any]:
        """`course grade --json`."""
        return {"seconds": round(self.seconds, 3), "submissions": [each.as_json() for each in self.submissions]}
