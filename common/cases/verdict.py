"""A Verdict is the judgement of one case, in words; a QuestionResult gathers the verdicts of one question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a question went. Scripts rely on these words."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    MISSING = "missing"
    REFUSED = "refused"
    MANUAL = "manual"


@dataclass(frozen=True)
class Verdict:
    """One case judged. `why` is safe to show for a hidden case; `detail` names values and is for public cases only."""

    probes: str
    group: str
    passed: bool
    status: Status
    why: str
    detail: str = ""
    inputs: str = ""  # shapes and settings of a case that failed, "x (1, 7, 5, 1), stride 2"
    error: float | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class QuestionResult:
    """One question judged: points, the first failure in words, advice where a known mistake was recognised."""

    question: str
    status: Status
    score: float
    max_score: float
    message: str = ""
    advice: str = ""
    mistake: str = ""  # the name of the known mistake, for the instructor's page
    verdicts: tuple[Verdict, ...] = ()
    output: str = ""  # the first kilobytes the student's code printed: hostile text, escape it wherever it is shown
    code: str = ""  # the student's own cell, likewise hostile
    seconds: float = 0.0
    guide: str = ""  # what earns the points of a written answer: for the person who marks it, never for a student
