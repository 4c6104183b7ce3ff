"""Judge a sheet: outcomes in, one verdict per case and one result per question out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from common.cases.case import UNFIT, UNREADABLE, Case, Ended, KnownMistake, Outcome, Raised, Sheet, Value
from common.cases.describe import describe
from common.cases.precision import describe_dtype
from common.cases.recognise import recognise, recognise_one, same_outcome
from common.cases.relation import judge_value
from common.cases.verdict import QuestionResult, Status, Verdict
from common.kinds import explain, shown

NOT_BEGUN = "NotImplementedError"  # what the untouched stub raises, in a line of its own
TWO_FUNCTIONS = ("pair",)  # kinds whose answer is more than the function of the question's name


TOO_SMALL = " A kernel or window is larger than the maps it gets. Should a layer before it have padded?"
# What a library's message leaves out, by a part of it.
HINTS = {
    # Older NumPy took an array of one value for a number; right code from old lessons fails on this alone.
    "arrays can be converted to Python scalars": (
        " An array with one value in it is no longer taken for a number: take the value out with `.item()`."
    ),
}
LAYERED = ("model", "layer", "training", "trained")  # kinds in which one layer feeds another
HINTS_ABOUT_LAYERS = {
    "Computed output size would be zero or negative": TOO_SMALL,
    "one must be at least as large as the other in every dimension": TOO_SMALL,
}
ENDINGS = {
    Ended.TIMEOUT: "was stopped: is there a loop that never ends?",
    Ended.OUT_OF_MEMORY: "asked for more memory than a question may use",
    Ended.CRASHED: "ended the Python process",
    Ended.REFUSED: "sent back what is no answer",
}


def judge(sheet: Sheet, outcomes: Sequence[Outcome]) -> QuestionResult:
    """Score one question. A group earns its points when all of its cases pass; no group waits for another."""
    outcomes = [_told_of(sheet, outcome) for outcome in outcomes]
    verdicts = tuple(judge_case(case, outcome, sheet.kind) for case, outcome in zip(sheet.cases, outcomes, strict=True))
    lost = {verdict.group for verdict in verdicts if not verdict.passed}
    score = float(sum(points for group, points in sheet.points.items() if group not in lost))
    wrong = [index for index, verdict in enumerate(verdicts) if not verdict.passed]
    mistake = recognise(sheet, outcomes, wrong)
    if mistake:
        verdicts = _without_guesses(sheet, outcomes, verdicts, mistake)
    if sheet.kind == "value":
        verdicts = _with_a_sentence_each(sheet, outcomes, verdicts, wrong)
    first = verdicts[wrong[0]] if wrong else None
    return QuestionResult(
        question=sheet.question,
        status=_overall(verdicts, score),
        score=score,
        max_score=sheet.max_score,
        message=f"{first.probes}: {first.why}" if first else "",
        advice=mistake.say if mistake else "",
        mistake=mistake.name if mistake else "",
        verdicts=verdicts,
    )


def _told_of(sheet: Sheet, outcome: Outcome) -> Outcome:
    """The same; an exception keeps the function it came from only where that is another one of the student's."""
    if not outcome.raised or not outcome.raised.inside:
        return outcome
    own = sheet.kind in TWO_FUNCTIONS or outcome.raised.inside == sheet.question
    return replace(outcome, raised=replace(outcome.raised, inside="")) if own else outcome


def _without_guesses(
    sheet: Sheet, outcomes: Sequence[Outcome], verdicts: Sequence[Verdict], mistake: KnownMistake
) -> tuple[Verdict, ...]:
    """Where a known mistake explains a wrong case, what its values happen to resemble is not told beside it."""
    told = list(verdicts)
    for index, (case, outcome) in enumerate(zip(sheet.cases, outcomes, strict=True)):
        if not verdicts[index].passed and same_outcome(case, mistake.outcomes[index], outcome):
            told[index] = judge_case(case, outcome, sheet.kind, guess=False)
    return tuple(told)


