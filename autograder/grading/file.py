"""Grade a file that was handed in beside the notebook: it is data, and it is never run."""

from __future__ import annotations

import dataclasses
import hashlib
import time

from autograder.grading.kept import Kept, key, this_program
from autograder.grading.plan import Plan
from autograder.grading.request import Request
from autograder.grading.steady import steadily
from autograder.jail import Jails, Limits
from autograder.rubric.trained import Trained
from common.cases import Outcome, QuestionResult, Status
from common.cases.judge import judge


def grade_file(
    jails: Jails, plan: Plan, question: Trained, request: Request, kept: Kept | None = None
) -> tuple[QuestionResult, bool]:
    """Score a trained model, and say whether the result is steady. The notebook's code plays no part in it."""
    start = time.perf_counter()
    sheet = plan.sheets[question.name]
    if question.file in request.refused:
        message = f"the file `{question.file}` {request.refused[question.file]}."
        return QuestionResult(question.name, Status.REFUSED, 0.0, sheet.max_score, message), True
    if question.file not in request.files:
        message = f"there is no file `{question.file}` beside the notebook: hand in what `hand_in` wrote."
        return QuestionResult(question.name, Status.MISSING, 0.0, sheet.max_score, message), True
    content = request.files[question.file]
    place = key("file", this_program(), plan.digests[question.name], jails.engine, hashlib.sha256(content).digest())
    found = kept.find(place) if kept else None
    if isinstance(found, QuestionResult):
        return found, True
    limits = Limits(call_seconds=question.seconds, memory_mib=question.memory_mib)

    def examine() -> list[Outcome]:
        jail = jails.with_packages(question.preload)
        return question.examine_file(content, sheet, lambda: jail.session(limits))

    outcomes, steady = steadily(examine, lambda outcomes: outcomes)
    result = dataclasses.replace(judge(sheet, outcomes), seconds=time.perf_counter() - start)
    if kept and steady:
        kept.keep(place, result)
    return result, steady
