"""Take the outputs out of a large notebook before it is parsed, so that megabytes of them cost no time and memory.

JSON of a hundred megabytes can become gigabytes of Python objects. What the grader reads of a notebook, its code and
text, is small; outputs are skipped as text, and what is left may hold only so many parts.
"""

from __future__ import annotations

import re

LARGE = 4 * 2**20  # characters; what is smaller is parsed as it is
MOST_PARTS = 1_000_000
MOST_BRACKETS = 3_000_000  # in outputs, where nothing is made of them
# Possessive, so that nothing is remembered for going back: each character is looked at once.
STRING = r'"(?:[^"\\]++|\\.)*+"'
PART = re.compile(rf'{STRING}|["\[\]{{}},]', re.DOTALL)
BRACKET = re.compile(rf'(?:[^"\[\]{{}}]++|{STRING})*+([\[\]{{}}])', re.DOTALL)
LIST = re.compile(r"\s*:\s*\[")
OUTPUTS = '"outputs"'


class TooManyPartsError(Exception):
    """JSON that is made of more parts than any notebook."""


def without_outputs(text: str) -> str:
    """A notebook's JSON with empty lists for outputs. Broken JSON comes back as broken as it was."""
    if len(text) < LARGE:
        return text
    kept: list[str] = []
    start = position = parts = 0
    while part := PART.search(text, position):
        position = part.end()
        parts += 1
        if parts > MOST_PARTS:
            raise TooManyPartsError
        if part.group() == '"':  # a string without an end: no JSON
            return ""
        if part.group() == OUTPUTS and (opened := LIST.match(text, position)):
            kept.append(text[start : opened.end()])
            position = _end_of_list(text, opened.end())
            start = position - 1
    return "".join([*kept, text[start:]])


def _end_of_list(text: str, position: int) -> int:
    depth, brackets = 1, 0
    while depth and (bracket := BRACKET.match(text, position)):
        depth += 1 if bracket[1] in "[{" else -1
        position = bracket.end()
        brackets += 1
        if brackets > MOST_BRACKETS:
            raise TooManyPartsError
    return len(text) if depth else position
