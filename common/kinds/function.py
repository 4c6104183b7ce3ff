"""Function questions: call the function on every case, as often as the case asks."""

from __future__ import annotations

from typing import Any

from common.calling import call
from common.cases.case import Case, Ended, Outcome, Sheet
from common.cases.relation import calls, gather


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Call a function on every case of a sheet, each with fresh copies of its inputs."""
    outcomes: list[Outcome] = []
    for case in sheet.cases:
        outcomes.append(try_one(answer, case))
        if outcomes[-1].ended is Ended.TIMEOUT:  # one endless loop is enough to wait for
            outcomes += [outcomes[-1]] * (len(sheet.cases) - len(outcomes))
            break
    return outcomes


def try_one(answer: Any, case: Case) -> Outcome:
    """Make all calls of one case, up to the first that fails."""
    outcomes: list[Outcome] = []
    for inputs in calls(case):
        outcomes.append(call(answer, inputs))
        if not outcomes[-1].returned:
            break
    return gather(outcomes) if outcomes[-1].returned else outcomes[-1]
