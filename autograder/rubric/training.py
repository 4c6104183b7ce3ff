"""A training question: the student's function makes a few updates of a given model; losses and weights are judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from autograder.jail.contract import KERAS
from autograder.rubric.draw import Recipe, resolve
from autograder.rubric.function import draws
from autograder.rubric.groups import ask, expecting, insist_on_points
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CaseRecipe, CleanRoom, Group
from common.cases import Case, KnownMistake, Outcome, Sheet, Value
from common.kinds import try_out
from common.kinds.training import MEASURED, try_with

if TYPE_CHECKING:
    from autograder.jail import Session
    from autograder.rubric.reference import Reference

ASPECTS = ("losses", "start", "falls", "fits", "moved", "updates", "weights")


@dataclass(frozen=True)
class After(CaseRecipe):
    """One side of a run with the arguments `kwargs`."""

    aspect: str = "falls"


def after(probes: str, aspect: str, fresh: int = 1, **arguments: Recipe | Value) -> After:
    """What a case probes, the aspect, and the arguments that follow the model: x, y and whatever the function takes.

    Aspects: "losses", as returned; "start", whether the first of them is the loss before any update; "falls", the loss
    measured anew before and after; "fits", whether every image gets its own label in the end; "moved", which weights
    changed; "updates", how many the optimizer made; "weights", their values at the end.
    """
    if aspect not in ASPECTS:
        raise ValueError(f"case {probes!r}: there is no aspect {aspect!r}; there are {', '.join(ASPECTS)}")
    return After(probes, (), arguments, fresh, aspect=aspect)


@dataclass(frozen=True)
class Training:
    """A function(model, x, y, …) that trains. `model` names the given builder, in the master, of what it trains."""

    kind: ClassVar[str] = "training"
    preload: ClassVar[tuple[str, ...]] = KERAS
    name: str
    points: float
    groups: Sequence[Group]
    model: str
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Callable[..., Any]] = ()
    terms: int = 4096
    seconds: float = 30.0
    memory_mib: int = 2048

    def __post_init__(self) -> None:
        insist_on_points(self.name, self.points, self.groups)

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """Each aspect is a case; cases with the same arguments look at one and the same run."""
        made = _model(reference[self.model])
        cases: list[Case] = []
        runs: dict[Any, dict[str, Value]] = {}
        for group, recipe, probes, dice in draws(self.name, self.groups, seed, public):
            assert isinstance(recipe, After), f"{self.name}: write the cases of a training with after(…)"
            key = tuple((name, id(value)) for name, value in recipe.kwargs.items())
            if key not in runs:
                arguments = resolve(dict(recipe.kwargs), dice)
                runs[key] = {"run": len(runs), **made, "arguments": arguments}
            inputs = {"aspect": recipe.aspect, **runs[key]}
            cases.append(Case(probes, group.name, inputs, Outcome(), self.terms))
        bare = Sheet(self.name, {group.name: group.points for group in self.groups}, tuple(cases), kind=self.kind)
        right = expecting(bare, tuple(map(_judged, try_out(reference[self.name], bare))))
        mistakes = tuple(
            KnownMistake(each.name, each.say, tuple(map(_judged, try_out(reference.mistaken(self.name, each), right))))
            for each in self.mistakes
        )
        return dataclasses.replace(right, mistakes=mistakes)

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Train in the student's process; a clean one finds out whether the loss fell."""

        def run(inputs: Mapping[str, Value]) -> Outcome:
            return ask(
                session, "train", [self.name, inputs["architecture"], list(inputs["weights"]), inputs["arguments"]]
            )

        with clean() as room:

            def scores(architecture: Any, weights: Any, images: np.ndarray) -> Outcome:
                return ask(room, "predict", [architecture, list(weights), images, 2**40])

            return try_with(sheet, run, scores)


def _model(builder: Callable[[], Any]) -> dict[str, Value]:
    """The model to train as plain data, with a name for each of its weights."""
    from common.models.architecture import flatten, hand_over
    from common.models.trained import weights_of

    model = builder()
    flat = flatten(model)
    names = [
        f"the {each.path.rpartition('/')[2]} of `{layer.name}`"
        for layer in flat.layers
        for each in layer.weights
        if "float" in str(each.dtype)
    ]
    return {"architecture": np.frombuffer(hand_over(model), np.uint8), "weights": weights_of(flat), "names": names}


def _judged(outcome: Outcome) -> Outcome:
    """Without what was measured beside the verdict, which no two models share."""
    if outcome.returned and isinstance(outcome.value, dict):
        return Outcome({name: value for name, value in outcome.value.items() if name not in MEASURED})
    return outcome
