"""Training questions: run the student's function for a few updates, then look at losses and weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from common.calling import call
from common.cases.case import UNFIT, Case, Outcome, Raised, Sheet, Value

MODEL = ("architecture", "weights")  # inputs that make the model; "aspect" and "names" are for judging
MEASURED = ("before", "after", "first", "right")  # numbers beside a verdict, for its sentence
START = 1e-3  # how far a loss may be from the one that was measured anew, relative to 1 + loss
Predict = Callable[[Any, Any, np.ndarray], Outcome]  # architecture, weights, images -> scores (N, C)


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Run the function once for each set of inputs, here."""
    from common.models.trained import predict
    from common.models.training_run import run_training

    def run(inputs: Mapping[str, Value]) -> Outcome:
        given = {name: inputs[name] for name in MODEL} | {"arguments": inputs["arguments"]}
        return call(lambda *values: run_training(answer, *values), given, seconds=30.0)

    def scores(architecture: Any, weights: Any, images: np.ndarray) -> Outcome:
        return call(lambda: predict(architecture, weights, images, 2**40), {})

    return try_with(sheet, run, scores)


def try_with(sheet: Sheet, run: Callable[[Mapping[str, Value]], Outcome], scores: Predict) -> list[Outcome]:
    """One outcome for each aspect; cases with the same inputs share one run."""
    runs: dict[Any, Outcome] = {}
    outcomes = []
    for case in sheet.cases:
        key = case.inputs["run"]
        if key not in runs:
            runs[key] = _readable(run(case.inputs), case.inputs)
        outcomes.append(_aspect(case, runs[key], scores))
    return outcomes


def _readable(outcome: Outcome, inputs: Mapping[str, Value]) -> Outcome:
    """The note of a run, held to its form: it may come from a student's process."""
    if not outcome.returned:
        return outcome
    note = outcome.value
    if isinstance(note, dict) and set(note) == {"losses", "weights", "updates"} and isinstance(note["weights"], list):
        shapes = [each.shape if isinstance(each, np.ndarray) else None for each in note["weights"]]
        numbers = all(isinstance(each, np.ndarray) and each.dtype.kind == "f" for each in note["weights"])
        if numbers and shapes == [each.shape for each in inputs["weights"]]:
            return outcome
    return _unfit("changed the model itself: only its weights may change")


def _unfit(text: str) -> Outcome:
    return Outcome(raised=Raised(UNFIT, text))


def _aspect(case: Case, outcome: Outcome, scores: Predict) -> Outcome:
    if not outcome.returned:
        return outcome
    note, inputs = outcome.value, case.inputs
    match inputs["aspect"]:
        case "losses":
            return Outcome({"losses": note["losses"]})
        case "updates":
            return Outcome({"updates": note["updates"]})
        case "moved":
            moved = [bool((a != b).any()) for a, b in zip(inputs["weights"], note["weights"], strict=True)]
            return Outcome({"moved": dict(zip(inputs["names"], moved, strict=True))})
        case "weights":
            return Outcome({"weights": dict(zip(inputs["names"], note["weights"], strict=True))})
        case "start":
            return _starts(inputs, note["losses"], scores)
        case "fits":
            return _fits(inputs, note["weights"], scores)
    return _falls(inputs, note["weights"], scores)


def _falls(inputs: Mapping[str, Value], after: list[np.ndarray], scores: Predict) -> Outcome:
    """Whether the loss is lower than before, measured anew from the weights: what the function says does not count."""
    losses = []
    for weights in (inputs["weights"], after):
        outcome = _scored(inputs, weights, scores)
        if not outcome.returned:
            return outcome
        losses.append(cross_entropy(outcome.value, inputs["arguments"]["y"]))
    return Outcome({"falls": bool(losses[1] < losses[0]), "before": losses[0], "after": losses[1]})


def _starts(inputs: Mapping[str, Value], losses: Value, scores: Predict) -> Outcome:
    """Whether the first of the returned losses is the one that the given weights have, measured anew."""
    outcome = _scored(inputs, inputs["weights"], scores)
    if not outcome.returned:
        return outcome
    before = cross_entropy(outcome.value, inputs["arguments"]["y"])
    first = float(losses[0]) if isinstance(losses, np.ndarray) and losses.size else None
    starts = "nothing was returned" if first is None else abs(first - before) <= START * (1 + abs(before))
    return Outcome({"starts": starts, "before": before, "first": first})


def _fits(inputs: Mapping[str, Value], after: list[np.ndarray], scores: Predict) -> Outcome:
    """Whether the trained weights give every one of the images its own label."""
    outcome = _scored(inputs, after, scores)
    if not outcome.returned:
        return outcome
    value, labels = outcome.value, inputs["arguments"]["y"]
    whole = isinstance(value, np.ndarray) and value.ndim == 2 and len(value) == len(labels)
    right = int((value.argmax(axis=1) == labels).sum()) if whole else 0
    return Outcome({"fits": right == len(labels), "right": right})


def _scored(inputs: Mapping[str, Value], weights: list[np.ndarray], scores: Predict) -> Outcome:
    return scores(inputs["architecture"], weights, inputs["arguments"]["x"])


def cross_entropy(scores: Value, labels: np.ndarray) -> float:
    """Mean cross-entropy of scores (N, C), before a softmax, for labels (N,)."""
    if not isinstance(scores, np.ndarray) or scores.ndim != 2 or len(scores) != len(labels):
        return float("nan")
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels].mean())


def explain(case: Case, outcome: Outcome) -> str:
    """What moved, rose or was counted, in words."""
    right, mine = case.expected.value, outcome.value
    if not isinstance(mine, dict) or set(right) - set(mine):
        return ""
    if "updates" in right:
        return f"the optimizer made {mine['updates']!s:.20} updates, expected {right['updates']}."
    if "falls" in right:
        went = f"went from {mine['before']!s:.7} to {mine['after']!s:.7}" if "before" in mine else "did not fall"
        return f"the loss, measured on the same data before and after, {went}: it should fall."
    if "starts" in right and "first" in mine:
        if mine["first"] is None:
            return "the function should return its losses, one number for each update."
        first, before = f"{mine['first']!s:.7}", f"{mine['before']!s:.7}"
        return f"the first loss you return is {first}; before any update the model's loss on x, y is {before}."
    if "fits" in right and "right" in mine:
        count = len(case.inputs["arguments"]["y"])
        return f"after your training {mine['right']} of {count} images get their own label: it should be all."
    if "moved" in right and isinstance(mine["moved"], dict):
        for name, should in right["moved"].items():
            if mine["moved"].get(name) != should:
                return f"{name} {'did not move' if should else 'moved, and should stay as it was'}."
    if "losses" in right and mine["losses"] is None:
        return "the function should return its losses, one number for each update."
    return ""


def shown(case: Case) -> Mapping[str, Value]:
    """What the function gets after the model."""
    arguments: Mapping[str, Value] = case.inputs["arguments"]
    return arguments
