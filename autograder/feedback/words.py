"""The words and signs of a verdict. Colour never says anything alone."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases.verdict import Status


@dataclass(frozen=True)
class Wording:
    """How one status is called: to the student, and counted in a sentence to the instructor."""

    symbol: str
    tone: str  # good, some, bad or calm: a class of the style sheet
    student: str
    one: str  # "1 ran out of time"
    many: str  # "2 have not begun"


WORDING = {
    Status.PASSED: Wording("✓", "good", "Right", "has full marks", "have full marks"),
    Status.PARTIAL: Wording(
        "◐",
        "some",
        "Partly right",
        "lost points by a mistake not on the list",
        "lost points by a mistake not on the list",
    ),
    Status.FAILED: Wording(
        "✗",
        "bad",
        "Not right yet",
        "went wrong by a mistake not on the list",
        "went wrong by a mistake not on the list",
    ),
    Status.ERROR: Wording("!", "bad", "Stopped with an error", "stopped with an error", "stopped with an error"),
    Status.TIMEOUT: Wording("◷", "bad", "Ran out of time", "ran out of time", "ran out of time"),
    Status.OUT_OF_MEMORY: Wording("▣", "bad", "Ran out of memory", "ran out of memory", "ran out of memory"),
    Status.CRASHED: Wording("↯", "bad", "Ended Python", "ended the Python process", "ended the Python process"),
    Status.MISSING: Wording("○", "calm", "Not begun", "has not begun", "have not begun"),
    Status.REFUSED: Wording("⊘", "bad", "Not accepted", "gave an unusable answer", "gave an unusable answer"),
    Status.MANUAL: Wording("✎", "calm", "Read by a person", "waits for a person", "wait for a person"),
}
# Endings that are the hand-in's trouble rather than a wrong answer: an instructor wants to look at these.
TROUBLE = (Status.TIMEOUT, Status.OUT_OF_MEMORY, Status.CRASHED, Status.REFUSED)

NOT_GRADED = {
    SubmissionStatus.UNREADABLE: (
        "This hand-in could not be read, so nothing in it was graded.",
        "Open your notebook in Jupyter. If it opens, save it and hand in that file again. If it does not, "
        "start from a fresh copy of the assignment and paste your functions into it.",
    ),
    SubmissionStatus.UNKNOWN_ASSIGNMENT: (
        "This hand-in belongs to no assignment of this course that is known here, so it was not graded.",
        "Hand in the notebook under the name it came with, in the folder of its assignment.",
    ),
}
NOT_GRADED_SHORT = {
    SubmissionStatus.UNREADABLE: "unreadable",
    SubmissionStatus.UNKNOWN_ASSIGNMENT: "unknown assignment",
}


def number(value: float) -> str:
    """A number of points, at most two decimals: 4, 2.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def earned(score: float, status: Status) -> str:
    """The points of a question, or a dash while a person has yet to give them."""
    return "–" if status is Status.MANUAL and not score else number(score)


def lateness(submission: SubmissionResult) -> str:
    """What being late cost, for the student; nothing to say of a hand-in that was in time."""
    late = submission.late
    if late is None or not late.days:
        return ""
    return f"{late.why} {number(submission.final_score)} points count." if late.percent else late.why


def lateness_in_short(submission: SubmissionResult) -> str:
    """The same for the instructor's table: "2 days late, −1.8"."""
    late = submission.late
    if late and late.marked:
        return "marked late, no time"
    if late is None or not late.days:
        return ""
    lost = late.points(submission.score)
    return f"{count(late.days, 'day', 'days')} late" + (f", −{number(lost)}" if lost else "")


def duration(seconds: float) -> str:
    """ "12 ms" or "1.4 s"."""
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"


def count(amount: int, one: str, many: str) -> str:
    """ "1 hand-in", "2 hand-ins"."""
    return f"{amount} {one if amount == 1 else many}"
