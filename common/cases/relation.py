"""What must hold between several answers of one function (linearity, equivariance), or which entries of one count.

A relation is a name and plain settings, so it is frozen with its case. The student's function is called with each of
the inputs that `calls` makes; whether the relation holds is seen from the results alone, whatever computed them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from common.cases.case import Case, Outcome, Relation, Value
from common.cases.compare import Agreement, Difference, compare

Inputs = Mapping[str, Value]
AXES = {2: ("row", "column"), 4: ("image", "row", "column", "channel")}
LOOSER = 32  # sums of several answers round more often than one answer does


def calls(case: Case) -> list[Inputs]:
    """The inputs of every call that a case makes."""
    relation = case.relation
    if relation is None or "input" not in relation.settings:
        return [case.inputs]
    name, x = relation.settings["input"], case.inputs[relation.settings["input"]]
    return [case.inputs, *({**case.inputs, name: np.ascontiguousarray(other)} for other in _others(relation, x))]


def gather(outcomes: Sequence[Outcome]) -> Outcome:
    """What several calls did, as one outcome: the first failure, or all values."""
    if len(outcomes) == 1:
        return outcomes[0]
    if failed := next((outcome for outcome in outcomes if not outcome.returned), None):
        return failed
    modified = dict.fromkeys(name for outcome in outcomes for name in outcome.modified)
    return Outcome(tuple(outcome.value for outcome in outcomes), modified=tuple(modified))


def judge_value(case: Case, got: Value) -> Agreement:
    """Compare what came back with what a case asks for."""
    expected, relation = case.expected.value, case.relation
    if relation is None or (relation.name == "gradients" and "which" not in relation.settings):
        return compare(expected, got, case.terms, rtol=case.rtol, unit=str(case.inputs.get("unit", "")))
    if relation.name in ("entries", "gradients"):
        return _judge_entries(relation, expected, got, case.terms)
    return _judge_relation(relation, expected, got, case.terms)


def _others(relation: Relation, x: np.ndarray) -> list[np.ndarray]:
    settings = relation.settings
    if relation.name == "linear":
        y = _another(x)
        return [y, settings["a"] * x + settings["b"] * y]
    if relation.name == "shifted":
        return [np.roll(x, settings["by"], settings["axis"])]
    if relation.name == "reversed":
        return [np.flip(x, settings["axis"])]
    raise ValueError(f"no relation is named {relation.name!r}")


def _another(x: np.ndarray) -> np.ndarray:
    """A second input like the first: its numbers the other way round."""
    return x.ravel()[::-1].reshape(x.shape)


def _judge_entries(relation: Relation, expected: Any, got: Value, terms: int) -> Agreement:
    """Only some entries of a tuple earn the points of this case; the others may hold anything."""
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        return compare(expected, got, terms)
    names: Sequence[str] = relation.settings["names"]
    parts = [compare(expected[i], got[i], terms, f"`{names[i]}`") for i in relation.settings["which"]]
    wrong = next((part for part in parts if part.difference), None)
    return wrong or max(parts, key=lambda part: part.error or 0.0)


def _judge_relation(relation: Relation, expected: Any, got: Value, terms: int) -> Agreement:
    """Types and shapes are the reference's; the values need only obey the relation."""
    for right, mine in zip(expected, got, strict=True):
        difference = compare(right, mine, terms).difference
        if difference and difference.kind != "value":
            return Agreement(difference, None, None)
        if right.size > 1 and np.ptp(right) and not np.ptp(mine):
            return Agreement(Difference("relation", "all values of your result are the same."), None, None)
    left, right = _sides(relation, [each.astype(np.float64) for each in got])
    agreement = compare(right, left, terms * LOOSER)
    if agreement.difference is None:
        return agreement
    difference = Difference("relation", f"{_rule(relation, expected[0].ndim)} {_by_how_much(agreement)}")
    return Agreement(difference, agreement.error, agreement.tolerance)


def _sides(relation: Relation, got: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The two arrays that must be equal."""
    settings = relation.settings
    if relation.name == "linear":
        return got[2], settings["a"] * got[0] + settings["b"] * got[1]
    axis = settings["axis"]
    if relation.name == "reversed":
        return got[1], np.flip(got[0], axis)
    margin = settings["margin"]
    inside = [slice(None)] * got[0].ndim
    inside[axis] = slice(margin, got[0].shape[axis] - margin)
    moved = np.roll(got[0], settings["moves"], axis)
    return got[1][tuple(inside)], moved[tuple(inside)]


def _rule(relation: Relation, axes: int) -> str:
    settings = relation.settings
    name = settings["input"]
    if relation.name == "linear":
        a, b = settings["a"], settings["b"]
        return f"your function should be linear in `{name}`: f({a:g}x + {b:g}y) should be {a:g}f(x) + {b:g}f(y)."
    axis = AXES.get(axes, tuple(f"place along axis {each}" for each in range(axes)))[settings["axis"]]
    if relation.name == "reversed":
        return f"the {axis}s of `{name}` in reverse order should give the same {axis}s of the result in reverse order."
    by, moves = settings["by"], settings["moves"]
    return f"`{name}` moved by {_count(by, axis)} should give the result moved by {_count(moves, axis)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if abs(number) == 1 else f"{number} {noun}s"


def _by_how_much(agreement: Agreement) -> str:
    return f"The two differ by up to {agreement.error:.3g}." if agreement.error is not None else "They differ."
