"""An exception of a student's code as plain facts: its type, its text, the cell and the line it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MAX_TYPE, MAX_TEXT = 100, 2000

Failure = tuple[str, str, int | None, int | None]  # type, text, which cell, which line


def failure(error: BaseException, labels: Sequence[str]) -> Failure:
    """What to report of an exception; whatever a hostile one does while it is asked is kept inside."""
    text, cell, line = "", None, None
    try:
        text = error.msg if isinstance(error, SyntaxError) and error.msg else str(error)
    except BaseException as second:
        text = f"(its text could not be read: {type(second).__name__})"
    try:
        cell, line = _place(error, labels)
    except BaseException:
        cell, line = None, None
    return _clean(type(error).__name__, MAX_TYPE), _clean(text, MAX_TEXT), cell, line


def _place(error: BaseException, labels: Sequence[str]) -> tuple[int | None, int | None]:
    """The innermost line in a cell of the student's own."""
    if isinstance(error, SyntaxError) and error.filename in labels:
        return labels.index(error.filename), error.lineno
    place: tuple[int | None, int | None] = (None, None)
    trace: Any = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in labels:
            place = labels.index(filename), trace.tb_lineno
        trace = trace.tb_next
    return place


def _clean(text: str, limit: int) -> str:
    return str.__str__(text)[:limit].encode("utf-8", "backslashreplace").decode()
