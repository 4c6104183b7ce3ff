"""What an export writes about one hand-in: scores as the gradebook has them now, words as grading left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.deadlines.rules import Late
from autograder.grading.result import SubmissionStatus


class ExportError(Exception):
    """An export cannot be made, in one sentence."""


@dataclass(frozen=True)
class QuestionMark:
    """One question of one hand-in."""

    name: str
    score: float
    max_score: float
    waiting: bool = False  # for a person to mark it
    verdict: str = ""  # "" where grading left none, or a person gave the points
    message: str = ""
    advice: str = ""
    mistake: str = ""
    comment: str = ""  # as the gradebook has it: each case in a line, and the sentence that helps


@dataclass(frozen=True)
class Mark:
    """One hand-in. Names and texts in it are hostile."""

    student: str
    assignment: str
    status: str
    max_score: float
    questions: tuple[QuestionMark, ...] = ()
    late: Late | None = None
    reason: str = ""
    repairs: tuple[str, ...] = ()
    sandboxed: bool | None = None  # None where no run says so
    aliases: tuple[str, ...] = ()  # what else the gradebook knows the student by: e-mail address, number in the LMS

    @property
    def graded(self) -> bool:
        """Whether there is a score to pass on."""
        return self.status == SubmissionStatus.GRADED

    @property
    def score(self) -> float:
        """The points earned, by the grader and by people."""
        return float(sum(question.score for question in self.questions))

    @property
    def penalty(self) -> float:
        """What is taken off for being late."""
        return self.late.points(self.score) if self.late else 0.0

    @property
    def final_score(self) -> float:
        """The score without the penalty."""
        return round(self.score - self.penalty, 4)

    @property
    def waiting(self) -> int:
        """How many questions wait for a person."""
        return sum(question.waiting for question in self.questions)

    def points(self, earned: bool) -> float:
        """The score that an export passes on."""
        return round(self.score, 4) if earned else self.final_score

    def as_json(self) -> dict[str, Any]:
        """The fields of `course grade --json`, and which questions wait for a person."""
        return {
            "student": self.student,
            "assignment": self.assignment,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "late": self.late.as_json(self.score) if self.late else None,
            "final_score": self.final_score,
            "sandboxed": self.sandboxed,
            "reason": self.reason,
            "repairs": list(self.repairs),
            "questions": [
                {
                    "name": each.name,
                    "score": each.score,
                    "max_score": each.max_score,
                    "verdict": each.verdict,
                    "message": each.message,
                    "advice": each.advice,
                    "mistake": each.mistake,
                    "needs_manual_grade": each.waiting,
                }
                for each in self.questions
            ],
        }


def with_scores(marks: Sequence[Mark]) -> list[Mark]:
    """The hand-ins that have a score to pass on; ExportError where there is none."""
    graded = [each for each in marks if each.graded]
    if not graded:
        raise ExportError("Nobody has a score to pass on: no hand-in here could be graded.")
    return graded
