"""Trained models: a hand-in file scored on data it has not seen, in bands between published thresholds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.calling import call
from common.cases.case import UNFIT, Case, Outcome, Raised, Sheet
from common.models.allow_list import Unfit
from common.models.score import score
from common.models.trained_file import TrainedModel, read_trained
from common.pixels import as_input

OUR_SECONDS = 120.0  # for training a reference of our own


class Stopped(Exception):
    """Predicting ended otherwise than with scores."""

    def __init__(self, outcome: Outcome) -> None:
        """Stop with what happened instead."""
        super().__init__()
        self.outcome = outcome


Run = Callable[[TrainedModel, np.ndarray, int], Any]  # a model, images (N, …), the most weights -> scores (N, C)


def in_mode(sheet: Sheet, named: str) -> Sheet:
    """The sheet as a notebook checks it: a training in the mode "smoke" need only reach what was measured in it."""
    low = sheet.cases[0].inputs.get("bars", {}).get("smoke")
    if named != "smoke" or low is None:
        return sheet
    cases = []
    for case in sheet.cases:
        asked = case.inputs["at_least"]
        probes = f"at least {percent(min(low, asked))} right, in smoke mode ({percent(asked)} in the hand-in)"
        cases.append(dataclasses.replace(case, probes=probes, inputs={**case.inputs, "at_least": min(low, asked)}))
    return dataclasses.replace(sheet, cases=tuple(cases))


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Score the file that the notebook saved, or the model that a function of our own returns."""
    from common.models.trained import as_file, predict

    def run(trained: TrainedModel, images: np.ndarray, most: int) -> Any:
        return predict(np.frombuffer(trained.architecture, np.uint8), trained.weights, images, most)

    if getattr(answer, "__module__", "") == "__main__":  # a notebook's function: what counts is the file it saved
        path = Path(sheet.cases[0].inputs["file"])
        return score_cases(sheet, path.read_bytes() if path.is_file() else None, run)
    made: list[bytes] = []
    tried = call(lambda: made.append(as_file(answer())), {}, seconds=OUR_SECONDS)
    return score_cases(sheet, made[0], run) if tried.returned else [tried] * len(sheet.cases)


def score_cases(sheet: Sheet, content: bytes | None, run: Run) -> list[Outcome]:
    """One outcome for each band. `run` predicts; it gets images only."""
    first = sheet.cases[0].inputs
    enough = max(case.inputs["at_least"] for case in sheet.cases)
    try:
        if content is None:
            raise Unfit(f"saved no file {first['file']}: run the cell that saves it, and hand the file in")
        trained = read_trained(content)
        scored = score(
            lambda images: run(trained, images, first["most"]),
            as_input(first["images"]),
            first["labels"],
            first["classes"],
            first["scales"],
            enough,
        )
    except Stopped as stopped:
        return [stopped.outcome] * len(sheet.cases)
    except Unfit as problem:
        return [Outcome(raised=Raised(UNFIT, str(problem)))] * len(sheet.cases)
    return [_band(case, scored) for case in sheet.cases]


def _band(case: Case, scored: dict[str, Any]) -> Outcome:
    reached = scored["accuracy"] >= case.inputs["at_least"]
    return Outcome({"reached": reached, "diagnosis": scored["diagnosis"], "accuracy": scored["accuracy"]})


def without_accuracy(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What tells a mistake: two models with the same one have not the same accuracy."""
    return tuple(
        Outcome({"reached": each.value["reached"], "diagnosis": each.value["diagnosis"]}) if each.returned else each
        for each in outcomes
    )


def explain(case: Case, outcome: Outcome) -> str:
    """How far the model is from the band."""
    value = outcome.value
    if not isinstance(value, dict) or not isinstance(value.get("accuracy"), float):
        return ""
    count, bar = len(case.inputs["labels"]), case.inputs["at_least"]
    return f"{value['accuracy']:.1%} of {count:,} images are right; this part begins at {percent(bar)}."


def percent(value: float) -> str:
    """A threshold with as many digits as it has: "97%" or "97.5%"."""
    return f"{round(100 * value, 2):g}%"


def shown(case: Case) -> dict[str, Any]:
    """How many images of which size are looked at."""
    return {"images": case.inputs["images"]}
