"""Aspects of a model as plain values, each to be compared by itself: layers, settings, shapes, counts, connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from common.cases.case import Value
from common.models.graph import SYMMETRIC, Step

MERGES = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"})
ARROW = " → "
STRAIGHT = "straight through"
FLAT = "flat"


def describe(steps: Sequence[Step], aspect: str) -> dict[str, Value]:
    """One aspect by its name, and the layers' own names beside it, for sentences."""
    return ASPECTS[aspect](steps)


def _layers(steps: Sequence[Step]) -> dict[str, Value]:
    found = _without_activations(steps)
    return {"layers": [step.kind for step in found], "names": [step.name for step in found]}


def _activations(steps: Sequence[Step]) -> dict[str, Value]:
    """For each activation what it stands behind: ("tanh", "Conv2D")."""
    found = [step for step in steps if step.activation]
    behind = [(step.kind, steps[step.inputs[0]].kind if step.inputs else "") for step in found]
    return {"activations": behind, "names": [step.name for step in found]}


def _settings(steps: Sequence[Step]) -> dict[str, Value]:
    found = _without_activations(steps)
    return {
        "settings": [{"layer": step.kind, **dict(step.settings)} for step in found],
        "names": [step.name for step in found],
    }


def _shapes(steps: Sequence[Step]) -> dict[str, Value]:
    found = _without_activations(steps)
    return {"shapes": [(step.kind, *step.shape) for step in found], "names": [step.name for step in found]}


def _parameters(steps: Sequence[Step]) -> dict[str, Value]:
    found = [step for step in steps if step.parameters]
    return {"parameters": [(step.kind, step.parameters) for step in found], "names": [step.name for step in found]}


def _total(steps: Sequence[Step]) -> dict[str, Value]:
    return {"total": sum(step.parameters for step in steps)}


def _connections(steps: Sequence[Step]) -> dict[str, Value]:
    """For each sum or concatenation the branches that meet there, and what comes next."""
    readers = _readers(steps)
    found = []
    for place, step in enumerate(steps):
        if step.kind in MERGES and len(step.inputs) > 1:
            branches = [_branch(steps, readers, each) for each in step.inputs]
            ordered = sorted(branches) if step.kind in SYMMETRIC else branches
            found.append({"merge": step.kind, "branches": ordered, "then": _next(steps, readers, place)})
    return {"connections": found}


def _sums(steps: Sequence[Step]) -> dict[str, Value]:
    """Like connections, for sums alone, and without steps that neither learn nor bend: moving, padding, thinning out.

    Zeros for missing channels can be had in a dozen ways. That a branch adds no weights is the same in all of them.
    """
    readers = _readers(steps)
    found = []
    for place, step in enumerate(steps):
        if step.kind in SYMMETRIC and len(step.inputs) > 1:
            branches = sorted(_branch(steps, readers, each, _acts) for each in step.inputs)
            found.append({"merge": step.kind, "branches": branches, "then": _next(steps, readers, place)})
    return {"sums": found}


def _acts(step: Step) -> bool:
    return bool(step.parameters or step.activation)


def _stages(steps: Sequence[Step]) -> dict[str, Value]:
    """Parameters by the size of the maps that layers give: [("56x56", 215,808), …], what is flat last."""
    stages: dict[str, int] = {}
    for step in steps:
        if step.parameters:
            size = "x".join(map(str, step.shape[:-1])) or FLAT
            stages[size] = stages.get(size, 0) + step.parameters
    return {"stages": list(stages.items())}


def _branch(
    steps: Sequence[Step],
    readers: Sequence[Sequence[int]],
    place: int,
    counts: Callable[[Step], bool] = lambda step: True,
) -> str:
    """The steps that count, from the last fork, merge or input up to here."""
    kinds: list[str] = []
    while len(readers[place]) == 1 and steps[place].kind not in MERGES and steps[place].inputs:
        kinds += [steps[place].kind] if counts(steps[place]) else []
        (place,) = steps[place].inputs
    return ARROW.join(reversed(kinds)) or STRAIGHT


def _next(steps: Sequence[Step], readers: Sequence[Sequence[int]], place: int) -> str:
    following = sorted({steps[reader].kind for reader in readers[place]})
    return " and ".join(following) or "the output"


def _readers(steps: Sequence[Step]) -> list[list[int]]:
    readers: list[list[int]] = [[] for _ in steps]
    for place, step in enumerate(steps):
        for each in step.inputs:
            readers[each].append(place)
    return readers


def _without_activations(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if not step.activation and step.kind != "InputLayer"]


ASPECTS: dict[str, Callable[[Sequence[Step]], dict[str, Value]]] = {
    "layers": _layers,
    "activations": _activations,
    "settings": _settings,
    "shapes": _shapes,
    "parameters": _parameters,
    "total": _total,
    "connections": _connections,
    "sums": _sums,
    "stages": _stages,
}
FUNCTION = "function"  # the aspect that is measured by running the model
