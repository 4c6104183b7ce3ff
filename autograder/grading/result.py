"""What grading makes: a SubmissionResult per hand-in, a ClassResult per run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.deadlines.rules import Late
from common.cases.verdict import QuestionResult


class SubmissionStatus(StrEnum):
    """What became of a hand-in. Scripts rely on these words."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    UNKNOWN_ASSIGNMENT = "unknown_assignment"


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
                }
                for question in self.questions
            ],
        }


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
