"""Run a question again where its process was ended from outside: that says nothing about the student's answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from autograder.jail import JailUnavailable
from autograder.jail.channel import FROM_OUTSIDE
from common.cases import Outcome

TRIES = 3
PAUSE = 0.1  # seconds, for a server that is just going down or a machine that is short of memory

T = TypeVar("T")


def steadily(attempt: Callable[[], T], outcomes_of: Callable[[T], Iterable[Outcome]]) -> tuple[T, bool]:
    """What an attempt gives, and whether that is steady: False when it was ended from outside every time."""
    for left in reversed(range(TRIES)):
        try:
            made = attempt()
        except JailUnavailable:
            # The server went between two sessions; the next session starts it anew.
            if not left:
                raise
        else:
            steady = not any(ended_from_outside(outcome) for outcome in outcomes_of(made))
            if steady or not left:
                return made, steady
        time.sleep(PAUSE)
    raise AssertionError("unreachable")


def ended_from_outside(outcome: Outcome) -> bool:
    """Whether a process was killed, or went down with its server. A student's code that kills itself looks alike."""
    return outcome.ended is not None and outcome.reason.startswith(FROM_OUTSIDE)
