"""Cases in, verdicts out: the notebook's check() and the grader judge with the same code."""

from common.cases.case import Case, Ended, KnownMistake, Outcome, Raised, Relation, Sheet, Value
from common.cases.verdict import QuestionResult, Status, Verdict

__all__ = [
    "Case",
    "Ended",
    "KnownMistake",
    "Outcome",
    "QuestionResult",
    "Raised",
    "Relation",
    "Sheet",
    "Status",
    "Value",
    "Verdict",
]
