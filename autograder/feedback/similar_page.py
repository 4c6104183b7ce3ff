"""The page of similar answers: side by side, with what is alike marked, and without a word on how it came about."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.feedback.code import code_lines
from autograder.feedback.page import render
from autograder.feedback.plain import first_lines, one_line
from autograder.feedback.similar import MOST_PAIRS, Alike, Given, Pair, Place, tokens
from autograder.feedback.words import count
from autograder.grading.kept import key, this_program
from autograder.grading.result import ClassResult

MOST_LINES, WIDEST = 120, 120
PAIR = '<section class="pair"'  # how each pair begins on the page


@dataclass(frozen=True)
class Line:
    """A line of one side: its number, its code, whether the other side has one like it."""

    number: int
    code: Markup
    same: bool


@dataclass(frozen=True)
class Side:
    """One student's answer."""

    who: str
    link: str
    lines: tuple[Line, ...]
    more: str


def answers_digest(result: ClassResult, given: Mapping[Place, Given]) -> str:
    """A digest of all that the page says: while it is the same, the page need not be made again."""
    answers = [
        part
        for each in result.submissions
        for question in each.questions
        for part in (each.student, each.assignment, question.question, question.code)
    ]
    starts = [part for place, start in given.items() for part in (*place, start.starter, *start.known)]
    return key(this_program(), answers, starts, [part for title in result.titles.items() for part in title])


def similar_page(pairs: Sequence[Pair], links: Mapping[int, str], titles: Mapping[str, str], digest: str = "") -> str:
    """A self-contained HTML page; `links` has the address of each hand-in's feedback page."""
    shown = [(pair, [(each, _sides(pair, each, links)) for each in pair.questions]) for pair in pairs]
    return render(
        "similar.html.j2",
        ("page.css", "similar.css"),
        pairs=shown,
        digest=digest,
        titles=titles,
        count=count,
        most=MOST_PAIRS,
        percent=lambda share: f"{100 * share:.0f} %",
    )


def _sides(pair: Pair, alike: Alike, links: Mapping[int, str]) -> tuple[Side, Side]:
    left, left_more = first_lines(alike.left, MOST_LINES, WIDEST)
    right, right_more = first_lines(alike.right, MOST_LINES, WIDEST)
    # Lines are alike when their tokens are: another name or another comment does not make another line.
    keys = [[tokens(line) for line in side] for side in (left, right)]
    blocks = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    same = [{block[side] + step for block in blocks for step in range(block.size)} for side in (0, 1)]
    return (
        _side(pair.left[1].student, links.get(pair.left[0], ""), left, keys[0], same[0], left_more),
        _side(pair.right[1].student, links.get(pair.right[0], ""), right, keys[1], same[1], right_more),
    )


def _side(who: str, link: str, lines: list[str], keys: list[str], same: set[int], more: str) -> Side:
    code = code_lines(lines)
    rows = tuple(Line(at + 1, each, at in same and bool(keys[at])) for at, each in enumerate(code))
    return Side(one_line(who, 80) or "(no name)", link, rows, more)
