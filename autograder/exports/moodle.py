"""Moodle's two ways in: an assignment's grading worksheet, and the gradebook's own table.

The worksheet ("Download grading worksheet", the feedback type *Offline grading worksheet*) is read back by the columns
Identifier, Grade and Last modified (grade), with commas. The gradebook's table (Grades, Export, Plain text file) comes
back through Grades, Import, CSV file, where one says which column identifies a student. Only rows and columns that
change are written: what Moodle does not see it leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.exports.cells import Cell, as_csv, number_cell, read_number, text_cell
from autograder.exports.column import Column, choose_column, scaled
from autograder.exports.mark import ExportError, Mark, with_scores
from autograder.exports.roster import Person, match

IDENTIFIER, GRADE, MOST, CHANGED = "Identifier", "Grade", "Maximum Grade", "Last modified (grade)"
ABOUT = ("First name", "Last name", "Surname", "Full name", "Username", "ID number", "Email address")
ITEM = re.compile(r"(?:\w[\w ]*: ?)?(?P<title>.+?)(?: \((?:Real|Points)\))?", re.DOTALL)
TOTAL = re.compile(r"Course total|Category total|Last downloaded", re.IGNORECASE)
UNNAMED = re.compile(r".*?(\d+)", re.DOTALL)


@dataclass(frozen=True)
class Sheet:
    """A file of Moodle's, read."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_worksheet(self) -> bool:
        """Whether it is the worksheet of one assignment, not the gradebook's table."""
        return {IDENTIFIER, GRADE} <= set(self.header)

    def at(self, name: str) -> int | None:
        """The place of a column, if there is one. Moodle writes some names with and without a capital."""
        return next((at for at, cell in enumerate(self.header) if cell.casefold() == name.casefold()), None)


def read_sheet(rows: Sequence[Sequence[str]], name: str) -> Sheet:
    """A file of Moodle's as rows; ExportError says what is wrong with it."""
    header = tuple(cell.strip() for cell in rows[0])
    sheet = Sheet(header, tuple(tuple(row) + ("",) * (len(header) - len(row)) for row in rows[1:]))
    if sheet.is_worksheet and sheet.at(CHANGED) is None:
        raise ExportError(f"{name} has no column {CHANGED!r}, without which Moodle refuses a grading worksheet.")
    if not sheet.is_worksheet and sheet.at("Email address") is None and sheet.at("ID number") is None:
        raise ExportError(
            f"{name} is neither a grading worksheet of Moodle's (columns {IDENTIFIER}, {GRADE}, {CHANGED}) nor its "
            "gradebook as a plain text file (Email address or ID number, and a column for each item). "
            "Have Moodle in English when you download it."
        )
    return sheet


def moodle_csv(
    sheet: Sheet, marks: Sequence[Mark], titles: Mapping[str, str], column: str | None, scale: bool, earned: bool
) -> tuple[str, list[str]]:
    """The file that Moodle imports, and sentences on what is not in it."""
    marks = with_scores(marks)
    assignments = list(dict.fromkeys(mark.assignment for mark in marks))
    if sheet.is_worksheet and len(assignments) != 1:
        raise ExportError(
            f"A grading worksheet is of one assignment. Say which by --assignment: {', '.join(assignments)}."
        )
    wanted = _columns(sheet, assignments, titles, column)
    kept = [at for name in (IDENTIFIER, *ABOUT) if (at := sheet.at(name)) is not None]
    matched = match(marks, [_person(sheet, row) for row in sheet.rows])
    cells: dict[int, dict[int, Cell]] = {}
    notes = [*matched.missing, *(f"{name} has no column in it." for name, place in wanted.items() if place is None)]
    for mark in marks:
        place, row = wanted[mark.assignment], matched.rows.get(mark.student)
        if row is None or place is None:
            continue
        if unsafe := _unsafe(sheet, sheet.rows[row]):
            notes.append(f"{mark.student}: a spreadsheet takes {unsafe} for a formula. Type the score in by hand.")
            continue
        worth = read_number(sheet.rows[row][most]) if (most := sheet.at(MOST)) is not None else None
        cells.setdefault(row, {})[place.at] = number_cell(scaled(mark, replace(place, worth=worth), scale, earned))
    filled = sorted({place.at for place in wanted.values() if place})
    after = [at for name in (MOST, CHANGED) if sheet.is_worksheet and (at := sheet.at(name)) is not None]
    order = [*kept, *filled, *after]
    rows = [[cells[row].get(at, _as_it_was(sheet.rows[row][at])) for at in order] for row in sorted(cells)]
    return as_csv([[sheet.header[at] for at in order], *rows]), notes


def _columns(
    sheet: Sheet, assignments: Sequence[str], titles: Mapping[str, str], named: str | None
) -> dict[str, Column | None]:
    if sheet.is_worksheet:
        at = sheet.header.index(GRADE)
        return dict.fromkeys(assignments, Column(GRADE, at, GRADE))
    about = {name.casefold() for name in (*ABOUT, "Institution", "Department")}
    choices = [
        Column(header, at, found["title"])
        for at, header in enumerate(sheet.header)
        if header.casefold() not in about and not TOTAL.match(header) and (found := ITEM.fullmatch(header))
    ]
    wanted = {name: choose_column(name, titles, choices, named) for name in assignments}
    if not any(wanted.values()):
        there = ", ".join(repr(each.header) for each in choices) or "none"
        raise ExportError(f"No column fits {', '.join(wanted)}. Name one by --column; there is {there}.")
    return wanted


def _person(sheet: Sheet, row: Sequence[str]) -> Person:
    named = {name.casefold(): cell.strip() for name, cell in zip(sheet.header, row, strict=False)}
    number = UNNAMED.fullmatch(named.get("identifier", ""))
    ids = [number[1] if number else "", *(named.get(each, "") for each in ("id number", "email address", "username"))]
    last = named.get("last name") or named.get("surname", "")
    return Person(tuple(ids), (named.get("full name", ""), f"{named.get('first name', '')} {last}".strip()))


def _unsafe(sheet: Sheet, row: Sequence[str]) -> str:
    """What Moodle finds a student by, where it cannot be written as it stands: changed, Moodle refuses the file."""
    keys = (IDENTIFIER,) if sheet.is_worksheet else ("ID number", "Email address", "Username")
    found = (row[at].strip() for key in keys if (at := sheet.at(key)) is not None)
    return next((name for each in found if (name := text_cell(each)) != each), "")


def _as_it_was(cell: str) -> str:
    return cell.strip() if read_number(cell) is not None else text_cell(cell)
