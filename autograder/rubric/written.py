"""A written question: a person reads the answer in formgrader, with what earns the points beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from autograder.jail.contract import NUMPY
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CleanRoom
from common.cases import Outcome, Sheet, Value

if TYPE_CHECKING:
    from autograder.jail import Session
    from autograder.rubric.reference import Reference


@dataclass(frozen=True)
class Written:
    """An answer in words. `marks` says what earns which points: (points, what for), one after the other."""

    kind: ClassVar[str] = "written"
    preload: ClassVar[tuple[str, ...]] = NUMPY
    mistakes: ClassVar[Sequence[Mistake]] = ()
    variants: ClassVar[Sequence[Callable[..., Value]]] = ()
    seconds: ClassVar[float] = 0.0
    memory_mib: ClassVar[int] = 0
    name: str
    points: float
    marks: Sequence[tuple[float, str]]

    def __post_init__(self) -> None:
        if (earned := sum(points for points, _ in self.marks)) != self.points:
            raise ValueError(f"{self.name}: the marks are worth {earned:g} points, the question {self.points:g}")

    @property
    def guide(self) -> str:
        """What a grader reads beside the answer."""
        return " ".join(f"{points:g} point{'' if points == 1 else 's'}: {what}." for points, what in self.marks)

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """No cases: nothing is compared."""
        return Sheet(self.name, {self.name: self.points}, (), kind=self.kind)

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Nothing to run."""
        return []
