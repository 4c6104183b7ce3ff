"""The time rules of a class put to its hand-ins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.deadlines.file import FILE, find_file, read_rules
from autograder.deadlines.receipts import FILE as RECEIPTS
from autograder.deadlines.receipts import Receipt, Receipts, Witness, read_receipts, read_record
from autograder.deadlines.rules import Late, Rules, penalty

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.handin.submission import Submission

MARKED = "The platform marks it as late. When it was handed in is not recorded here, so nothing is taken off."


@dataclass(frozen=True)
class TimeRules:
    """The rules of a class, the instructor's own record of receipt, and what else is on record in its folder."""

    rules: Rules
    receipts: Receipts
    record: Receipts = field(default_factory=dict)

    def receipt(self, submission: Submission) -> Receipt | None:
        """The most trusted record of when a hand-in was received."""
        return self.receipts.get((submission.student, submission.assignment)) or submission.receipt

    def late(self, submission: Submission) -> Late | None:
        """How late a hand-in is, and who says so; None where its assignment has no deadline."""
        receipt = self.receipt(submission)
        late = penalty(self.rules, submission.student, submission.assignment, receipt.at if receipt else None)
        if late is None:
            return None
        if receipt is None:
            return replace(late, why=MARKED, by=str(Witness.PLATFORM)) if submission.late else late
        return replace(late, by=str(receipt.by))


def time_rules(course: Course, *folders: Path) -> TimeRules:
    """The rules of a class: from its own folder if they stand there, else from the course's."""
    places, names = (*folders, course.root), course.names()
    rules = read_rules(find_file(FILE, *places), names)
    return TimeRules(rules, read_receipts(find_file(RECEIPTS, *places), names), read_record(places[0]))


def notes(rules: Rules, handed_in: Collection[tuple[str, str]]) -> list[str]:
    """What an instructor should look at: odd entries, and extensions without a hand-in, whose name may be misspelt.

    `handed_in` are students and assignments; an assignment of which nothing is handed in is none to look at yet.
    """
    begun = {assignment for _, assignment in handed_in}
    waiting = [each for each in rules.extensions if each[1] in begun and each not in handed_in]
    return [*rules.notes, *(f"{student} has an extension for {name} and no hand-in here." for student, name in waiting)]
