"""A layer question: a student's own Keras layer class, tried in the student's process from several sides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from autograder.jail.contract import KERAS
from autograder.rubric.draw import Recipe, resolve
from autograder.rubric.function import draws
from autograder.rubric.groups import ask, expecting, insist_on_points
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CaseRecipe, CleanRoom, Group
from common.cases import Case, KnownMistake, Outcome, Sheet, Value
from common.kinds import try_out

if TYPE_CHECKING:
    from autograder.jail import Session
    from autograder.rubric.reference import Reference

ASPECTS = ("output", "shape", "weights", "config", "dtype", "mask")


@dataclass(frozen=True)
class Try(CaseRecipe):
    """One side of the layer that is made with `kwargs`, for an input and weights that are drawn."""

    aspect: str = "output"
    x: Recipe | Value = None
    weights: Sequence[Recipe | Value] = ()
    extra: Recipe | Value = None


def attempt(
    probes: str,
    aspect: str,
    x: Recipe | Value,
    weights: Sequence[Recipe | Value] = (),
    extra: Recipe | Value = None,
    fresh: int = 1,
    **settings: Value,
) -> Try:
    """What a case probes, the aspect, the layer's input and weights, and the settings it is made with.

    Aspects: "output"; "shape", as inferred before there are numbers; "weights", their shapes; "config", the output of
    a twin made from the config; "dtype", under the policy `extra`; "mask", for the mask `extra`.
    """
    if aspect not in ASPECTS:
        raise ValueError(f"case {probes!r}: there is no aspect {aspect!r}; there are {', '.join(ASPECTS)}")
    return Try(probes, (), settings, fresh, aspect=aspect, x=x, weights=weights, extra=extra)


@dataclass(frozen=True)
class Layer:
    """A layer class to write. `terms` is the length of the longest sum behind one number of its output."""

    kind: ClassVar[str] = "layer"
    preload: ClassVar[tuple[str, ...]] = KERAS
    name: str
    points: float
    groups: Sequence[Group]
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Callable[..., Any]] = ()
    terms: int = 256
    seconds: float = 20.0
    memory_mib: int = 2048

    def __post_init__(self) -> None:
        insist_on_points(self.name, self.points, self.groups)

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """Each aspect that is tried is a case; what the reference does is right."""
        cases = []
        for group, recipe, probes, dice in draws(self.name, self.groups, seed, public):
            assert isinstance(recipe, Try), f"{self.name}: write the cases of a layer with attempt(…)"
            inputs: dict[str, Value] = {"aspect": recipe.aspect, "settings": resolve(dict(recipe.kwargs), dice)}
            inputs |= {name: resolve(getattr(recipe, name), dice) for name in ("x", "weights", "extra")}
            cases.append(Case(probes, group.name, inputs, Outcome(), self.terms))
        bare = Sheet(self.name, {group.name: group.points for group in self.groups}, tuple(cases), kind=self.kind)
        right = expecting(bare, try_out(reference[self.name], bare))
        mistakes = tuple(
            KnownMistake(each.name, each.say, tuple(try_out(reference.mistaken(self.name, each), right)))
            for each in self.mistakes
        )
        return dataclasses.replace(right, mistakes=mistakes)

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Try the layer in the student's process, a case after the other."""
        return [ask(session, "try_own_layer", [self.name, *case.inputs.values()]) for case in sheet.cases]
