"""Judge a sheet: outcomes in, one verdict per case and one result per question out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from common.cases.case import UNFIT, UNREADABLE, Case, Ended, Outcome, Raised, Sheet, Value
from common.cases.describe import describe
from common.cases.precision import describe_dtype
from common.cases.recognise import recognise, recognise_one
from common.cases.relation import judge_value
from common.cases.verdict import QuestionResult, Status, Verdict
from common.kinds import explain, shown

NOT_BEGUN = "NotImplementedError"  # what the untouched stub raises, in a line of its own


TOO_SMALL = " A kernel or window is larger than the maps it gets. Should a layer before it have padded?"
# What a library's message leaves out, by a part of it.
HINTS = {
    # Older NumPy took an array of one value for a number; right code from old lessons fails on this alone.
    "arrays can be converted to Python scalars": (
        " An array with one value in it is no longer taken for a number: take the value out with `.item()`."
    ),
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
    verdicts = tuple(judge_case(case, outcome, sheet.kind) for case, outcome in zip(sheet.cases, outcomes, strict=True))
    lost = {verdict.group for verdict in verdicts if not verdict.passed}
    score = float(sum(points for group, points in sheet.points.items() if group not in lost))
    wrong = [index for index, verdict in enumerate(verdicts) if not verdict.passed]
    mistake = recognise(sheet, outcomes, wrong)
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


def judge_case(case: Case, outcome: Outcome, kind: str = "function") -> Verdict:
    """Judge one case of a question of this kind."""
    status, why, detail, error, allowed = Status.PASSED, "", "", None, None
    if outcome.ended:
        status, why = Status(outcome.ended.value), f"your code {outcome.reason or ENDINGS[outcome.ended]}."
    elif case.expected.raised or outcome.raised:
        status, why = _judge_raised(case.expected.raised, outcome)
    else:
        agreement = judge_value(case, outcome.value)
        error, allowed = agreement.error, agreement.tolerance
        if difference := agreement.difference:
            status, detail = Status.FAILED, difference.detail
            why = f"{difference.why} {describe(difference, case.inputs, case.terms)}".strip()
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
        inputs=describe_inputs(shown(kind, case)),
        error=error,
        tolerance=allowed,
    )


def _judge_raised(expected: Raised | None, outcome: Outcome) -> tuple[Status, str]:
    if expected and outcome.raised:
        if outcome.raised.type == expected.type:
            return Status.PASSED, ""
        return Status.FAILED, f"a {expected.type} should be raised here; your code raised {outcome.raised}."
    if expected:
        return Status.FAILED, f"a {expected.type} should be raised here; your code returned a value."
    assert outcome.raised
    if _is_stub(outcome.raised):
        return Status.MISSING, "not written yet."
    if outcome.raised.type == UNFIT:
        return Status.FAILED, f"your code {outcome.raised.text}{outcome.raised.where}."
    if outcome.raised.type == UNREADABLE:
        return Status.FAILED, f"wrong type: your code {outcome.raised.text}."
    hint = next((hint for text, hint in HINTS.items() if text in outcome.raised.text), "")
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
