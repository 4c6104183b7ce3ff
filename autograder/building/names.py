"""What a cell is called for nbgrader."""

from __future__ import annotations

CHECK_PREFIX = "check_"


def check_id(question: str) -> str:
    """The grade id of the cell that checks a question and carries its points."""
    return CHECK_PREFIX + question
