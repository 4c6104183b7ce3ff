"""When a hand-in was received, and who says so. What a student can write never makes a hand-in earlier.

In order of trust: the instructor's own receipts.csv; the platform that a zip comes from; the exchange, as `collect`
found it; last the timestamp.txt in the hand-in, which a student can write, and which is named as such.
"""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from autograder.deadlines.clock import ClockError, read_moment
from autograder.deadlines.rules import DeadlinesError

FILE = "receipts.csv"
RECORD = "received.json"  # in a course's or class's folder: when each hand-in was received, as it is known so far
STAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # by it a student's own nbgrader finds the feedback
COLUMNS = ("student", "assignment", "received")


class Witness(StrEnum):
    """Who says when a hand-in was received, the most trusted first."""

    INSTRUCTOR = "receipts.csv"
    PLATFORM = "the platform"
    EXCHANGE = "the exchange"
    STUDENT = "timestamp.txt, which a student can write"


@dataclass(frozen=True)
class Receipt:
    """When a hand-in was received, in UTC, and who says so."""

    at: datetime
    by: Witness


Receipts = Mapping[tuple[str, str], Receipt]  # by student and assignment


def read_receipts(path: Path | None, assignments: Collection[str]) -> Receipts:
    """The instructor's own record: a table student, assignment, received. It goes before all others."""
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise DeadlinesError(f"{path.name} cannot be read: {problem}.") from problem
    first = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first and "," not in first else ",")
    if missing := [name for name in COLUMNS if name not in (table.fieldnames or ())]:
        raise DeadlinesError(f"{path.name}: line 1 names no column {missing[0]!r}; write {','.join(COLUMNS)}.")
    found: dict[tuple[str, str], Receipt] = {}
    for row in table:
        student, assignment, received = ((row[name] or "").strip() for name in COLUMNS)
        at = f"{path.name}: line {table.line_num}"
        if not (student or assignment or received):
            continue
        if assignment not in assignments:
            raise DeadlinesError(f"{at} names {assignment!r}, which is no assignment of the course.")
        if (student, assignment) in found:
            raise DeadlinesError(f"{at} has {student} for {assignment} a second time.")
        found[student, assignment] = Receipt(_with_zone(at, received), Witness.INSTRUCTOR)
    return found


def _with_zone(at: str, text: str) -> datetime:
    try:
        moment = read_moment(text)
    except ClockError as problem:
        raise DeadlinesError(f"{at}: {problem} +0200.") from problem
    if moment.tzinfo is None:
        raise DeadlinesError(f"{at}: {text!r} has no zone; write it as {text} +0200 or {text} UTC.")
    return moment.astimezone(UTC)


def folder_receipt(place: Path, record: Receipts) -> Receipt | None:
    """The receipt of submitted/<student>/<assignment>: what is on record, else what the hand-in itself says."""
    known = record.get((place.parent.name, place.name))
    if known and known.by is not Witness.STUDENT:
        return known
    claimed = claimed_time(place)
    return Receipt(claimed, Witness.STUDENT) if claimed else None


def claimed_time(place: Path) -> datetime | None:
    """The time in a hand-in's timestamp.txt, taken as UTC where it names no zone, as nbgrader has it."""
    try:
        moment = read_moment(first_bytes(place / STAMP).decode("ascii", "replace"))
    except ClockError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp_of(moment: datetime) -> str:
    """A moment as nbgrader writes it to a timestamp.txt."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"


def first_bytes(path: Path) -> bytes:
    """The beginning of a regular file; nothing of a link, a pipe or a folder."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    try:
        return os.read(handle, 200) if stat.S_ISREG(os.fstat(handle).st_mode) else b""
    finally:
        os.close(handle)


def arrival(folder: Path) -> datetime:
    """When the newest change was made to what lies in the exchange, by the clock of the machine that holds it.

    The owner of a file can set its modification time to anything, but not the time of its last change of status.
    """
    try:
        changed = max(path.lstat().st_ctime_ns for path in (folder, *folder.rglob("*")))
    except OSError:  # somebody changes it right now
        return datetime.now(UTC)
    return datetime.fromtimestamp(changed // 10**6 / 1000, UTC)


def read_record(root: Path) -> Receipts:
    """What is on record in a course's or a class's folder."""
    path = root / RECORD
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {
            (student, assignment): Receipt(read_moment(each["received"]).astimezone(UTC), Witness(each["by"]))
            for student, entries in data.items()
            for assignment, each in entries.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as problem:
        raise DeadlinesError(f"{path} cannot be read: {problem!r}.") from problem


def note_receipts(root: Path, receipts: Mapping[tuple[str, str], Receipt | None]) -> Receipts:
    """Put receipts on record, and take off those that are None. The file is replaced whole or not at all."""
    before = read_record(root)
    after = {person: each for person, each in {**before, **receipts}.items() if each}
    if after != before:
        data: dict[str, dict[str, dict[str, str]]] = {}
        for (student, assignment), each in after.items():
            data.setdefault(student, {})[assignment] = {"received": each.at.isoformat(), "by": str(each.by)}
        draft = root / f"{RECORD}.new"
        draft.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        draft.replace(root / RECORD)
    return after
