"""One run of a recipe, in a process of its own: `python -m autograder.calibration.trial ASSIGNMENT QUESTION SEED OUT`.

OUT.npz is the hand-in file of the model, OUT.json what it reached.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np


def run_trial(name: str, question_name: str, seed: int, out: Path) -> None:
    """Train with one seed; score on the public images and on hidden ones of this seed."""
    from autograder.course import PUBLIC, find_course
    from autograder.rubric.draw import Dice
    from autograder.rubric.trained import Trained
    from common.models.trained import as_file
    from common.pixels import as_input
    from common.training.backend import device

    assignment = find_course().load(name)
    question = assignment.rubric[question_name]
    assert isinstance(question, Trained)
    start = time.perf_counter()
    model = assignment.reference.recipe(question_name)(seed=seed)
    seconds = time.perf_counter() - start
    content = as_file(model)
    draws = {"": Dice(PUBLIC, name, question_name, public=True)}
    draws["hidden_"] = Dice(f"calibration {seed}".encode(), name, question_name, public=False)
    found: dict[str, Any] = {"seconds": seconds, "device": device()}
    for prefix, dice in draws.items():
        images, labels = question.data(dice)
        found |= {f"{prefix}accuracy": _accuracy(content, as_input(images), labels), f"{prefix}images": len(labels)}
    out.with_suffix(".npz").write_bytes(content)
    draft = out.with_suffix(".new")
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.replace(out.with_suffix(".json"))  # last: a run counts when this file is there


def _accuracy(content: bytes, images: np.ndarray, labels: np.ndarray) -> float:
    """As the grader measures it: from the hand-in file."""
    from common.models.score import accuracy_of
    from common.models.trained import predict
    from common.models.trained_file import read_trained

    trained = read_trained(content)
    scores = predict(np.frombuffer(trained.architecture, np.uint8), trained.weights, images, 2**40)
    return accuracy_of(scores, labels)


if __name__ == "__main__":
    run_trial(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
