"""What the kinds of question that need Keras share: sound groups, sessions that know the Keras room."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.rubric.question import Group
from common.cases import Outcome, Sheet, Value

if TYPE_CHECKING:
    from autograder.jail import Session


def insist_on_points(name: str, points: float, groups: Sequence[Group]) -> None:
    """Groups must be worth what the question is worth, each under its own name."""
    if (earned := sum(group.points for group in groups)) != points:
        raise ValueError(f"{name}: the groups are worth {earned:g} points, the question {points:g}")
    if len({group.name for group in groups}) < len(groups):
        raise ValueError(f"{name}: two groups have the same name")


def ask(session: Session, function: str, arguments: Sequence[Value]) -> Outcome:
    """Call a function of autograder.jail.keras_room in a session, under a name that no student takes."""
    known = f"__grader_{function}__"
    session.load([("<grader>", f"from autograder.jail.keras_room import {function} as {known}")])
    return session.call(known, arguments)


def expecting(sheet: Sheet, outcomes: Sequence[Outcome]) -> Sheet:
    """The sheet with these outcomes as the right ones. A reference that fails would make every wrong answer right."""
    for case, outcome in zip(sheet.cases, outcomes, strict=True):
        if not outcome.returned:
            problem = outcome.raised or outcome.reason
            raise ValueError(f"{sheet.question}, case {case.probes!r}: the reference gave {problem}")
    pairs = zip(sheet.cases, outcomes, strict=True)
    return dataclasses.replace(sheet, cases=tuple(dataclasses.replace(case, expected=each) for case, each in pairs))
