"""A model question: a builder returns a Keras model, which is looked at from several sides, each worth its points."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from autograder.jail.contract import KERAS
from autograder.rubric.draw import Recipe, resolve
from autograder.rubric.function import draws
from autograder.rubric.groups import ask, expecting, insist_on_points
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CaseRecipe, CleanRoom, Group
from autograder.rubric.reference import try_own
from common.cases import Case, Ended, KnownMistake, Outcome, Sheet, Value
from common.kinds.model import measured

if TYPE_CHECKING:
    from autograder.jail import Session
    from autograder.rubric.reference import Reference

ASPECTS = (
    "layers", "activations", "settings", "shapes", "parameters", "total", "stages", "connections", "sums", "function",
)  # fmt: skip
MAX_ARCHITECTURE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Look(CaseRecipe):
    """One side of the model that is built with `kwargs`; `x` is drawn for the side "function"."""

    aspect: str = "layers"
    x: Recipe | Value = None


def look(probes: str, aspect: str, x: Recipe | Value = None, fresh: int = 1, **arguments: Value) -> Look:
    """What a case probes, the aspect it looks at, and the arguments of the builder.

    Aspects: "layers", "activations", "settings", "shapes", "parameters", "total", "stages" (parameters by the size of
    the maps), "connections", "sums" (the same for sums alone, and only with steps that have weights or bend), and
    "function", which gives reference and answer the same drawn weights and compares what they make of `x`.
    """
    if aspect not in ASPECTS:
        raise ValueError(f"case {probes!r}: there is no aspect {aspect!r}; there are {', '.join(ASPECTS)}")
    if (aspect == "function") != (x is not None):
        raise ValueError(f'case {probes!r}: inputs x go with the aspect "function", and with no other')
    return Look(probes, (), arguments, fresh, aspect=aspect, x=x)


@dataclass(frozen=True)
class Model:
    """A model to build. `most` is how many weights it may have to be run; without it, four times the right number."""

    kind: ClassVar[str] = "model"
    preload: ClassVar[tuple[str, ...]] = KERAS
    name: str
    points: float
    groups: Sequence[Group]
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Callable[..., Any]] = ()
    terms: int = 4096  # the sums behind one output, through all layers
    most: int = 0
    seconds: float = 20.0
    memory_mib: int = 2048

    def __post_init__(self) -> None:
        insist_on_points(self.name, self.points, self.groups)

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """Each aspect that is looked at is a case; what the reference shows is the right answer."""
        asked = []
        for group, recipe, probes, dice in draws(self.name, self.groups, seed, public):
            assert isinstance(recipe, Look), f"{self.name}: write the cases of a model with look(…)"
            inputs: dict[str, Value] = {"aspect": recipe.aspect, "arguments": resolve(dict(recipe.kwargs), dice)}
            if recipe.aspect == "function":
                inputs |= {"x": resolve(recipe.x, dice), "seed": int(dice.integers(1, 2**31)[0]), "most": 2**62}
            asked.append(Case(probes, group.name, inputs, Outcome(), self.terms))
        bare = Sheet(self.name, {group.name: group.points for group in self.groups}, tuple(asked), kind=self.kind)
        right = self._limited(expecting(bare, _without_names(try_own(reference[self.name], bare))), reference)
        mistakes = tuple(
            KnownMistake(each.name, each.say, _without_names(try_own(reference.mistaken(self.name, each), right)))
            for each in self.mistakes
        )
        return dataclasses.replace(right, mistakes=mistakes)

    def _limited(self, sheet: Sheet, reference: Reference) -> Sheet:
        """How large a model may be to be run, from how large the right one is."""
        total = dataclasses.replace(sheet, cases=tuple(_ask_total(case) for case in sheet.cases))
        sizes = [outcome.value["total"] for outcome in try_own(reference[self.name], total)]
        cases = [
            dataclasses.replace(case, inputs={**case.inputs, "most": self.most or 4 * size + 100_000})
            if case.inputs["aspect"] == "function"
            else case
            for case, size in zip(sheet.cases, sizes, strict=True)
        ]
        return dataclasses.replace(sheet, cases=tuple(cases))

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """The student's process gives the architecture; a clean one rebuilds and measures it."""
        built: dict[str, Outcome] = {}
        for arguments in (case.inputs["arguments"] for case in sheet.cases):
            if repr(arguments) not in built:
                built[repr(arguments)] = _architecture(ask(session, "hand_over", [self.name, arguments]))
        outcomes = []
        with contextlib.ExitStack() as rooms:
            room = None
            for case in sheet.cases:
                outcome = built[repr(case.inputs["arguments"])]
                if outcome.returned:
                    if room is None or room.ended:  # one aspect that cost too much shall not cost the others
                        room = rooms.enter_context(clean())
                    outcome = ask(room, "measure", [outcome.value, *measured(case).values()])
                outcomes.append(outcome)
        return outcomes


def _architecture(outcome: Outcome) -> Outcome:
    """What a student's process sent as an architecture: bytes, of which nothing is read here."""
    value = outcome.value
    right = isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.ndim == 1
    if outcome.returned and not (right and value.size <= MAX_ARCHITECTURE):
        return Outcome(ended=Ended.REFUSED, reason="handed over what is no architecture")
    return outcome


def _ask_total(case: Case) -> Case:
    return dataclasses.replace(case, inputs={**case.inputs, "aspect": "total"})


def _without_names(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Aspects without the names of layers, which are free."""
    return tuple(
        dataclasses.replace(each, value={key: part for key, part in each.value.items() if key != "names"})
        if isinstance(each.value, dict)
        else each
        for each in outcomes
    )
