"""Gradescope's results.json, as its autograder specification has it: a test per question, all of it plain text.

Gradescope shows HTML and Markdown where a format says so; here every format is "text", which it escapes. Output that
explains a score is the comment that stands in formgrader too: it names no hidden value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.exports.cells import number_cell
from autograder.exports.mark import Mark, QuestionMark
from autograder.feedback.plain import cut, one_line, plain

MOST_OUTPUT = 8000  # characters of one test


def results(mark: Mark, visibility: str = "visible", earned: bool = False) -> dict[str, Any]:
    """The results.json of one hand-in. Nothing in it is null: Gradescope wants a field left out, not empty."""
    said = [f"Not graded: {mark.status}. {mark.reason}"] if not mark.graded else []
    said += [mark.late.why] if mark.late and mark.late.days and not earned else []
    said += ["Graded WITHOUT a jail."] if mark.sandboxed is False else []
    said += [f"Note: {each}" for each in mark.repairs]
    return {
        "score": number_cell(mark.points(earned)),
        "output": _text("\n".join(said)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(place, each, visibility) for place, each in enumerate(mark.questions, 1)],
    }


def _test(place: int, question: QuestionMark, visibility: str) -> dict[str, Any]:
    full = question.score >= question.max_score
    test = {
        "name": one_line(question.name, 200),
        "name_format": "text",
        "number": str(place),
        "score": number_cell(question.score),
        "max_score": number_cell(question.max_score),
        "status": "passed" if full else "failed",
        "output": _text(question.comment or _sentences([question.message, question.advice])),
        "output_format": "text",
        "visibility": visibility,
    }
    if question.waiting:  # neither passed nor failed before a person has read it
        del test["status"]
    return test


def _sentences(said: Sequence[str]) -> str:
    return "\n".join(filter(None, said))


def _text(text: str) -> str:
    return cut(plain(text[: 4 * MOST_OUTPUT]), MOST_OUTPUT)


def failure(why: str, points: float) -> dict[str, Any]:
    """A results.json where nothing was graded: no points, and a sentence where a student looks first."""
    test = {
        "name": "The grader",
        "score": 0,
        "max_score": number_cell(points),
        "status": "failed",
        "output": why,
        "output_format": "text",
        "visibility": "visible",
    }
    said = {"output": why, "output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}
    return {"score": 0, **said, "tests": [test]}
