"""Grade one hand-in: match its cells to questions, run each question in a jail of its own, judge what came out."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import replace

from autograder.grading.file import grade_file
from autograder.grading.kept import WIDER, Kept, key, this_program
from autograder.grading.plan import Plan
from autograder.grading.request import Request, request_for
from autograder.grading.result import SubmissionResult, SubmissionStatus
from autograder.grading.steady import steadily
from autograder.handin.changes import with_changes
from autograder.handin.inbox import Submission
from autograder.handin.match import LabelledSource, Program, find_answer, find_text, program, why_missing
from autograder.handin.notebook import HandIn, UnreadableError, parse_notebook
from autograder.jail import KERAS, Jails, Limits
from autograder.rubric.question import Question
from autograder.rubric.trained import Trained
from autograder.rubric.written import Written
from common.cases import Outcome, QuestionResult, Sheet, Status
from common.cases.judge import judge

_IMPORTS_KERAS = re.compile(r"^\s*(?:import|from)\s+(?:keras|tensorflow)\b", re.MULTILINE)


def grade_submission(jails: Jails, plan: Plan, submission: Submission, kept: Kept | None = None) -> SubmissionResult:
    """Grade one hand-in where it lies. A hand-in that cannot be read is a result too."""
    try:
        if submission.path is None:
            raise UnreadableError(submission.problem)
        request = request_for(plan, submission.path)
    except UnreadableError as problem:
        return of(submission, unreadable(plan, str(problem), jails.sandboxed))
    return of(submission, grade_request(jails, plan, request, kept))


def of(submission: Submission, result: SubmissionResult) -> SubmissionResult:
    """A result with the name of whose hand-in it is, and what was refused before it was read."""
    repairs = (*submission.remarks, *result.repairs)
    return replace(result, student=submission.student, path=str(submission.path or ""), repairs=repairs)


def grade_request(jails: Jails, plan: Plan, request: Request, kept: Kept | None = None) -> SubmissionResult:
    """Grade one hand-in from its bytes: the same bytes, plan and program give the same points and words."""
    start = time.perf_counter()
    whole = _whole_key(jails, plan, request) if kept else ""
    if kept and (found := kept.find_whole(whole)):
        return _graded(jails, plan, *found, start)
    automatic = [each.name for each in plan.questions if not isinstance(each, Written | Trained)]
    try:
        handin = with_changes(parse_notebook(request.notebook, request.name), automatic, plan.stubs)
    except UnreadableError as problem:
        return unreadable(plan, str(problem), jails.sandboxed)
    graded = [
        grade_file(jails, plan, question, request, kept)
        if isinstance(question, Trained)
        else grade_question(jails, plan, handin, question, kept)
        for question in plan.questions
    ]
    result = _graded(jails, plan, tuple(question for question, _ in graded), handin.repairs, start)
    if kept and all(steady for _, steady in graded):
        kept.keep_whole(whole, result)
    return result


def _whole_key(jails: Jails, plan: Plan, request: Request) -> str:
    """Under what a hand-in as a whole is kept: all that was handed in and counts, and all questions."""
    files = [f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in sorted(request.files.items())]
    refused = [f"{name} {why}" for name, why in sorted(request.refused.items())]
    questions = (plan.whole, jails.engine)
    return key("whole", *questions, request.name, hashlib.sha256(request.notebook).digest(), files, refused)


def _graded(
    jails: Jails, plan: Plan, questions: tuple[QuestionResult, ...], repairs: tuple[str, ...], start: float
) -> SubmissionResult:
    return SubmissionResult(
        student="",
        assignment=plan.assignment.name,
        status=SubmissionStatus.GRADED,
        questions=questions,
        max_score=_max_score(plan),
        repairs=repairs,
        seconds=time.perf_counter() - start,
        sandboxed=jails.sandboxed,
    )


def unreadable(plan: Plan, reason: str, sandboxed: bool) -> SubmissionResult:
    """The result of a hand-in that nobody can read."""
    return SubmissionResult(
        student="",
        assignment=plan.assignment.name,
        status=SubmissionStatus.UNREADABLE,
        max_score=_max_score(plan),
        reason=reason,
        sandboxed=sandboxed,
    )


def _max_score(plan: Plan) -> float:
    return float(sum(question.points for question in plan.questions))


def grade_question(
    jails: Jails, plan: Plan, handin: HandIn, question: Question, kept: Kept | None = None
) -> tuple[QuestionResult, bool]:
    """Grade one question in a process of its own, unless the same code was graded on the same cases before.

    Says also whether the result is steady, that is, whether it would be the same again.
    """
    start = time.perf_counter()
    sheet = plan.sheets[question.name]
    stub = plan.stubs.get(question.name, "")
    if isinstance(question, Written):
        return _hand_to_a_person(handin, question, stub), True
    answer = find_answer(handin, question.name, stub)
    if answer is None:
        message = why_missing(handin, question.name)
        return QuestionResult(question.name, Status.MISSING, 0.0, sheet.max_score, message), True
    code = program(handin, answer, plan.given, question.name)
    narrow, wide = _keys(jails, plan, question, code)
    found = kept.find(narrow) if kept else None
    if kept and found == WIDER:
        found = kept.find(wide)
    if isinstance(found, QuestionResult):
        return replace(found, code=answer.source), True
    result, widened, steady = _judge(jails, question, sheet, code)
    result = replace(result, code=answer.source, seconds=time.perf_counter() - start)
    if kept and steady:
        kept.keep(wide if widened else narrow, result)
        if widened:
            kept.keep(narrow, WIDER)
    return result, steady


def _keys(jails: Jails, plan: Plan, question: Question, code: Program) -> tuple[str, str]:
    """Under what a result is kept: all that it depends on, with the cells leant on, and with the whole notebook."""
    base = (this_program(), plan.digests[question.name], jails.engine)
    narrow = key(*base, [part for cell in code.cells for part in cell])
    return narrow, key(narrow, [part for cell in code.everything for part in cell])


def _judge(jails: Jails, question: Question, sheet: Sheet, code: Program) -> tuple[QuestionResult, bool, bool]:
    """Run and judge; a second time with the whole notebook when a name was missing.

    Says whether that was needed, and whether the result is steady.
    """
    (outcomes, output), steady = _run_steadily(jails, question, sheet, code.cells)
    widened = any(_lacks_a_name(outcome) for outcome in outcomes) and code.everything != code.cells
    if widened:
        (outcomes, output), steady = _run_steadily(jails, question, sheet, code.everything)
    return replace(judge(sheet, outcomes), output=output), widened, steady


def _hand_to_a_person(handin: HandIn, question: Written, stub: str) -> QuestionResult:
    """A written answer waits for a person; nothing written earns nothing, as nbgrader has it."""
    text = find_text(handin, question.name, stub)
    if not text:
        return QuestionResult(question.name, Status.MISSING, 0.0, question.points, "nothing was written.")
    message = "a person will read this."
    return QuestionResult(question.name, Status.MANUAL, 0.0, question.points, message, code=text, guide=question.guide)


def _run_steadily(
    jails: Jails, question: Question, sheet: Sheet, cells: Sequence[LabelledSource]
) -> tuple[tuple[list[Outcome], str], bool]:
    return steadily(lambda: _run(jails, question, sheet, cells), lambda run: run[0])


def _run(
    jails: Jails, question: Question, sheet: Sheet, cells: Sequence[LabelledSource], at_once: bool = True
) -> tuple[list[Outcome], str]:
    limits = Limits(call_seconds=question.seconds, memory_mib=question.memory_mib)
    packages = _packages(question, cells)
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


def _packages(question: Question, cells: Sequence[LabelledSource]) -> tuple[str, ...]:
    """What the jailed process has imported already: what the question needs, and Keras where a cell imports it."""
    return KERAS if any(_IMPORTS_KERAS.search(source) for _, source in cells) else question.preload


def _lacks_a_name(outcome: Outcome) -> bool:
    return outcome.raised is not None and outcome.raised.type == "NameError"
