"""What was tried of one question: its cases, in groups. Much of a class reads the same, so it is not rendered anew."""

from __future__ import annotations

import functools
from typing import NamedTuple

from markupsafe import Markup

from autograder.feedback.page import fragment
from common.cases.verdict import QuestionResult, Status, Verdict

MOST_CASES = 60
MOST_KEPT = 200  # lists of cases, enough for a dozen questions
LONGEST_KEPT = 8_000  # characters of reasons; longer lists are rendered anew, or a hostile class would fill the memory


class Case(NamedTuple):
    """One case as a student may see it: without any detail, input or expected value."""

    probes: str
    passed: bool
    why: str


class Group(NamedTuple):
    """Cases that earn their points together. The name is empty where a question has only one group."""

    name: str
    passed: bool
    cases: tuple[Case, ...]


class Tried(NamedTuple):
    """All that is shown, and nothing else: what is equal looks the same."""

    heading: str
    reason: str  # one reason for all cases, instead of the same words on every row
    groups: tuple[Group, ...]
    cut: int


def tried(result: QuestionResult) -> Markup:
    """The cases of a question as HTML, below their shared reason; nothing where there is neither."""
    reason = _shared_reason(result)
    if result.status is Status.MISSING:
        heading = "It will be tried on"
    else:
        heading = "It was tried on" if reason else "What was tried"
    cut = max(len(result.verdicts) - MOST_CASES, 0)
    shown = Tried(heading, reason, _groups(result.verdicts[:MOST_CASES]), cut)
    length = len(reason) + sum(len(case.why) for group in shown.groups for case in group.cases)
    return _kept(shown) if length <= LONGEST_KEPT else _html(shown)


def _html(shown: Tried) -> Markup:
    return fragment("tried.html.j2", tried=shown)


_kept = functools.lru_cache(MOST_KEPT)(_html)


def _groups(verdicts: tuple[Verdict, ...]) -> tuple[Group, ...]:
    cases: dict[str, list[Case]] = {}
    for each in verdicts:
        cases.setdefault(each.group, []).append(Case(each.probes, each.passed, each.why))
    named = len(cases) > 1
    return tuple(
        Group(name if named else "", all(case.passed for case in found), tuple(found)) for name, found in cases.items()
    )


def _shared_reason(result: QuestionResult) -> str:
    """The reason that all cases share when not one passed, or the message where there are no cases."""
    if not result.verdicts:
        return result.message
    reasons = {verdict.why for verdict in result.verdicts}
    alike = len(result.verdicts) > 1 and len(reasons) == 1 and not any(verdict.passed for verdict in result.verdicts)
    return reasons.pop() if alike else ""
