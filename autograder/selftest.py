"""The proof that a rubric bites: the solution earns all, the stub nothing, each mistake loses points and is named."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course import PUBLIC, LoadedAssignment
from autograder.rubric.mistake import Mistake
from autograder.rubric.pair import Pair
from autograder.rubric.question import Question
from autograder.rubric.reference import try_own
from common.cases import Outcome, QuestionResult, Sheet
from common.cases.judge import judge

FIRST = "fresh 0"


@dataclass(frozen=True)
class Trial:
    """One answer of our own, tried on one sheet."""

    question: str
    answer: str
    sheet: str  # "public" or "fresh 0", "fresh 1", …
    result: QuestionResult

    @property
    def full(self) -> bool:
        """Whether it earned all points."""
        return self.result.score == self.result.max_score


@dataclass(frozen=True)
class Tried:
    """What the self-test found for one question."""

    mistakes: tuple[Trial, ...]
    variants: tuple[Trial, ...]
    parts: tuple[str, ...]
    seconds: float
    graded: Sheet | None  # the first fresh sheet, on which our own hand-ins are graded too


@dataclass(frozen=True)
class Proof:
    """What the self-test found for one assignment."""

    name: str
    solution: tuple[float, float]
    stub: tuple[float, float]
    mistakes: tuple[Trial, ...]
    variants: tuple[Trial, ...]
    parts: tuple[str, ...]  # groups that do not earn their points alone, in words
    seconds: float

    @property
    def missed(self) -> list[Trial]:
        """Mistakes that kept all points."""
        return [trial for trial in self.mistakes if trial.full]

    @property
    def unnamed(self) -> list[Trial]:
        """Mistakes that were caught but told the wrong thing, or nothing."""
        return [trial for trial in self.mistakes if not trial.full and trial.result.mistake != trial.answer]

    @property
    def failed_variants(self) -> list[Trial]:
        """Right answers that lost points."""
        return [trial for trial in self.variants if not trial.full]

    @property
    def ok(self) -> bool:
        """Whether everything is as it must be."""
        right = self.solution[0] == self.solution[1] and self.stub[0] == 0 and not self.parts
        return right and not (self.missed or self.unnamed or self.failed_variants)

    def as_json(self) -> dict[str, Any]:
        """One entry of `course selftest --json`. A mistake counts once, and only when every sheet caught it."""
        return {
            "name": self.name,
            "solution": dict(zip(("score", "max_score"), self.solution, strict=True)),
            "stub": dict(zip(("score", "max_score"), self.stub, strict=True)),
            "mistakes": {
                "total": _answers(self.mistakes),
                "caught": _answers(self.mistakes) - _answers(self.missed),
                "named": _answers(self.mistakes) - _answers([*self.missed, *self.unnamed]),
            },
            "variants": {
                "total": _answers(self.variants),
                "passed": _answers(self.variants) - _answers(self.failed_variants),
            },
            "seconds": round(self.seconds, 3),
        }


def secret(seed: int) -> bytes:
    """What the fresh cases of a seed are drawn from. Our own hand-ins are graded on those of seed 0."""
    return f"selftest {seed}".encode()


def _answers(trials: list[Trial] | tuple[Trial, ...]) -> int:
    return len({(trial.question, trial.answer) for trial in trials})


def prove(
    assignment: LoadedAssignment, solution: tuple[float, float], stub: tuple[float, float], seeds: int = 1
) -> Proof:
    """Prove all questions of an assignment, one after the other.

    `solution` and `stub` are scores that the real grader gave to whole notebooks, in the jail.
    """
    tried = [try_question(assignment, question, seeds) for question in assignment.rubric.automatic]
    return gather(assignment.name, solution, stub, tried)


def gather(name: str, solution: tuple[float, float], stub: tuple[float, float], tried: Sequence[Tried]) -> Proof:
    """The proof of an assignment from those of its questions; its seconds are those of all processes together."""
    return Proof(
        name,
        solution,
        stub,
        tuple(trial for each in tried for trial in each.mistakes),
        tuple(trial for each in tried for trial in each.variants),
        tuple(part for each in tried for part in each.parts),
        sum(each.seconds for each in tried),
    )


def try_question(assignment: LoadedAssignment, question: Question, seeds: int) -> Tried:
    """Try every mistake and every variant on the public cases and on fresh ones of some seeds."""
    start = time.perf_counter()
    mistakes: list[Trial] = []
    variants: list[Trial] = []
    parts: list[str] = []
    graded = None
    for label, sheet in _sheets(assignment, question, seeds):
        graded = sheet if label == FIRST else graded
        mistakes += _judge_all(question, label, sheet, _mistaken(assignment, question, label, sheet))
        answers = {_name(each): try_own(each, sheet) for each in question.variants}
        variants += _judge_all(question, label, sheet, answers)
        parts += _parts_that_lean(assignment, question, label, sheet)
    return Tried(tuple(mistakes), tuple(variants), tuple(parts), time.perf_counter() - start, graded)


def _answer(assignment: LoadedAssignment, question: Question, mistake: Mistake | None = None) -> Any:
    """Our own answer to a question, right or with a known mistake in it."""
    if isinstance(question, Pair):
        return question.answer(assignment.reference, mistake)
    if mistake:
        return assignment.reference.mistaken(question.name, mistake)
    return assignment.reference[question.name]


def _name(variant: Any) -> str:
    """A variant is a function, or the two of a pair."""
    functions = variant if isinstance(variant, tuple) else (variant,)
    return " and ".join(function.__name__ for function in functions)


def _sheets(assignment: LoadedAssignment, question: Question, seeds: int) -> Iterator[tuple[str, Sheet]]:
    yield PUBLIC, assignment.public_sheet(question)
    for seed in range(seeds):
        yield f"fresh {seed}", assignment.fresh_sheet(question, secret(seed))


def _mistaken(
    assignment: LoadedAssignment, question: Question, label: str, sheet: Sheet
) -> dict[str, Sequence[Outcome]]:
    """What each known mistake does. A sheet was drawn a moment ago and says so itself, unless it is sealed."""
    sealed = label == PUBLIC and question.kind == "value"
    if not sealed and len(sheet.mistakes) == len(question.mistakes):
        return {each.name: each.outcomes for each in sheet.mistakes}
    return {each.name: try_own(_answer(assignment, question, each), sheet) for each in question.mistakes}


def _judge_all(question: Question, label: str, sheet: Sheet, tried: Mapping[str, Sequence[Outcome]]) -> list[Trial]:
    """One trial per answer, without its verdicts: a thousand seeds of them fill the memory."""
    results = {name: judge(sheet, outcomes) for name, outcomes in tried.items()}
    return [Trial(question.name, name, label, replace(result, verdicts=())) for name, result in results.items()]


def _parts_that_lean(assignment: LoadedAssignment, question: Question, label: str, sheet: Sheet) -> list[str]:
    """Groups that an answer right in this group alone does not earn exactly."""
    right = try_own(_answer(assignment, question), sheet)
    nothing = try_own(_nothing, sheet)
    found = []
    for group, points in sheet.points.items():
        outcomes = [
            good if case.group == group else bad for case, good, bad in zip(sheet.cases, right, nothing, strict=True)
        ]
        if (score := judge(sheet, outcomes).score) != points:
            found.append(f"{question.name}, {group!r} ({label}): {score:g} instead of {points:g} points")
    return found


def _nothing(*inputs: Any) -> None:
    raise NotImplementedError
