"""A value question: numbers, shapes and tables, each entry worth its own points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from autograder.jail.contract import NUMPY
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CleanRoom
from common.cases import Case, KnownMistake, Outcome, Sheet, Value
from common.cases.sealed import seal
from common.kinds import try_out
from common.kinds.value import split

if TYPE_CHECKING:
    from autograder.jail import Session
    from autograder.rubric.reference import Reference


@dataclass(frozen=True)
class Entry:
    """One entry of a table: its key, its points, the relative error allowed and the unit it is asked in."""

    key: str
    points: float
    rtol: float = 0.0
    unit: str = ""


@dataclass(frozen=True)
class Values:
    """A dict of answers, `{"conv1": 76, …}`. Public cases hold the answers sealed; grading holds them open.

    A mistake is a function `by` from the right dict to the wrong one, or an edit of the reference's source.
    """

    kind: ClassVar[str] = "value"
    preload: ClassVar[tuple[str, ...]] = NUMPY
    name: str
    points: float
    entries: Sequence[Entry]
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Callable[..., Value]] = ()
    seconds: float = 5.0
    memory_mib: int = 512

    def __post_init__(self) -> None:
        if (earned := sum(entry.points for entry in self.entries)) != self.points:
            raise ValueError(f"{self.name}: the entries are worth {earned:g} points, the question {self.points:g}")

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """One case per entry. Nothing is drawn: there is one right answer."""
        right = reference[self.name]
        cases = tuple(
            Case(_title(entry), entry.key, _inputs(entry), Outcome(right[entry.key]), rtol=entry.rtol)
            for entry in self.entries
        )
        points = {entry.key: entry.points for entry in self.entries}
        bare = Sheet(self.name, points, cases, kind=self.kind)
        mistakes = tuple(
            KnownMistake(each.name, each.say, tuple(try_out(wrong_answer(reference, self.name, each), bare)))
            for each in self.mistakes
        )
        sheet = replace(bare, mistakes=mistakes)
        return _sealed(sheet) if public else sheet

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Read the variable out of the jail once and take it apart here."""
        return split(session.read(self.name), sheet)


def wrong_answer(reference: Reference, question: str, mistake: Mistake) -> Any:
    """The dict that a student who made this mistake would have."""
    wrong = reference.mistaken(question, mistake)
    return wrong() if mistake.by else wrong


def _title(entry: Entry) -> str:
    return f"{entry.key} ({entry.unit})" if entry.unit else entry.key


def _inputs(entry: Entry) -> dict[str, Value]:
    return {"entry": entry.key} | ({"unit": entry.unit} if entry.unit else {})


def _sealed(sheet: Sheet) -> Sheet:
    """The same sheet with every answer sealed, those of known mistakes too."""

    def seal_one(case: Case, outcome: Outcome) -> Outcome:
        if not outcome.returned:
            return outcome
        return Outcome(seal(outcome.value, f"{sheet.question}/{case.group}", case.rtol))

    cases = tuple(replace(case, expected=seal_one(case, case.expected)) for case in sheet.cases)
    mistakes = tuple(
        replace(each, outcomes=tuple(map(seal_one, sheet.cases, each.outcomes))) for each in sheet.mistakes
    )
    return replace(sheet, cases=cases, mistakes=mistakes)
