"""Which function of a cell a line belongs to, read from the lines alone: the cell may be anything."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What stands on the left margin and begins a function, or ends the one before.
MARGIN = re.compile(r"(?:async )?(?:def|class)\s+(?P<name>\w{1,100})|[^\s#)\]}]")


def function_around(lines: Sequence[str], line: int) -> str:
    """The outermost function or class in whose body a line stands, counted from 1; "" where it stands in none."""
    if not 0 < line <= len(lines) or MARGIN.match(lines[line - 1]):
        return ""
    for text in reversed(lines[: line - 1]):
        if begins := MARGIN.match(text):
            return begins["name"] or ""
    return ""
