"""Value questions: a dict of answers, one case per entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.calling import portable
from common.cases.case import UNFIT, UNREADABLE, Outcome, Raised, Sheet
from common.wire import WireError

NOT_GIVEN = Raised("NotImplementedError")  # an entry that is not there yet counts as not begun


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Look at every entry of a dict. A function is called first, as variants and mistakes are written as functions."""
    try:
        answer = answer() if callable(answer) else answer
        read = Outcome(portable(answer))
    except WireError as problem:
        read = Outcome(raised=Raised(UNREADABLE, f"holds {problem}"))
    except Exception as problem:
        read = Outcome(raised=Raised(type(problem).__name__, str(problem)[:300]))
    return split(read, sheet)


def split(read: Outcome, sheet: Sheet) -> list[Outcome]:
    """One outcome per entry of a dict that came out of a student's process."""
    if not read.returned:
        return [read] * len(sheet.cases)
    if not isinstance(read.value, dict):
        wrong = Raised(UNREADABLE, f"made `{sheet.question}` something else than a dict of answers")
        return [Outcome(raised=wrong)] * len(sheet.cases)
    asked = [case.group for case in sheet.cases]
    missing = [key for key in asked if read.value.get(key) is None]
    unknown = [key for key in read.value if key not in asked]
    return [
        Outcome(read.value[key])
        if key not in missing
        else Outcome(raised=_misnamed(unknown[0], asked) if unknown and key == missing[0] else NOT_GIVEN)
        for key in asked
    ]


def _misnamed(key: Any, asked: Sequence[str]) -> Raised:
    """What is said where an entry is missing while another one stands there that nobody asked for."""
    return Raised(UNFIT, f"has an unknown entry {key!r:.40}. The entries are {', '.join(map(repr, asked))}")
