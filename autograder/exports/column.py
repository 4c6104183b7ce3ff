"""Which column of a platform's gradebook an assignment's scores go into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.exports.mark import ExportError, Mark


@dataclass(frozen=True)
class Column:
    """A column that takes scores: its header as it stands, its place, the bare title, and what it is worth."""

    header: str
    at: int
    title: str
    worth: float | None = None


def choose_column(
    assignment: str, titles: Mapping[str, str], choices: Sequence[Column], named: str | None
) -> Column | None:
    """The column named on the command line, else the one titled as the assignment; None where there is no such one."""
    if named:
        found = [each for each in choices if named in (each.header, each.title)]
        if len(found) != 1:
            raise ExportError(f"{len(found)} columns are called {named!r}; there is {_listed(choices)}.")
        return found[0]
    titled = {assignment.casefold(), titles.get(assignment, assignment).casefold()}
    found = [each for each in choices if each.title.strip().casefold() in titled]
    if len(found) > 1:
        raise ExportError(f"{len(found)} columns fit {assignment}: {_listed(found)}. Name one by --column.")
    return found[0] if found else None


def scaled(mark: Mark, column: Column, scale: bool, earned: bool) -> float:
    """A mark's points for a column; where the two are worth differently, only on request."""
    points = mark.points(earned)
    if column.worth is None or abs(column.worth - mark.max_score) < 1e-6:
        return points
    if not scale:
        raise ExportError(
            f"{column.header!r} is worth {column.worth:g} points there and {mark.assignment} {mark.max_score:g} here. "
            "Change it on the platform, or have the scores converted by --scale."
        )
    return points * column.worth / mark.max_score if mark.max_score else 0.0


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(repr(each.header) for each in columns) or "none"
