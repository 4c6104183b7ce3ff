"""Three speeds of one notebook, chosen by the environment variable COURSE_MODE."""

from __future__ import annotations

import os
from typing import TypeVar

MODES = ("smoke", "student", "full")

T = TypeVar("T")


def mode() -> str:
    """ "smoke" (seconds: does all run?), "student" (minutes on a laptop, the default) or "full" (a GPU)."""
    named = os.environ.get("COURSE_MODE") or "student"
    if named not in MODES:
        raise ValueError(f"COURSE_MODE is {named!r}; it can be {', '.join(MODES)}")
    return named


def choose(smoke: T, student: T, full: T | None = None) -> T:
    """The value for the mode this runs in: `choose(smoke=1, student=5, full=40)`. Without `full`, `student`'s."""
    if mode() == "smoke":
        return smoke
    return full if full is not None and mode() == "full" else student
