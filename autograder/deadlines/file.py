"""Read deadlines.toml. Each mistake in it is one sentence that names the entry."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from autograder.deadlines.clock import ClockError, by_wall_clock, days_later, read_moment
from autograder.deadlines.rules import Deadline, DeadlinesError, Extension, Policy, Rules

FILE = "deadlines.toml"
MOST_DAYS = 366
LIMITS: dict[str, tuple[bool, float | None]] = {  # whether a number is whole, and the largest that makes sense
    "free_days": (True, MOST_DAYS),
    "percent_per_day": (False, 100),
    "at_most_percent": (False, 100),
    "closed_after_days": (True, MOST_DAYS),
    "grace_minutes": (False, 24 * 60),
}
POLICY = tuple(LIMITS)
# TOML 1.1 lets seconds be left out; Python's reader is of 1.0.
NO_SECONDS = re.compile(r"^([^#\"'\n]*=\s*\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d)(?=\s*(?:#.*)?$|Z|[+-]\d\d:\d\d)", re.MULTILINE)

Table = Mapping[str, Any]


def find_file(name: str, *folders: Path) -> Path | None:
    """The first of the folders' files of this name: the class folder's goes before the course's."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def read_rules(path: Path | None, assignments: Collection[str]) -> Rules:
    """The rules of a file; without a file there are no deadlines."""
    if path is None:
        return Rules()
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(NO_SECONDS.sub(r"\1:00", text.replace("\r\n", "\n")))
    except (OSError, UnicodeDecodeError) as problem:
        raise DeadlinesError(f"{path.name} cannot be read: {problem}.") from problem
    except ValueError as problem:
        raise DeadlinesError(f"{path.name} is not TOML: {problem}.") from problem
    return _Reader(path, tuple(assignments)).rules(data)


@dataclass(frozen=True)
class _Reader:
    path: Path
    assignments: tuple[str, ...]

    def rules(self, data: Table) -> Rules:
        self._known("", data, ("timezone", "late", "assignments", "extensions"))
        zone = self._zone(data)
        late = self._table("[late]", data.get("late", {}))
        self._known("[late]", late, POLICY)
        general = {key: self._number(f"[late] {key}", value, *LIMITS[key]) for key, value in late.items()}
        deadlines = {
            name: self._deadline(name, entry, zone, general)
            for name, entry in self._table("[assignments]", data.get("assignments", {})).items()
        }
        extensions: dict[tuple[str, str], Extension] = {}
        for student, entry in self._table("[extensions]", data.get("extensions", {})).items():
            extensions |= self._extensions(student, entry, zone, deadlines)
        notes = tuple(
            f"The extension of {student} for {name} ends before the deadline, which counts."
            for (student, name), each in extensions.items()
            if each.due.astimezone(UTC) < deadlines[name].due.astimezone(UTC)
        )
        return Rules(zone, deadlines, extensions, notes, str(self.path))

    def _zone(self, data: Table) -> ZoneInfo:
        example = 'such as timezone = "Europe/Paris"'
        if "timezone" not in data:
            self._fail("timezone", f"is missing; write the zone that times are in, {example}")
        try:
            return ZoneInfo(data["timezone"])
        except Exception:  # the library raises by what the name looks like: a path, a folder, no text
            self._fail("timezone", f"is {data['timezone']!r}, which is no time zone; write one {example}")

    def _deadline(self, name: str, entry: object, zone: ZoneInfo, general: Table) -> Deadline:
        at = f"[assignments.{name}]"
        self._assignment(at, name)
        table = self._table(at, entry)
        self._known(at, table, ("due", *POLICY))
        if "due" not in table:
            self._fail(at, "has no `due`")
        own = {key: self._number(f"{at} {key}", table[key], *LIMITS[key]) for key in POLICY if key in table}
        return Deadline(self._moment(f"{at} due", table["due"], zone), Policy(**{**general, **own}))

    def _extensions(
        self, student: str, entry: object, zone: ZoneInfo, deadlines: Mapping[str, Deadline]
    ) -> dict[tuple[str, str], Extension]:
        at = f"[extensions.{student}]"
        table = dict(self._table(at, entry))
        reason = table.pop("reason", "")
        if not isinstance(reason, str):
            self._fail(f"{at} reason", "must be a text in quotes")
        found = {}
        for name, value in table.items():
            if isinstance(value, dict):
                self._fail(
                    at, f'is not read: a name with a dot in it stands in quotes, [extensions."{student}.{name}"]'
                )
            self._assignment(at, name)
            if name not in deadlines:
                self._fail(f"{at} {name}", f"extends no deadline; add [assignments.{name}]")
            if isinstance(value, int):
                due = days_later(deadlines[name].due, self._number(f"{at} {name}", value, True, MOST_DAYS))
            else:
                due = self._moment(f"{at} {name}", value, zone)
            found[student, name] = Extension(due, reason)
        return found

    def _assignment(self, at: str, name: str) -> None:
        if name not in self.assignments:
            self._fail(at, f"names {name!r}, which is no assignment of the course{_near(name, self.assignments)}")

    def _moment(self, at: str, value: object, zone: ZoneInfo) -> datetime:
        if isinstance(value, date) and not isinstance(value, datetime):
            self._fail(at, f"has no time of day; write {value} 23:59")
        try:
            # What TOML reads as a date with a time is looked at again as text: the same years, the same words.
            moment = read_moment(str(value))
            return moment.astimezone(zone) if moment.tzinfo else by_wall_clock(moment, zone)
        except ClockError as problem:
            self._fail(at, f"is no deadline: {problem}")

    def _number(self, at: str, value: object, whole: bool, most: float | None) -> Any:
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not math.isfinite(value):
            self._fail(at, f"must be a {'whole ' if whole else ''}number")
        if value < 0:
            self._fail(at, "must not be negative")
        if most is not None and value > most:
            self._fail(at, f"must not be more than {most:g}")
        return value if whole else float(value)

    def _table(self, at: str, value: object) -> Table:
        if not isinstance(value, dict):
            self._fail(at, f"must be a table: a line {at} with its entries below")
        return value

    def _known(self, at: str, table: Table, keys: Collection[str]) -> None:
        for key in table:
            if key not in keys:
                self._fail(at, f"has a key {key!r}, which is not known{_near(key, keys)}")

    def _fail(self, at: str, what: str) -> NoReturn:
        text = f"{self.path.name}: {at} {what}" if at else f"{self.path.name} {what}"
        raise DeadlinesError(text if text.endswith("?") else f"{text}.")


def _near(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(known)}" if known else ""
