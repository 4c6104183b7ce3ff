"""hand_in: save a trained model as the file that is graded, and say what will be graded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from common.cases.case import Sheet
from common.cases.frozen import FILE
from common.checks import find_sheet
from common.kinds.trained import percent
from common.models.allow_list import Unfit
from common.models.trained import as_file, predict, write_whole
from common.models.trained_file import MAX_FILE, read_trained


class CannotHandIn(ValueError):
    """Nothing was written; the text says why, in one sentence."""


def hand_in(model: Any, name: str) -> Path:
    """Save a trained model as `<name>.npz` beside the notebook and print what is in it and what will be graded."""
    name = name.removesuffix(".npz")
    sheet = _sheet(name)
    try:
        content = as_file(model)
        trained = read_trained(content)
        weights = sum(each.size for each in trained.weights)
        if sheet is not None:
            _insist_on_size(weights, sheet)
            architecture = np.frombuffer(trained.architecture, np.uint8)
            predict(architecture, trained.weights, sheet.cases[0].inputs["images"][:4], sheet.cases[0].inputs["most"])
    except Unfit as problem:
        raise CannotHandIn(f"Nothing was written, because your code {problem}.") from None
    path = Path(f"{name}.npz")
    write_whole(path, content)
    print(f"Written: {path}, {len(model.layers)} layers, {weights:,} numbers, {_size(len(content))}.")
    print(_graded(path, sheet))
    return path


def _sheet(name: str) -> Sheet | None:
    """The question's public cases; None where no cases lie beside the notebook."""
    if not (Path.cwd() / FILE).is_file():
        return None
    try:
        sheet = find_sheet(name)
    except LookupError as problem:
        raise CannotHandIn(f"Nothing was written. {problem}") from None
    if sheet.kind != "trained":
        raise CannotHandIn(f"Nothing was written: {name} asks for a function, not for a trained model.")
    return sheet


def _insist_on_size(weights: int, sheet: Sheet) -> None:
    most = sheet.cases[0].inputs["most"]
    if weights > most:
        raise Unfit(f"made a model of {weights:,} numbers; the grader runs one of at most {most:,}")


def _graded(path: Path, sheet: Sheet | None) -> str:
    what = f"Hand in {path} together with the notebook. The grader runs this model, not your training"
    if sheet is None:
        return f"{what}."
    bands = ", ".join(f"{sheet.points[case.group]:g} for {percent(case.inputs['at_least'])}" for case in sheet.cases)
    return f"{what}, on images that it has not seen. Points: {bands}."


def _size(count: int) -> str:
    return (
        f"{count / 1e6:.1f} MB"
        if count >= 1e6
        else f"{max(1, round(count / 1e3))} kB (of at most {MAX_FILE >> 20} MiB)"
    )
