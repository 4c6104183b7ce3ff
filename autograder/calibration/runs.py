"""Train a recipe once for each seed, then write the table and keep one of the models."""

from __future__ import annotations

import datetime
import inspect
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.calibration.bars import graded_bar, printed_bar
from autograder.calibration.recipe import recipe_digest
from autograder.calibration.table import GRADED_IN, Calibration, write_table
from autograder.cli.output import CannotDoError
from autograder.course import Course, LoadedAssignment
from autograder.machine import backend, versions
from autograder.rubric.trained import Trained

Advance = Callable[[str], None]


def calibrated_questions(assignment: LoadedAssignment) -> list[str]:
    """Names of the trained questions that have a calibrated band."""
    return [
        each.name
        for each in assignment.rubric.questions
        if isinstance(each, Trained) and any(band.at_least == "calibrated" for band in each.bands)
    ]


def calibrate(
    course: Course, assignment: LoadedAssignment, question: str, mode: str, seeds: Sequence[int], advance: Advance
) -> Calibration:
    """Train, compute the bars, write the table; keep the model of the middle run, from the mode that counts."""
    if "seed" not in inspect.signature(assignment.reference.recipe(question)).parameters:
        raise CannotDoError(f"{question} has no parameter `seed`: without it all runs are the same one.")
    digest = recipe_digest(assignment.master, question)
    folder = course.root / "build" / "calibration" / assignment.name / f"{question}-{mode}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for seed in seeds:
        runs.append(_run(course, assignment.name, question, mode, seed, folder / f"{seed}"))
        advance(f"{question}, {mode}, seed {seed}: {runs[-1]['accuracy']:.2%}")
    made = _calibration(question, mode, seeds, runs, digest)
    if mode == GRADED_IN:
        middle = int(np.argsort(made.accuracies, kind="stable")[len(seeds) // 2])
        kept = assignment.reference.kept(question)
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(folder / f"{seeds[middle]}.npz", kept)
    write_table(assignment.master.path.parent, made)
    return made


def _run(course: Course, name: str, question: str, mode: str, seed: int, out: Path) -> dict[str, Any]:
    """One run, in a process of its own, as a student has it; what is there from an earlier call is taken."""
    result = out.with_suffix(".json")
    if not result.is_file():
        command = [sys.executable, "-m", "autograder.calibration.trial", name, question, str(seed), str(out)]
        environment = {**os.environ, "COURSE_MODE": mode, "COURSE_ROOT": str(course.root)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode or not result.is_file():
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise CannotDoError(f"The run of {question} with seed {seed} in the mode {mode} failed: {last}")
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def _calibration(
    question: str, mode: str, seeds: Sequence[int], runs: Sequence[dict[str, Any]], digest: str
) -> Calibration:
    accuracies, hidden = [each["accuracy"] for each in runs], [each["hidden_accuracy"] for each in runs]
    images, hidden_images = runs[0]["images"], min(each["hidden_images"] for each in runs)
    if len(set(accuracies)) == 1 and len(set(hidden)) == 1:
        raise CannotDoError(f"All runs of {question} reached the same: does it use its `seed`?")
    bar = printed_bar(accuracies, images)
    used = versions(("keras", backend()))
    return Calibration(
        question=question,
        mode=mode,
        seeds=tuple(seeds),
        accuracies=tuple(accuracies),
        hidden=tuple(hidden),
        seconds=tuple(round(each["seconds"], 1) for each in runs),
        images=images,
        hidden_images=hidden_images,
        mean=float(np.mean(accuracies)),
        deviation=float(np.std(accuracies, ddof=1)),
        minimum=min(accuracies),
        bar=bar,
        graded=graded_bar(bar, hidden, images, hidden_images),
        device=runs[0]["device"],
        packages=", ".join(f"{name} {version}" for name, version in used.items()),
        date=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        recipe=digest,
    )