def _with_a_sentence_each(
    sheet: Sheet, outcomes: Sequence[Outcome], verdicts: Sequence[Verdict], wrong: Sequence[int]
) -> tuple[Verdict, ...]:
    """Entries of a table have nothing to do with each other: each wrong one is told its own known mistake.

    The first one's sentence stands below the table, as for any question.
    """
    told = list(verdicts)
    for index in wrong:
        if mistake := recognise_one(sheet, outcomes, index):
            why = "wrong value." if index == wrong[0] else f"wrong value. {mistake.say}"
            told[index] = replace(verdicts[index], why=why)
    return tuple(told)


def judge_case(case: Case, outcome: Outcome, kind: str = "function", guess: bool = True) -> Verdict:
    """Judge one case of a question of this kind; with `guess`, say what a wrong value resembles."""
    status, why, detail, error, allowed = Status.PASSED, "", "", None, None
    if outcome.ended:
        reason = outcome.reason or ENDINGS[outcome.ended]
        status, why = Status(outcome.ended.value), f"your code {reason}{'' if reason.endswith('?') else '.'}"
    elif case.expected.raised or outcome.raised:
        status, why = _judge_raised(case.expected.raised, outcome, kind)
    else:
        agreement = judge_value(case, outcome.value)
        error, allowed = agreement.error, agreement.tolerance
        if difference := agreement.difference:
            status, detail = Status.FAILED, difference.detail
            likeness = describe(difference, case.inputs, case.terms) if guess else ""
            why = f"{difference.why} {likeness}".strip()
            if sentence := explain(kind, case, outcome):
                why, detail = sentence, ""
        elif changed := [name for name in outcome.modified if name not in case.expected.modified]:
            status = Status.FAILED
            why = f"the result is right, but `{changed[0]}` was changed in place: work on a copy."
        elif case.same_dtype and (other := describe_dtype(case.expected.value, outcome.value)):
            status, why = Status.FAILED, other
    return Verdict(
        probes=case.probes,
        group=case.group,
        passed=status is Status.PASSED,
        status=status,
        why=why,
        detail=detail,
        inputs="" if status is Status.PASSED else describe_inputs(shown(kind, case)),
        error=error,
        tolerance=allowed,
    )


def _judge_raised(expected: Raised | None, outcome: Outcome, kind: str) -> tuple[Status, str]:
    if expected and outcome.raised:
        if outcome.raised.type == expected.type:
            return Status.PASSED, ""
        return Status.FAILED, f"a {expected.type} should be raised here; your code raised {outcome.raised}."
    if expected:
        return Status.FAILED, f"a {expected.type} should be raised here; your code returned a value."
    assert outcome.raised
    if _is_stub(outcome.raised):
        if outcome.raised.inside:
            return Status.ERROR, f"`{outcome.raised.inside}`, which your code calls, is not written yet."
        return Status.MISSING, "not written yet."
    if outcome.raised.type == UNFIT:
        return Status.FAILED, f"your code {outcome.raised.text}{outcome.raised.where}."
    if outcome.raised.type == UNREADABLE:
        return Status.FAILED, f"wrong type: your code {outcome.raised.text}."
    hints = HINTS | (HINTS_ABOUT_LAYERS if kind in LAYERED else {})
    hint = next((hint for text, hint in hints.items() if text in outcome.raised.text), "")
    return Status.ERROR, f"your code raised {outcome.raised}.{hint}"


def _is_stub(raised: Raised) -> bool:
    """Whether the stub's own line raised it: a library means something else by this exception, and says what."""
    if raised.type != NOT_BEGUN:
        return False
    return raised.source.strip().startswith(f"raise {NOT_BEGUN}") if raised.source else not raised.text


def describe_inputs(inputs: Mapping[str, Value]) -> str:
    """Inputs in one line, arrays by their shape: "x (1, 7, 5, 1), stride 2"."""
    return ", ".join(f"{name} {_in_short(value):.60}" for name, value in inputs.items())


def _in_short(value: Value) -> str:
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, list | tuple) and any(isinstance(each, np.ndarray) for each in value):
        return f"[{', '.join(map(_in_short, value))}]"
    return f"{value!s:.40}"


def _overall(verdicts: Sequence[Verdict], score: float) -> Status:
    """Passed, partial where something was earned, else the first reason why nothing was."""
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if not failed:
        return Status.PASSED
    if score > 0:
        return Status.PARTIAL
    return failed[0].status
