"""Pages for people: feedback for each hand-in, one page on a class. Imported on demand: `plain` needs no jinja2."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.feedback.classroom import class_page
    from autograder.feedback.files import write_class_page, write_feedback
    from autograder.feedback.student import feedback_page

__all__ = ["class_page", "feedback_page", "write_class_page", "write_feedback"]
_HOMES = {
    "class_page": "classroom",
    "feedback_page": "student",
    "write_class_page": "files",
    "write_feedback": "files",
}


def __getattr__(name: str) -> Any:
    """One of the functions that make a page."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
