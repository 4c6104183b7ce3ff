"""A class as one plain table, a row for each hand-in or for each question, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from autograder.exports.cells import Cell, as_csv, number_cell, text_cell
from autograder.exports.mark import Mark

HAND_IN = (
    "student", "assignment", "status", "score", "max_score", "days_late", "penalty", "final_score",
    "received", "waiting", "reason",
)  # fmt: skip
QUESTION = ("student", "assignment", "question", "verdict", "score", "max_score", "waiting", "message", "mistake")


def hand_ins_csv(marks: Sequence[Mark]) -> str:
    """A row for each hand-in. One that could not be graded has no numbers in its row."""
    return as_csv([HAND_IN, *map(_hand_in, marks)])


def _hand_in(mark: Mark) -> list[Cell]:
    late = mark.late
    numbers: list[Cell] = ["", number_cell(mark.max_score), "", "", ""]
    if mark.graded:
        days: Cell = late.days if late and late.received else ""
        numbers = [
            number_cell(mark.score), number_cell(mark.max_score), days, number_cell(mark.penalty),
            number_cell(mark.final_score),
        ]  # fmt: skip
    received = late.received.isoformat(" ", "seconds") if late and late.received else ""
    named = [text_cell(mark.student), text_cell(mark.assignment), text_cell(mark.status)]
    return [*named, *numbers, received, mark.waiting, text_cell(mark.reason)]


def questions_csv(marks: Sequence[Mark]) -> str:
    """A row for each question of each hand-in that was graded."""
    return as_csv([QUESTION, *(row for mark in marks for row in _questions(mark))])


def _questions(mark: Mark) -> Iterator[list[Cell]]:
    for each in mark.questions:
        named = [text_cell(mark.student), text_cell(mark.assignment), text_cell(each.name), text_cell(each.verdict)]
        numbers = [number_cell(each.score), number_cell(each.max_score), int(each.waiting)]
        yield [*named, *numbers, text_cell(each.message), text_cell(each.mistake)]


def class_json(marks: Sequence[Mark]) -> str:
    """The whole class with the fields of `course grade --json`. Names stand in it as they are."""
    return json.dumps({"submissions": [each.as_json() for each in marks]}, indent=1) + "\n"
