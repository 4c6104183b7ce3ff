"""Cells of a CSV file: text that no spreadsheet takes for a formula, and numbers that stay numbers."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.exports.mark import ExportError
from autograder.feedback.plain import one_line

# Spreadsheets begin a formula at these, East Asian ones also at their wide forms.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MOST_CHARACTERS = 1000  # of a cell; a spreadsheet takes 32,767
MOST_BYTES = 32 * 2**20  # of a file that a platform hands out

Cell = str | float | int


def text_cell(text: str, limit: int = MOST_CHARACTERS) -> str:
    """Text on one line in which everything can be seen, and no spreadsheet evaluates. A lone "-" means nothing."""
    line = one_line(text, limit)
    return f"'{line}" if line.startswith(FORMULA) and line != "-" else line


def number_cell(value: float) -> float | int:
    """A number as a person would write it: 7, 7.5, −0.25."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (RFC 4180): all text in quotes, numbers without."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return out.getvalue()


def read_csv(path: Path) -> list[list[str]]:
    """The rows of a CSV file, with commas, semicolons or tabs between the cells, in UTF-8."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ExportError(f"{path.name} is larger than {MOST_BYTES // 2**20} MiB.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ExportError(
            f"{path.name} is not UTF-8: take it as the platform gives it, or save it as CSV UTF-8."
        ) from (problem)
    except OSError as problem:
        raise ExportError(f"{path.name} cannot be read: {problem.strerror}.") from problem
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=between) if any(row)]
    except csv.Error as problem:
        raise ExportError(f"{path.name} is no CSV file: {problem}.") from problem
    if not rows:
        raise ExportError(f"{path.name} is empty.")
    return rows


def read_number(text: str) -> float | None:
    """A number with a decimal point or comma; None where there is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
