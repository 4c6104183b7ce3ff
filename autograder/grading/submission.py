"""Grade one hand-in: match its cells to questions, run each question in a jail of its own, judge what came out."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.grading.file import grade_file
from autograder.grading.kept import WIDER, Kept, key, this_program
from autograder.grading.plan import Plan
from autograder.grading.result import SubmissionResult, SubmissionStatus
from autograder.handin.changes import with_changes
from autograder.handin.inbox import Submission
from autograder.handin.match import LabelledSource, Program, find_answer, find_text, program, why_missing
from autograder.handin.notebook import HandIn, UnreadableError, read_notebook
from autograder.jail import Jails, Limits
from autograder.rubric.question import Question
from autograder.rubric.trained import Trained
from autograder.rubric.written import Written
from common.cases import Outcome, QuestionResult, Sheet, Status
from common.cases.judge import judge


def grade_submission(jails: Jails, plan: Plan, submission: Submission, kept: Kept | None = None) -> SubmissionResult:
    """Grade one hand-in. A hand-in that cannot be read is a result too."""
    start = time.perf_counter()
    try:
        if submission.path is None:
            raise UnreadableError(submission.problem)
        whole = _whole_key(jails, plan, submission.path) if kept else ""
        if kept and (found := kept.find_whole(whole)):
            return _graded(jails, plan, submission, *found, start)
        automatic = [each.name for each in plan.questions if not isinstance(each, Written | Trained)]
        handin = with_changes(read_notebook(submission.path), automatic, plan.stubs)
    except UnreadableError as problem:
        return unreadable(plan, submission, str(problem), jails.sandboxed)
    questions = tuple(
        grade_file(jails, plan, question, submission.path.parent)
        if isinstance(question, Trained)
        else grade_question(jails, plan, handin, question, kept)
        for question in plan.questions
    )
    result = _graded(jails, plan, submission, questions, handin.repairs, start)
    if kept:
        kept.keep_whole(whole, dataclasses.replace(result, repairs=handin.repairs))
    return result


def _whole_key(jails: Jails, plan: Plan, path: Path) -> str:
    """Under what a hand-in as a whole is kept: its folder's files and all questions."""
    files = sorted(each for each in path.parent.iterdir() if each.is_file() and not each.is_symlink())
    contents = [f"{each.name} {_digest(each)}" for each in files if each == path or each.suffix != ".ipynb"]
    return key("whole", this_program(), jails.engine, list(plan.digests.values()), list(plan.stubs.values()), contents)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _graded(
    jails: Jails,
    plan: Plan,
    submission: Submission,
    questions: tuple[QuestionResult, ...],
    repairs: tuple[str, ...],
    start: float,
) -> SubmissionResult:
    return SubmissionResult(
        student=submission.student,
        assignment=submission.assignment,
        status=SubmissionStatus.GRADED,
        questions=questions,
        max_score=_max_score(plan),
        repairs=(*submission.remarks, *repairs),
        seconds=time.perf_counter() - start,
        sandboxed=jails.sandboxed,
        path=str(submission.path),
    )


def unreadable(plan: Plan, submission: Submission, reason: str, sandboxed: bool) -> SubmissionResult:
    """The result of a hand-in that nobody can read."""
    return SubmissionResult(
        student=submission.student,
        assignment=submission.assignment,
        status=SubmissionStatus.UNREADABLE,
        max_score=_max_score(plan),
        reason=reason,
        repairs=submission.remarks,
        sandboxed=sandboxed,
        path=str(submission.path or ""),
    )


def _max_score(plan: Plan) -> float:
    return float(sum(question.points for question in plan.questions))


def grade_question(
    jails: Jails, plan: Plan, handin: HandIn, question: Question, kept: Kept | None = None
) -> QuestionResult:
    """Grade one question in a process of its own, unless the same code was graded on the same cases before."""
    start = time.perf_counter()
    sheet = plan.sheets[question.name]
    stub = plan.stubs.get(question.name, "")
    if isinstance(question, Written):
        return _hand_to_a_person(handin, question, stub)
    answer = find_answer(handin, question.name, stub)
    if answer is None:
        message = why_missing(handin, question.name)
        return QuestionResult(question.name, Status.MISSING, 0.0, sheet.max_score, message)
    code = program(handin, answer, plan.given, question.name)
    narrow, wide = _keys(jails, plan, question, code)
    found = kept.find(narrow) if kept else None
    if kept and found == WIDER:
        found = kept.find(wide)
    if isinstance(found, QuestionResult):
        return dataclasses.replace(found, code=answer.source)
    result, widened = _judge(jails, question, sheet, code)
    result = dataclasses.replace(result, code=answer.source, seconds=time.perf_counter() - start)
    if kept:
        kept.keep(wide if widened else narrow, result)
        if widened:
            kept.keep(narrow, WIDER)
    return result


def _keys(jails: Jails, plan: Plan, question: Question, code: Program) -> tuple[str, str]:
    """Under what a result is kept: all that it depends on, with the cells leant on, and with the whole notebook."""
    base = (this_program(), plan.digests[question.name], jails.engine)
    narrow = key(*base, [part for cell in code.cells for part in cell])
    return narrow, key(narrow, [part for cell in code.everything for part in cell])


def _judge(jails: Jails, question: Question, sheet: Sheet, code: Program) -> tuple[QuestionResult, bool]:
    """Run and judge; a second time with the whole notebook when a name was missing. Says whether that was needed."""
    outcomes, output = _run(jails, question, sheet, code.cells)
    widened = any(_lacks_a_name(outcome) for outcome in outcomes) and code.everything != code.cells
    if widened:
        outcomes, output = _run(jails, question, sheet, code.everything)
    return dataclasses.replace(judge(sheet, outcomes), output=output), widened


def _hand_to_a_person(handin: HandIn, question: Written, stub: str) -> QuestionResult:
    """A written answer waits for a person; nothing written earns nothing, as nbgrader has it."""
    text = find_text(handin, question.name, stub)
    if not text:
        return QuestionResult(question.name, Status.MISSING, 0.0, question.points, "nothing was written.")
    message = "a person will read this."
    return QuestionResult(question.name, Status.MANUAL, 0.0, question.points, message, code=text, guide=question.guide)


def _run(jails: Jails, question: Question, sheet: Sheet, cells: Sequence[LabelledSource]) -> tuple[list[Outcome], str]:
    limits = Limits(call_seconds=question.seconds, memory_mib=question.memory_mib)
    jail = jails.with_packages(question.preload)
    with jail.session(limits) as session:
        reports = session.load(cells)
        outcomes = question.examine(session, sheet, lambda: jail.session(limits))
        if raised := next((report.raised for report in reversed(reports) if report.raised), None):
            # The name is missing because its cell failed: that failure is what the student must read.
            outcomes = [Outcome(raised=raised) if _lacks_a_name(outcome) else outcome for outcome in outcomes]
        return outcomes, session.output


def _lacks_a_name(outcome: Outcome) -> bool:
    return outcome.raised is not None and outcome.raised.type == "NameError"
