"""A function question: arrays in, arrays out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from autograder.jail.contract import NUMPY
from autograder.jail.session import Call, calling
from autograder.rubric.draw import Dice, resolve
from autograder.rubric.gradient import GradientOf, central_differences
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CaseRecipe, CleanRoom, Group
from autograder.rubric.reference import Reference, try_own
from common.cases import Case, KnownMistake, Outcome, Sheet, Value
from common.cases.compare import compare
from common.cases.relation import calls, gather
from common.kinds.function import try_one

if TYPE_CHECKING:
    from autograder.jail import Session


Terms = Callable[[Mapping[str, Value]], int]  # the length of the longest sum, from a case's inputs


def one_term(inputs: Mapping[str, Value]) -> int:
    """Each number of the answer comes from one number."""
    return 1


def bind(function: Callable[..., Value], recipe: CaseRecipe, dice: Dice) -> dict[str, Value]:
    """The inputs of a call by name, drawn, with the function's defaults filled in."""
    bound = inspect.signature(function).bind(*resolve(recipe.args, dice), **resolve(dict(recipe.kwargs), dice))
    bound.apply_defaults()
    return dict(bound.arguments)


def draws(
    question: str, groups: Sequence[Group], seed: Sequence[str | bytes], public: bool
) -> Iterator[tuple[Group, CaseRecipe, str, Dice]]:
    """Every case of a sheet with the dice it is drawn with."""
    for group in groups:
        for recipe in group.cases:
            times = 1 if public else recipe.fresh
            for repeat in range(times):
                probes = recipe.probes if times == 1 else f"{recipe.probes} ({repeat + 1} of {times})"
                yield group, recipe, probes, Dice(*seed, question, recipe.probes, str(repeat), public=public)


def insist(expected: Outcome, recipe: CaseRecipe, question: str) -> None:
    """A reference that fails where it should not would make every wrong answer look right."""
    raised = expected.raised.type if expected.raised else ""
    if expected.ended or raised != recipe.raises:
        problem = expected.raised or expected.reason or f"no {recipe.raises}"
        raise ValueError(f"{question}, case {recipe.probes!r}: the reference gave {problem}")


def _by_differences(
    reference: Reference, gradient: GradientOf, inputs: Mapping[str, Value], answer: Outcome, question: str
) -> Outcome:
    """The gradient found by differences, once the solution was seen to agree with it."""
    forward = reference[gradient.forward]
    wanted = inspect.signature(forward).parameters
    given = {name: inputs[name] for name in wanted if name in inputs}
    missing = {name: np.zeros(inputs[gradient.above].shape[-1]) for name in gradient.inputs if name not in given}
    found = central_differences(forward, given | missing, gradient.inputs, inputs[gradient.above])
    value = found if len(found) > 1 else found[0]
    if difference := compare(value, answer.value, terms=100).difference:
        raise ValueError(f"{question}: the solution is not the gradient of {gradient.forward!r}: {difference.why}")
    return replace(answer, value=value)


def examine_each(session: Session, cases: Sequence[Sequence[Call]]) -> list[Outcome]:
    """One outcome for each case, from all the calls that it makes."""
    found = iter(session.outcomes([each for calls_of_case in cases for each in calls_of_case]))
    return [gather([next(found) for _ in calls_of_case]) for calls_of_case in cases]


def rounded(value: Value, decimals: int) -> Value:
    """The same value with its floats rounded, also inside tuples and lists."""
    if isinstance(value, tuple | list):
        return type(value)(rounded(each, decimals) for each in value)
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return round(value, decimals) if isinstance(value, float) else np.round(value, decimals) + 0.0
    return value


@dataclass(frozen=True)
class Function:
    """A function to write. `terms` gives the length of the longest sum behind one number, from a case's inputs.

    `decimals` rounds the right answers. The last bit of exp, log or tanh differs between processors, and frozen cases
    must be the same bytes on every machine.
    """

    kind: ClassVar[str] = "function"
    preload: ClassVar[tuple[str, ...]] = NUMPY
    name: str
    points: float
    groups: Sequence[Group]
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Callable[..., Value]] = ()
    terms: Terms = one_term
    decimals: int | None = None
    seconds: float = 5.0
    memory_mib: int = 1024

    def __post_init__(self) -> None:
        if (earned := sum(group.points for group in self.groups)) != self.points:
            raise ValueError(f"{self.name}: the groups are worth {earned:g} points, the question {self.points:g}")
        if len({group.name for group in self.groups}) < len(self.groups):
            raise ValueError(f"{self.name}: two groups have the same name")

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """Cases drawn from a seed, the right answers, and what each known mistake would answer."""
        right = reference[self.name]
        cases = []
        for group, recipe, probes, dice in draws(self.name, self.groups, seed, public):
            inputs = bind(right, recipe, dice)
            case = Case(probes, group.name, inputs, Outcome(), self.terms(inputs), relation=recipe.holds)
            expected = self._steady(try_one(right, case))
            insist(expected, recipe, self.name)
            if recipe.against:
                expected = _by_differences(reference, recipe.against, inputs, expected, self.name)
            cases.append(replace(case, expected=expected, same_dtype=recipe.same_dtype))
        points = {group.name: group.points for group in self.groups}
        bare = Sheet(self.name, points, tuple(cases))
        mistakes = tuple(
            KnownMistake(
                each.name, each.say, tuple(map(self._steady, try_own(reference.mistaken(self.name, each), bare)))
            )
            for each in self.mistakes
        )
        return Sheet(self.name, points, tuple(cases), mistakes)

    def _steady(self, outcome: Outcome) -> Outcome:
        """An outcome without the bits that differ between processors."""
        return outcome if self.decimals is None else replace(outcome, value=rounded(outcome.value, self.decimals))

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Call the student's function in the jail, one case after the other."""
        return examine_each(session, [[calling(self.name, given) for given in calls(each)] for each in sheet.cases])
