"""A Case is one thing to try; an Outcome is what a function did with it; a Sheet is all cases of one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# What crosses a wire or a file: None, bool, int, float, str, tuples, lists and dicts of these, and numeric arrays.
Value = Any


UNFIT = "Unfit"  # what common.models raises about a model or a layer; its text goes on after "your code "
UNREADABLE = "UnreadableAnswer"  # what is reported for an answer that cannot leave a student's process


@dataclass(frozen=True)
class Raised:
    """An exception out of a student's code: its type, its text, and the line of their own cell it came from.

    `inside` is the function or class of theirs in which that line stands, where that is another one than was asked for.
    """

    type: str
    text: str = ""
    line: int | None = None
    source: str = ""
    inside: str = ""

    @property
    def where(self) -> str:
        """The student's own line in brackets, where it is known."""
        inside = f"in `{self.inside}`, " if self.inside else ""
        return f" ({inside}line {self.line}: `{self.source.strip()}`)" if self.line else ""

    def __str__(self) -> str:
        return f"{self.type}: {self.text}{self.where}" if self.text else f"{self.type}{self.where}"


class Ended(StrEnum):
    """Why a process that ran a student's code is no more."""

    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What a call did: gave a value, raised, or ended its process. `modified` names arguments it changed in place."""

    value: Value = None
    raised: Raised | None = None
    ended: Ended | None = None
    reason: str = ""
    modified: tuple[str, ...] = ()

    @property
    def returned(self) -> bool:
        """Whether the call came back with a value."""
        return self.raised is None and self.ended is None


@dataclass(frozen=True)
class Relation:
    """What a case asks besides one right answer: a name that common.cases.relation knows, and plain settings."""

    name: str
    settings: Mapping[str, Value]


@dataclass(frozen=True)
class Case:
    """Inputs by name in the order they are passed, what they probe, the right answer and the error that is allowed."""

    probes: str
    group: str
    inputs: Mapping[str, Value]
    expected: Outcome
    terms: int = 1  # the longest sum behind one number of the answer; the tolerance grows with its square root
    rtol: float = 0.0  # a relative error that is allowed besides, where a question asks for a rounded number
    relation: Relation | None = None
    same_dtype: bool = False  # ask for the dtype of the right answer, where the text teaches it


@dataclass(frozen=True)
class KnownMistake:
    """A realistic wrong solution, as what it does with each case of its sheet, and one sentence for the student."""

    name: str
    say: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Sheet:
    """All cases of one question, the points of each group of cases, and the mistakes that can be recognised."""

    question: str
    points: Mapping[str, float]
    cases: tuple[Case, ...]
    mistakes: tuple[KnownMistake, ...] = ()
    kind: str = "function"  # the module of common.kinds that tries an answer

    @property
    def max_score(self) -> float:
        """All points of the question."""
        return float(sum(self.points.values()))
