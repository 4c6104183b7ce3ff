"""The table beside a rubric: what the recipe of each trained question reached, and the bars that follow from it."""

from __future__ import annotations

import dataclasses
import json
import re
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.duration import duration
from common.kinds.trained import percent
from common.mode import MODES

FILE = "calibration.json"  # beside the rubric
KEPT = "trained"  # the folder beside the rubric with the hand-in file of one run of each question
GRADED_IN = "student"  # the mode whose bars count: everybody can reach them on a laptop


class NotCalibrated(Exception):
    """A threshold is asked for that nobody has measured, in one sentence."""


@dataclass(frozen=True)
class Calibration:
    """One recipe in one mode. `accuracies` are measured on public images, `hidden` on fresh ones of the same kind."""

    question: str
    mode: str
    seeds: tuple[int, ...]
    accuracies: tuple[float, ...]
    hidden: tuple[float, ...]
    seconds: tuple[float, ...]
    images: int
    hidden_images: int
    mean: float
    deviation: float
    minimum: float
    bar: float  # printed: points for at least this accuracy
    graded: float  # what the grader asks of hidden images
    device: str
    packages: str
    date: str
    recipe: str  # a digest of the recipe's code: another recipe wants another calibration


def read_table(folder: Path) -> list[Calibration]:
    """All calibrations beside a rubric, in the order of the file; none when there is no file."""
    path = folder / FILE
    if not path.is_file():
        return []
    return [_row(each) for each in json.loads(path.read_text(encoding="utf-8"))["calibrations"]]


def _row(entry: dict[str, Any]) -> Calibration:
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in entry.items()}
    return Calibration(**values)


def write_table(folder: Path, new: Calibration) -> None:
    """Put a calibration into the table, in the place of an earlier one of the same question and mode."""
    kept = [each for each in read_table(folder) if (each.question, each.mode) != (new.question, new.mode)]
    rows = sorted([*kept, new], key=lambda each: (each.question, MODES.index(each.mode)))
    text = json.dumps({"calibrations": [dataclasses.asdict(each) for each in rows]}, indent=1)
    text = re.sub(r"\[\s+([^][{}]+?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)  # a list, a line
    draft = folder / f"{FILE}.new"
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(folder / FILE)


def find(folder: Path, question: str, mode: str = GRADED_IN) -> Calibration:
    """The calibration that a question's bars come from."""
    for each in read_table(folder):
        if (each.question, each.mode) == (question, mode):
            return each
    raise NotCalibrated(
        f"{question} is not calibrated in the mode {mode}: run `course calibrate {folder.name} --mode {mode}`."
    )


def bars(folder: Path, question: str) -> dict[str, float]:
    """The printed bar of each mode."""
    return {each.mode: each.bar for each in read_table(folder) if each.question == question}


def as_markdown(folder: Path, question: str) -> str:
    """The table that a notebook shows for a question, with what it means."""
    rows = [each for each in read_table(folder) if each.question == question]
    graded = find(folder, question)
    lines = [
        "| mode | runs | mean | deviation | lowest | **bar** | time of a run | measured on |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in rows:
        time, where = duration(statistics.median(each.seconds)), f"{each.device}, {each.date}"
        lines.append(
            f"| {each.mode} | {len(each.seeds)} | {each.mean:.2%} | {each.deviation:.2%} | {each.minimum:.2%} "
            f"| **{percent(each.bar)}** | {time} | {where} |"
        )
    missing = not_calibrated(folder, question)
    lines += [f"| {mode} | 0 | | | | that of `{GRADED_IN}` | | not calibrated |" for mode in missing]
    return "\n".join([*lines, "", " ".join([_meaning(graded), *map(why_the_same_bar, missing)])])


def not_calibrated(folder: Path, question: str) -> list[str]:
    """Modes in which nobody has measured the question's recipe."""
    return [mode for mode in MODES if mode not in bars(folder, question)]


def why_the_same_bar(mode: str) -> str:
    """What a mode that was never measured asks for, in words."""
    return (
        f"The mode `{mode}` is not calibrated: no run was measured in it. Where a recipe has no setting of its own for "
        f"it, it trains as in `{GRADED_IN}`, and so it is held to that bar."
    )


def _meaning(graded: Calibration) -> str:
    return (
        f"The bar of the mode `{graded.mode}` counts, whatever mode you train in: {percent(graded.bar)}. The same "
        f"training with another seed misses it in fewer than 1 of 200 runs. The grader uses {graded.hidden_images:,} "
        f"other images, and bad luck with them should cost nothing: there, {percent(graded.graded)} are enough."
    )
