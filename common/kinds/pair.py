"""Pair questions: a forward function that returns (out, cache) and a backward function that gets the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.calling import call
from common.cases.case import Case, Ended, Outcome, Raised, Sheet, Value
from common.cases.relation import calls, gather
from common.pairs import run_forward, run_pair

ALONE = Raised("TypeError", "two functions are checked together here, the forward one and the backward one")


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Try a pair (forward, backward) on every case."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        return [Outcome(raised=ALONE)] * len(sheet.cases)
    outcomes: list[Outcome] = []
    for case in sheet.cases:
        outcomes.append(try_one(answer, case))
        if outcomes[-1].ended is Ended.TIMEOUT:  # one endless loop is enough to wait for
            outcomes += [outcomes[-1]] * (len(sheet.cases) - len(outcomes))
            break
    return outcomes


def try_one(answer: tuple[Callable[..., Any], Callable[..., Any]], case: Case) -> Outcome:
    """The forward function's result, or the gradients where the case gives a gradient from above."""
    forward, backward = answer

    def result(*inputs: Value) -> Any:
        return run_forward(forward, inputs)[0]

    def gradients(*inputs: Value) -> Any:
        return run_pair(forward, inputs[:-1], backward, inputs[-1])[1]

    if is_backward(case):
        return call(gradients, case.inputs)
    return gather([call(result, inputs) for inputs in calls(case)])


def is_backward(case: Case) -> bool:
    """Whether a case asks for gradients; then its last input is the gradient from above."""
    return case.relation is not None and case.relation.name == "gradients"
