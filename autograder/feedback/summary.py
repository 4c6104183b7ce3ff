"""What a class did, counted: per assignment, per question, per known mistake."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.words import TROUBLE, WORDING, number
from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status

Indexed = tuple[int, SubmissionResult]  # a hand-in and its place in the ClassResult
MOST_NAMED = 3  # mistakes named in one sentence


@dataclass(frozen=True)
class MistakeCount:
    """One known mistake and the hand-ins that fell for it."""

    question: str
    name: str
    say: str
    who: tuple[Indexed, ...]


@dataclass(frozen=True)
class QuestionSummary:
    """One question over the whole class. Every hand-in counts once: full, by its mistake, or by how it went."""

    name: str
    max_score: float
    asked: int
    full: int
    mean: float
    median_seconds: float
    mistakes: tuple[MistakeCount, ...]
    others: tuple[tuple[Status, int], ...]

    @property
    def share(self) -> float:
        """The share of hand-ins with full marks."""
        return self.full / self.asked

    @property
    def sentence(self) -> str:
        """ "41 of 60 have full marks. 11: stride taken from the kernel. 2 ran out of time, 2 have not begun." """
        parts = [f"{self.full} of {self.asked} {'has' if self.asked == 1 else 'have'} full marks."]
        if named := [f"{len(each.who)}: {each.name}" for each in self.mistakes[:MOST_NAMED]]:
            rest = sum(len(each.who) for each in self.mistakes[MOST_NAMED:])
            parts.append("; ".join([*named, f"{rest}: other known mistakes"] if rest else named) + ".")
        counted = [f"{n} {WORDING[s].one if n == 1 else WORDING[s].many}" for s, n in self.others]
        if counted:
            parts.append(", ".join(counted) + ".")
        return " ".join(parts)


@dataclass(frozen=True)
class AssignmentSummary:
    """One assignment over the whole class."""

    name: str
    title: str
    graded: tuple[Indexed, ...]
    ungraded: tuple[Indexed, ...]
    questions: tuple[QuestionSummary, ...]
    percents: tuple[float, ...]  # of the points, per graded hand-in

    @property
    def handins(self) -> tuple[Indexed, ...]:
        """All of them, in the order of the class."""
        return tuple(sorted(self.graded + self.ungraded, key=lambda each: each[0]))

    @property
    def max_score(self) -> float:
        """The points one can have."""
        return max((submission.max_score for _, submission in self.graded), default=0.0)

    @property
    def median(self) -> str:
        """The median score: "7.5"."""
        scores = [submission.score for _, submission in self.graded]
        return number(statistics.median(scores)) if scores else "–"

    @property
    def complete(self) -> int:
        """How many have every point."""
        return sum(percent >= 100 for percent in self.percents)

    @property
    def stopped(self) -> tuple[Indexed, ...]:
        """Hand-ins with a question that ran out of time or memory, crashed or was refused."""
        return tuple(each for each in self.graded if any(map(trouble, each[1].questions)))

    @property
    def timed(self) -> bool:
        """Is there a deadline?"""
        return any(submission.late for _, submission in self.handins)

    @property
    def late(self) -> tuple[Indexed, ...]:
        """Hand-ins that came late, or that their platform marks as late."""
        return tuple(each for each in self.handins if (late := each[1].late) and (late.days or late.marked))

    @property
    def notable(self) -> bool:
        """Is there a hand-in that a person should look at?"""
        return bool(self.ungraded or self.stopped or self.late)

    def teach_again(self, most: int = 5) -> list[MistakeCount]:
        """The mistakes that more than one made, the most frequent first."""
        every = [mistake for question in self.questions for mistake in question.mistakes if len(mistake.who) > 1]
        return sorted(every, key=lambda mistake: -len(mistake.who))[:most]


def summarise(result: ClassResult) -> list[AssignmentSummary]:
    """One summary per assignment, in the order of the titles; hand-ins of no known assignment come last."""
    stray: list[Indexed] = []
    homes: dict[str, list[Indexed]] = {name: [] for name in result.titles}
    for index, submission in enumerate(result.submissions):
        if submission.status is SubmissionStatus.UNKNOWN_ASSIGNMENT:
            stray.append((index, submission))
        else:
            homes.setdefault(submission.assignment, []).append((index, submission))
    found = [_assignment(name, result.titles.get(name, name), entries) for name, entries in homes.items() if entries]
    return [*found, _assignment("", "No known assignment", stray)] if stray else found


def percent(score: float, of: float) -> float:
    """A score in percent, between 0 and 100 whatever the points are."""
    return min(max(100 * (score / of), 0.0), 100.0) if of > 0 else 0.0


def trouble(answer: QuestionResult) -> Status | None:
    """How a question stopped, or one of its cases; None where it ran to its end."""
    endings = (answer.status, *(each.status for each in answer.verdicts))
    return next((ending for ending in endings if ending in TROUBLE), None)


def _assignment(name: str, title: str, entries: Sequence[Indexed]) -> AssignmentSummary:
    graded = tuple(each for each in entries if each[1].status is SubmissionStatus.GRADED)
    names = dict.fromkeys(question.question for _, submission in graded for question in submission.questions)
    answers: dict[str, list[tuple[Indexed, QuestionResult]]] = {name: [] for name in names}
    for entry in graded:
        for question in entry[1].questions:
            answers[question.question].append((entry, question))
    return AssignmentSummary(
        name=name,
        title=title,
        graded=graded,
        ungraded=tuple(each for each in entries if each[1].status is not SubmissionStatus.GRADED),
        questions=tuple(_question(question, found) for question, found in answers.items()),
        percents=tuple(percent(submission.score, submission.max_score) for _, submission in graded),
    )


def _question(name: str, answers: Sequence[tuple[Indexed, QuestionResult]]) -> QuestionSummary:
    missed = [(entry, answer) for entry, answer in answers if not _is_full(answer)]
    by_mistake: dict[str, list[tuple[Indexed, QuestionResult]]] = {}
    for entry, answer in missed:
        if answer.mistake:
            by_mistake.setdefault(answer.mistake, []).append((entry, answer))
    mistakes = [
        MistakeCount(name, mistake, found[0][1].advice, tuple(entry for entry, _ in found))
        for mistake, found in by_mistake.items()
    ]
    others = Counter(_other(answer) for _, answer in missed if not answer.mistake)
    begun = [answer.seconds for _, answer in answers if answer.status not in (Status.MISSING, Status.MANUAL)]
    return QuestionSummary(
        name=name,
        max_score=max(answer.max_score for _, answer in answers),
        asked=len(answers),
        full=len(answers) - len(missed),
        mean=statistics.fmean(answer.score for _, answer in answers),
        median_seconds=statistics.median(begun) if begun else 0.0,
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -len(mistake.who))),
        others=tuple(others.most_common()),
    )


def _is_full(answer: QuestionResult) -> bool:
    return answer.status is Status.PASSED or (
        answer.status is not Status.MANUAL and answer.score >= answer.max_score > 0
    )


def _other(answer: QuestionResult) -> Status:
    """What to count an unexplained answer as: the worst ending among its cases tells more than "partial"."""
    endings = [each.status for each in answer.verdicts if each.status in (*TROUBLE, Status.ERROR)]
    return endings[0] if answer.status is Status.PARTIAL and endings else answer.status
