"""Recognise a known mistake: the student's outcomes equal those of a realistic wrong solution on the same inputs."""

from __future__ import annotations

from collections.abc import Sequence

from common.cases.case import Case, KnownMistake, Outcome, Sheet
from common.cases.compare import compare
from common.cases.precision import describe_dtype

MISFITS = {"ValueError", "IndexError"}


def recognise(sheet: Sheet, outcomes: Sequence[Outcome], wrong: Sequence[int]) -> KnownMistake | None:
    """The one mistake that explains the wrong cases, or None: two that differ in meaning are never guessed between.

    A mistake that agrees with the student on every case is preferred. Where none does, the student may have made two
    mistakes; then the first wrong case alone is explained, if just one mistake explains it.
    """
    if not wrong:
        return None
    everywhere = [each for each in sheet.mistakes if _explains(sheet.cases, each, outcomes, range(len(sheet.cases)))]
    if everywhere:
        return _only(everywhere)
    return recognise_one(sheet, outcomes, wrong[0])


def recognise_one(sheet: Sheet, outcomes: Sequence[Outcome], index: int) -> KnownMistake | None:
    """The one mistake that explains a wrong case by itself."""
    case, outcome = sheet.cases[index], outcomes[index]
    return _only(
        [each for each in sheet.mistakes if outcome.returned and same_outcome(case, each.outcomes[index], outcome)]
    )


def is_throughout(sheet: Sheet, outcomes: Sequence[Outcome], name: str) -> bool:
    """Whether the known mistake of this name does the same with every case."""
    everywhere = range(len(sheet.cases))
    return any(each.name == name and _explains(sheet.cases, each, outcomes, everywhere) for each in sheet.mistakes)


def same_outcome(case: Case, mistake: Outcome, student: Outcome) -> bool:
    """Whether a mistake and a student did the same with a case."""
    if mistake.returned and student.returned:
        same = compare(mistake.value, student.value, case.terms, rtol=case.rtol).difference is None
        same_type = not case.same_dtype or not describe_dtype(mistake.value, student.value)
        return same and same_type and set(mistake.modified) <= set(student.modified)
    if mistake.raised and student.raised:
        return _alike(mistake.raised.type, student.raised.type)
    return mistake.ended is not None and mistake.ended == student.ended


def _alike(one: str, other: str) -> bool:
    """Whether two exceptions say the same: what does not fit is a ValueError of a product, an IndexError of a loop."""
    return one == other or {one, other} == MISFITS


def _explains(cases: Sequence[Case], mistake: KnownMistake, outcomes: Sequence[Outcome], which: Sequence[int]) -> bool:
    """Whether the mistake did the same on all these cases, and some of them with a value: raising alone says little."""
    agree = all(same_outcome(cases[i], mistake.outcomes[i], outcomes[i]) for i in which)
    return agree and any(outcomes[i].returned for i in which)


def _only(found: list[KnownMistake]) -> KnownMistake | None:
    """The single meaning among those found."""
    return found[0] if len({each.say for each in found}) == 1 else None
