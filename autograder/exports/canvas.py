"""Canvas' gradebook: its own export with the scores filled in, as its importer reads it.

The importer wants a header row that begins with Student and ID, with Section as the last column about a student, then
assignments as "title (number)". A row whose first cell says "Points Possible" sets what they are worth. Students are
found by ID; names are not looked at where there is one. Only rows and columns that change are written: what the
importer does not see it leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.exports.cells import Cell, as_csv, number_cell, read_number, text_cell
from autograder.exports.column import Column, choose_column, scaled
from autograder.exports.mark import ExportError, Mark, with_scores
from autograder.exports.roster import Person, match

POINTS = "Points Possible"
TITLED = re.compile(r"(?P<title>.*) \((?P<number>\d+)\)", re.DOTALL)
KEPT = re.compile(r"-?\d+([.,]\d+)?%?|EX|N/A|-|")
EXCUSED = "EX"


@dataclass(frozen=True)
class Gradebook:
    """Canvas' export, read."""

    header: tuple[str, ...]
    about: int  # columns about the student, Section the last
    points: tuple[str, ...]
    students: tuple[tuple[str, ...], ...]

    @property
    def id_at(self) -> int:
        """The column of Canvas' own number of a student."""
        return self.header.index("ID")


def read_gradebook(rows: Sequence[Sequence[str]], name: str) -> Gradebook:
    """Canvas' export as rows; ExportError says what is wrong with it."""
    header = tuple(cell.strip() for cell in rows[0])
    named = header[:2] == ("Student", "ID") or header[:3] == ("LastName", "FirstName", "ID")
    if not named or "Section" not in header:
        raise ExportError(
            f"{name} is no gradebook as Canvas exports it: its columns begin with Student, ID and end, as far as they "
            "are about a student, with Section. In Canvas: Grades, Export, Export Entire Gradebook, in English."
        )
    at = header.index("ID")
    full = [tuple(row) + ("",) * (len(header) - len(row)) for row in rows[1:]]
    points = next((row for row in full if POINTS in row[0] and not row[at].strip()), ("",) * len(header))
    students = tuple(row for row in full if row[at].strip().isascii() and row[at].strip().isdigit())
    return Gradebook(header, header.index("Section") + 1, points, students)


def canvas_csv(
    book: Gradebook, marks: Sequence[Mark], titles: Mapping[str, str], column: str | None, scale: bool, earned: bool
) -> tuple[str, list[str]]:
    """The file that Canvas imports, and sentences on what is not in it."""
    marks = with_scores(marks)
    choices = [
        Column(header, place, bare, read_number(book.points[place]))
        for place, header in enumerate(book.header)
        if place >= book.about and (found := TITLED.fullmatch(header)) and (bare := found["title"])
    ]
    wanted = {
        name: choose_column(name, titles, choices, column) for name in dict.fromkeys(mark.assignment for mark in marks)
    }
    matched = match(marks, [_person(book, row) for row in book.students])
    cells: dict[int, dict[int, Cell]] = {}
    notes = list(matched.missing)
    for mark in marks:
        place, row = wanted[mark.assignment], matched.rows.get(mark.student)
        if row is None or place is None:
            continue
        if book.students[row][place.at].strip().upper() == EXCUSED:
            notes.append(f"{mark.student} is excused from {place.header} and stays so.")
            continue
        points = scaled(mark, place, scale, earned)
        cells.setdefault(row, {})[place.at] = number_cell(points)
    notes += [f"{name} has no column in it." for name, place in wanted.items() if place is None]
    filled = sorted({place.at for place in wanted.values() if place})
    if not filled:
        raise ExportError(
            f"No column fits {', '.join(wanted)}. Name one by --column; there is "
            f"{', '.join(repr(each.header) for each in choices) or 'none'}."
        )
    header = [*book.header[: book.about], *(book.header[at] for at in filled)]
    points_row = [f"    {POINTS}", *[""] * (book.about - 1), *(_points(book, at) for at in filled)]
    rows = [_row(book, book.students[row], cells[row], filled) for row in sorted(cells)]
    return as_csv([header, points_row, *rows]), notes


def _person(book: Gradebook, row: Sequence[str]) -> Person:
    named = dict(zip(book.header[: book.about], row, strict=False))
    names = (named.get("Student", ""), f"{named.get('LastName', '')}, {named.get('FirstName', '')}".strip(", "))
    ids = (named["ID"], *(named.get(column, "") for column in ("SIS User ID", "SIS Login ID", "Integration ID")))
    return Person(tuple(each.strip() for each in ids), names)


def _points(book: Gradebook, at: int) -> Cell:
    value = read_number(book.points[at])
    return "" if value is None else number_cell(value)


def _row(book: Gradebook, row: Sequence[str], scores: Mapping[int, Cell], filled: Sequence[int]) -> list[Cell]:
    about: list[Cell] = [text_cell(cell) for cell in row[: book.about]]
    # A student of this name must not be taken for the row that says what assignments are worth.
    about[0] = str(about[0]).replace(POINTS, POINTS.replace(" ", "\N{NO-BREAK SPACE}"))
    about[book.id_at] = row[book.id_at].strip()
    return [*about, *(scores.get(at, _as_it_was(row[at])) for at in filled)]


def _as_it_was(cell: str) -> str:
    return cell.strip() if KEPT.fullmatch(cell.strip()) else text_cell(cell)
