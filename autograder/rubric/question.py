"""The parts of a rubric: cases in groups, known mistakes, questions, an assignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from autograder.rubric.gradient import GradientOf
from autograder.rubric.mistake import Mistake
from autograder.rubric.reference import Reference
from common.cases import Outcome, Relation, Sheet, Value

if TYPE_CHECKING:
    from autograder.jail import Session


@dataclass(frozen=True)
class CaseRecipe:
    """A case before its numbers are drawn. `fresh` says how many times the grader draws it."""

    probes: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    fresh: int = 1
    raises: str = ""
    holds: Relation | None = None
    against: GradientOf | None = None
    same_dtype: bool = False


def case(
    probes: str,
    *args: Value,
    fresh: int = 1,
    raises: str = "",
    holds: Relation | None = None,
    against: GradientOf | None = None,
    same_dtype: bool = False,
    **kwargs: Value,
) -> CaseRecipe:
    """What a case probes, then the arguments of the call: `case("stride 2", images(1, 7, 5, 1), stride=2)`.

    `raises` names the exception that a right answer raises here, where one should. `holds` asks for a property instead
    of values, `against` finds the right values by differences, `same_dtype` asks for the solution's dtype as well.
    """
    return CaseRecipe(probes, args, kwargs, fresh, raises, holds, against, same_dtype)


@dataclass(frozen=True)
class Group:
    """Cases that earn their points together, whatever becomes of the other groups."""

    name: str
    points: float
    cases: Sequence[CaseRecipe]


CleanRoom = Callable[[], "AbstractContextManager[Session]"]


class Question(Protocol):
    """What every kind of question offers to the builder, the grader and the self-test."""

    kind: ClassVar[str]
    preload: ClassVar[tuple[str, ...]]  # what the jailed process has imported before it is forked
    name: str
    mistakes: Sequence[Mistake]
    variants: Sequence[Any]
    seconds: float
    memory_mib: int

    @property
    def points(self) -> float:
        """All points of the question."""

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """Cases with their right answers and the outcomes of the known mistakes."""

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Try a hand-in, loaded in a jailed session, on every case.

        `clean` opens another jailed session that holds no student code: what a student's code handed over as plain
        data (a model's config and weights) is rebuilt and measured there.
        """


@dataclass(frozen=True)
class Assignment:
    """What an assignment asks for and what it is worth. `minutes` is the work time it is meant to take."""

    title: str
    questions: Sequence[Question]
    minutes: int = 60
    _by_name: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {question.name: question for question in self.questions}
        if len(by_name) < len(self.questions):
            raise ValueError(f"{self.title}: two questions have the same name")
        object.__setattr__(self, "_by_name", by_name)

    @property
    def points(self) -> float:
        """All points of the assignment."""
        return float(sum(question.points for question in self.questions))

    @property
    def automatic(self) -> list[Question]:
        """The questions that the grader scores itself; written ones wait for a person."""
        return [question for question in self.questions if question.kind != "written"]

    def __getitem__(self, name: str) -> Question:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name
