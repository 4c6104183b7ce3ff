"""A pair question: forward(...) -> (out, cache) and backward(dout, cache) -> gradients, written in one cell.

The cache is the student's own affair: it stays in the jail, and nothing is asked of it. Groups of forward cases look at
`out` alone, so a wrong backward function costs them nothing. Groups of backward cases run both functions and look at
the gradients alone: a wrong `out` costs them nothing as long as the cache is right. Where the forward function computes
something else, no cache of ours could take its place and the gradients are those of another function; the points stay
lost until the forward function is mended, and because forward cases come first, its failure is what the student reads.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from autograder.jail.contract import NUMPY
from autograder.jail.session import Call, calling_forward, calling_pair
from autograder.rubric.draw import Dice, numbers
from autograder.rubric.function import Terms, bind, draws, examine_each, insist, one_term
from autograder.rubric.gradient import central_differences
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CaseRecipe, CleanRoom, Group
from autograder.rubric.reference import Reference, try_own
from common.cases import Case, KnownMistake, Outcome, Relation, Sheet, Value
from common.cases.compare import compare
from common.cases.relation import calls
from common.kinds.pair import is_backward, try_one

if TYPE_CHECKING:
    from autograder.jail import Session

Functions = tuple[Callable[..., Any], Callable[..., Any]]


@dataclass(frozen=True)
class Pair:
    """Two functions to write. `then` names the backward one, `gradients` what it returns, in order: "dx" for `x`.

    The question is named after the forward function. Mistakes are edits of the cell that holds both; a
    variant is a tuple of two functions.
    """

    kind: ClassVar[str] = "pair"
    preload: ClassVar[tuple[str, ...]] = NUMPY
    name: str
    then: str
    points: float
    gradients: Sequence[str]
    forward: Sequence[Group]
    backward: Sequence[Group]
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Functions] = ()
    terms: Terms = one_term
    seconds: float = 5.0
    memory_mib: int = 1024

    def __post_init__(self) -> None:
        groups = (*self.forward, *self.backward)
        if (earned := sum(group.points for group in groups)) != self.points:
            raise ValueError(f"{self.name}: the groups are worth {earned:g} points, the question {self.points:g}")
        if len({group.name for group in groups}) < len(groups):
            raise ValueError(f"{self.name}: two groups have the same name")
        if by := next((each.name for each in self.mistakes if each.by), None):
            raise ValueError(f"{self.name}, mistake {by!r}: a pair's mistakes are edits")

    def answer(self, reference: Reference, mistake: Mistake | None = None) -> Functions:
        """Both functions of the solution, right or with a mistake made."""
        if mistake is None:
            return reference[self.name], reference[self.then]
        namespace = reference.namespace_with(self.name, mistake)
        return namespace[self.name], namespace[self.then]

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """Forward cases, then backward cases whose gradients from above are drawn as well."""
        right = self.answer(reference)
        cases = [
            *(self._forward_case(right, *drawn) for drawn in draws(self.name, self.forward, seed, public)),
            *(self._backward_case(right, *drawn) for drawn in draws(self.name, self.backward, seed, public)),
        ]
        points = {group.name: group.points for group in (*self.forward, *self.backward)}
        bare = Sheet(self.name, points, tuple(cases), kind=self.kind)
        mistakes = tuple(
            KnownMistake(each.name, each.say, tuple(try_own(self.answer(reference, each), bare)))
            for each in self.mistakes
        )
        return replace(bare, mistakes=mistakes)

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Run the student's two functions in the jail; the cache never leaves it."""
        outcomes = examine_each(session, [self._calls(each) for each in sheet.cases])
        return [
            replace(outcome, value=outcome.value[1]) if is_backward(each) and outcome.returned else outcome
            for each, outcome in zip(sheet.cases, outcomes, strict=True)
        ]

    def _calls(self, each: Case) -> list[Call]:
        if is_backward(each):
            return [calling_pair(self.name, self.then, each.inputs)]
        return [calling_forward(self.name, given) for given in calls(each)]

    def _forward_case(self, right: Functions, group: Group, recipe: CaseRecipe, probes: str, dice: Dice) -> Case:
        inputs = bind(right[0], recipe, dice)
        case = Case(probes, group.name, inputs, Outcome(), self.terms(inputs), relation=recipe.holds)
        return self._answered(right, replace(case, same_dtype=recipe.same_dtype), recipe)

    def _backward_case(self, right: Functions, group: Group, recipe: CaseRecipe, probes: str, dice: Dice) -> Case:
        inputs = bind(right[0], recipe, dice)
        out = right[0](**inputs)[0]
        above = next(iter(inspect.signature(right[1]).parameters))
        settings: dict[str, Value] = {"names": tuple(self.gradients)} | (
            dict(recipe.holds.settings) if recipe.holds else {}
        )
        given = inputs | {above: numbers(*out.shape).make(dice)}
        case = Case(probes, group.name, given, Outcome(), self.terms(inputs), relation=Relation("gradients", settings))
        made = self._answered(right, replace(case, same_dtype=recipe.same_dtype), recipe)
        if dice.public:
            self._prove(right[0], made, above)
        return made

    def _answered(self, right: Functions, case: Case, recipe: CaseRecipe) -> Case:
        expected = try_one(right, case)
        insist(expected, recipe, self.name)
        return replace(case, expected=expected)

    def _prove(self, forward: Callable[..., Any], case: Case, above: str) -> None:
        """The solution's gradients must be those that differences of its own forward function give."""
        inputs = {name: value for name, value in case.inputs.items() if name != above}
        names = [name.removeprefix("d") for name in self.gradients]
        found = central_differences(lambda **given: forward(**given)[0], inputs, names, case.inputs[above])
        answer = case.expected.value if isinstance(case.expected.value, tuple) else (case.expected.value,)
        if difference := compare(found, answer, terms=1000).difference:
            raise ValueError(f"{self.then}, case {case.probes!r}: the solution is not the gradient: {difference.why}")
