"""A question of a hand-in: its answer found, and its result where that is known without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.grading.kept import WIDER, Kept, key, this_program
from autograder.grading.plan import Plan
from autograder.handin.match import Program, find_answer, find_text, program, why_missing
from autograder.handin.notebook import HandIn
from autograder.jail import Jails
from autograder.rubric.question import Question
from autograder.rubric.written import Written
from common.cases import QuestionResult, Sheet, Status


@dataclass(frozen=True)
class Answer:
    """An answer that has to be run, and under what its result is kept."""

    question: Question
    sheet: Sheet
    code: Program
    narrow: str  # the key of all that the result depends on, with the cells that the answer leans on
    wide: str  # the same with the whole notebook, for an answer that leans on names that cannot be seen in its text

    @property
    def source(self) -> str:
        """The student's own cell, as it was handed in."""
        return self.code.answer.source


def look_up(jails: Jails, plan: Plan, handin: HandIn, question: Question) -> QuestionResult | Answer:
    """The answer to a question, or its result where there is nothing to run."""
    sheet = plan.sheets[question.name]
    stub = plan.stubs.get(question.name, "")
    if isinstance(question, Written):
        return _hand_to_a_person(handin, question, stub)
    found = find_answer(handin, question.name, stub)
    if found is None:
        message = why_missing(handin, question.name)
        return QuestionResult(question.name, Status.MISSING, 0.0, sheet.max_score, message)
    code = program(handin, found, plan.given, question.name)
    return Answer(question, sheet, code, *_keys(jails, plan, question, code))


def found_before(kept: Kept, answers: Sequence[Answer]) -> dict[str, QuestionResult]:
    """By question, the results of those answers whose code was graded on the same cases before."""
    narrow = kept.find_each([each.narrow for each in answers])
    wide = kept.find_each([each.wide for each in answers if narrow.get(each.narrow) == WIDER])
    found = [(each, wide.get(each.wide, narrow.get(each.narrow))) for each in answers]
    return {
        each.question.name: replace(result, code=each.source)
        for each, result in found
        if isinstance(result, QuestionResult)
    }


def _keys(jails: Jails, plan: Plan, question: Question, code: Program) -> tuple[str, str]:
    base = (this_program(), plan.digests[question.name], jails.engine)
    narrow = key(*base, [part for cell in code.cells for part in cell])
    return narrow, key(narrow, [part for cell in code.everything for part in cell])


def _hand_to_a_person(handin: HandIn, question: Written, stub: str) -> QuestionResult:
    """A written answer waits for a person; nothing written earns nothing, as nbgrader has it."""
    text = find_text(handin, question.name, stub)
    if not text:
        return QuestionResult(question.name, Status.MISSING, 0.0, question.points, "nothing was written.")
    message = "a person will read this."
    return QuestionResult(question.name, Status.MANUAL, 0.0, question.points, message, code=text, guide=question.guide)
