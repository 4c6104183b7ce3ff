"""Layer questions: a layer class of one's own, tried from several sides."""

from __future__ import annotations

from typing import Any

from common.calling import call
from common.cases.case import Case, Outcome, Sheet

WEIGHTS = ("trainable", "not trainable")


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Try the layer for each case anew."""
    from common.models.own_layer import try_layer

    def attempt(*given: Any) -> Any:
        return try_layer(answer, *given)

    return [call(attempt, case.inputs) for case in sheet.cases]


def explain(case: Case, outcome: Outcome) -> str:
    """Words where a bare comparison would have none."""
    right, mine, aspect = case.expected.value, outcome.value, case.inputs["aspect"]
    if aspect == "weights" and isinstance(mine, dict):
        for kind in WEIGHTS:
            if right[kind] != mine.get(kind):
                return f"{kind} weights: got {_shapes(mine.get(kind))}, expected {_shapes(right[kind])}."
    if aspect == "dtype" and isinstance(mine, dict) and right["output"] != mine.get("output"):
        return f"the output is {mine.get('output')!s:.40}, expected {right['output']} under that policy."
    if aspect == "mask" and isinstance(mine, dict) and right["mask"] is not None and mine.get("mask") is None:
        return "the mask of the input is not passed on."
    if aspect == "shape" and right != mine:
        return f"before there are numbers the output shape is {mine!s:.80}, expected {right}."
    return ""


def _shapes(value: Any) -> str:
    return ", ".join(f"{each!s:.40}" for each in value) or "none" if isinstance(value, list) else "none"


def shown(case: Case) -> dict[str, Any]:
    """The settings of the layer, its input and the weights it gets."""
    weights = {"weights": case.inputs["weights"]} if case.inputs["weights"] else {}
    return {**case.inputs["settings"], "input": case.inputs["x"], **weights}
