"""A trained question: a hand-in file with a model, scored on data that its author has not seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from autograder.calibration.table import bars, find
from autograder.jail.contract import KERAS
from autograder.rubric.draw import Dice
from autograder.rubric.groups import ask
from autograder.rubric.mistake import Mistake
from autograder.rubric.question import CleanRoom
from common.cases import Case, KnownMistake, Outcome, Sheet
from common.kinds import try_out
from common.kinds.trained import Stopped, percent, score_cases, without_accuracy
from common.models.trained_file import TrainedModel

if TYPE_CHECKING:
    from autograder.jail import Session
    from autograder.rubric.reference import Reference

Data = tuple[np.ndarray, np.ndarray]  # images (N, …), labels (N,)


@dataclass(frozen=True)
class Band:
    """Points for at least this accuracy; "calibrated" is the bar that `course calibrate` has found."""

    at_least: float | Literal["calibrated"]
    points: float

    def bars(self, folder: Path, question: str) -> tuple[float, float]:
        """The printed bar and the grader's, which lies a little under it where it is calibrated."""
        if self.at_least == "calibrated":
            found = find(folder, question)
            return found.bar, found.graded
        return self.at_least, self.at_least


@dataclass(frozen=True)
class Trained:
    """A model to train and hand in as the file `<name>.npz`. `data` draws images and labels: public or hidden ones.

    Students know the thresholds of `bands`. Images of bytes are divided by 255 before a model sees them. `scales` are
    factors by which a model may have been trained on other values than it is given, for the sentence that says so. The
    notebook's function of that name trains the model, from a `seed` where a band is calibrated; no grader runs it.
    """

    kind: ClassVar[str] = "trained"
    preload: ClassVar[tuple[str, ...]] = KERAS
    name: str
    points: float
    bands: Sequence[Band]
    data: Callable[[Dice], Data]
    classes: int
    mistakes: Sequence[Mistake] = ()
    variants: Sequence[Callable[..., Any]] = ()
    scales: Sequence[float] = (255.0, 1 / 255)
    most: int = 2_000_000
    seconds: float = 60.0
    memory_mib: int = 2048

    def __post_init__(self) -> None:
        if (earned := sum(band.points for band in self.bands)) != self.points:
            raise ValueError(f"{self.name}: the bands are worth {earned:g} points, the question {self.points:g}")

    @property
    def file(self) -> str:
        """The hand-in file beside the notebook."""
        return f"{self.name}.npz"

    def sheet(self, reference: Reference, *seed: str | bytes, public: bool) -> Sheet:
        """One case for each band. A fresh sheet holds hidden labels and stays on the trusted side."""
        images, labels = self.data(Dice(*seed, self.name, public=public))
        shared: dict[str, Any] = {
            "file": self.file,
            "classes": self.classes,
            "most": self.most,
            "scales": tuple(self.scales),
        }
        if public and any(band.at_least == "calibrated" for band in self.bands):
            shared["bars"] = bars(reference.master.path.parent, self.name)  # what the notebook asks in other modes
        cases = []
        for band in self.bands:
            printed, graded = band.bars(reference.master.path.parent, self.name)
            bar = printed if public else graded
            inputs = {"at_least": bar, "images": images, "labels": labels, **shared}
            cases.append(Case(f"at least {percent(bar)} right", percent(printed), inputs, Outcome({"reached": True})))
        points = {case.group: band.points for case, band in zip(cases, self.bands, strict=True)}
        bare = Sheet(self.name, points, tuple(cases), kind=self.kind)
        mistakes = tuple(
            KnownMistake(each.name, each.say, without_accuracy(try_out(reference.mistaken(self.name, each), bare)))
            for each in self.mistakes
        )
        return dataclasses.replace(bare, mistakes=mistakes)

    def examine(self, session: Session, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """A notebook alone holds no trained model."""
        return self.examine_file(None, sheet, clean)

    def examine_file(self, content: bytes | None, sheet: Sheet, clean: CleanRoom) -> list[Outcome]:
        """Read the file here, predict in a clean process that gets images only, compare with the labels here."""
        with clean() as room:

            def run(trained: TrainedModel, images: np.ndarray, most: int) -> Any:
                architecture = np.frombuffer(trained.architecture, np.uint8)
                outcome = ask(room, "predict", [architecture, list(trained.weights), images, most])
                if not outcome.returned:
                    raise Stopped(outcome)
                return outcome.value

            return score_cases(sheet, content, run)
