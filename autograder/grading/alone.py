"""Run one answer in a process of its own and judge what came out."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from autograder.grading.answer import Answer
from autograder.grading.kept import WIDER, Kept
from autograder.grading.steady import steadily
from autograder.handin.match import LabelledSource
from autograder.jail import KERAS, Jails, Limits
from autograder.rubric.question import Question
from common.cases import Outcome, QuestionResult, Sheet
from common.cases.judge import judge

_IMPORTS_KERAS = re.compile(r"^\s*(?:import|from)\s+(?:keras|tensorflow)\b", re.MULTILINE)


def grade_alone(jails: Jails, answer: Answer, kept: Kept | None = None) -> tuple[QuestionResult, bool]:
    """Grade an answer; a second time with the whole notebook when a name was missing.

    Says also whether the result is steady, that is, whether it would be the same again.
    """
    start = time.perf_counter()
    question, sheet, code = answer.question, answer.sheet, answer.code
    (outcomes, output), steady = _run_steadily(jails, question, sheet, code.cells)
    widened = any(_lacks_a_name(outcome) for outcome in outcomes) and code.everything != code.cells
    if widened:
        (outcomes, output), steady = _run_steadily(jails, question, sheet, code.everything)
    judged, seconds = judge(sheet, outcomes), time.perf_counter() - start
    result = replace(judged, output=output, code=answer.source, seconds=seconds)
    if kept and steady:
        kept.keep(answer.wide if widened else answer.narrow, result)
        if widened:
            kept.keep(answer.narrow, WIDER)
    return result, steady


def _run_steadily(
    jails: Jails, question: Question, sheet: Sheet, cells: Sequence[LabelledSource]
) -> tuple[tuple[list[Outcome], str], bool]:
    return steadily(lambda: _run(jails, question, sheet, cells), lambda run: run[0])


def _run(
    jails: Jails, question: Question, sheet: Sheet, cells: Sequence[LabelledSource], at_once: bool = True
) -> tuple[list[Outcome], str]:
    limits = Limits(call_seconds=question.seconds, memory_mib=question.memory_mib)
    packages = packages_for(question, cells)
    jail = jails.with_packages(packages)
    with jail.session(limits, at_once and packages != KERAS) as session:
        reports = session.load(cells)
        outcomes = question.examine(session, sheet, lambda: jail.session(limits))
        if raised := next((report.raised for report in reversed(reports) if report.raised), None):
            # The name is missing because its cell failed: that failure is what the student must read.
            outcomes = [Outcome(raised=raised) if _lacks_a_name(outcome) else outcome for outcome in outcomes]
        if not session.hurried:
            return outcomes, session.output
    return _run(jails, question, sheet, cells, at_once=False)  # so that the cell or case that ended it is found


def packages_for(question: Question, cells: Sequence[LabelledSource]) -> tuple[str, ...]:
    """What the jailed process has imported already: what the question needs, and Keras where a cell imports it."""
    return KERAS if any(_IMPORTS_KERAS.search(source) for _, source in cells) else question.preload


def _lacks_a_name(outcome: Outcome) -> bool:
    return outcome.raised is not None and outcome.raised.type == "NameError"
