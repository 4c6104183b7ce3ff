"""Tell from a file's place in a zip whose it is: the names that Canvas, Moodle, Gradescope and nbgrader give."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SUBMITTED = "submitted"
CANVAS = re.compile(r"(?P<who>.+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<name>.+)", re.DOTALL)
MOODLE = re.compile(r"(?P<who>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_(?P<name>.*)", re.DOTALL)
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
AGAIN = re.compile(r"(?P<name>.+?)-(?P<again>\d{1,4})", re.DOTALL)
Attempt = tuple[int, int]


@dataclass(frozen=True)
class Sender:
    """Whose file it is and which attempt. `from_lms` names were made by a learning platform, not by a student."""

    student: str
    stem: str  # the file's own name, without what the platform put around it and without its ending
    assignment: str = ""  # where the place says so
    attempt: Attempt = (0, 0)
    late: bool = False
    submission: str = ""  # Gradescope's number of the submission, to look up who made it
    from_lms: bool = False


def sender(parts: Sequence[str], notebooks: Mapping[str, str], wrapper: str = "") -> Sender | None:
    """Whose file stands at this place; None where no student can be told. `wrapper` is a folder around everything."""
    if not parts:
        return None
    named = _moodle(parts) or _gradescope(parts) or _canvas(parts, wrapper) or _in_tree(parts, notebooks)
    return named or _alone(parts, notebooks, wrapper)


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]


def _attempts(stem: str) -> tuple[str, int]:
    """A name and the number that a platform put behind it when it was handed in again."""
    found = AGAIN.fullmatch(stem)
    return (found["name"], int(found["again"])) if found else (stem, 0)


def _number(digits: str) -> int:
    return int(digits[:18])  # an id longer than that is none


def _canvas(parts: Sequence[str], wrapper: str) -> Sender | None:
    found = CANVAS.fullmatch(parts[-1])
    if not found or tuple(parts[:-1]) not in ((), (wrapper,)):
        return None
    stem, again = _attempts(_stem(found["name"]))
    attempt = (_number(found["file"]), again)
    return Sender(f"{found['who']}_{found['id']}", stem, "", attempt, bool(found["late"]), from_lms=True)


def _moodle(parts: Sequence[str]) -> Sender | None:
    for part in parts:
        if found := MOODLE.fullmatch(part):
            stem = _stem(found["name"] if part is parts[-1] and found["name"] else parts[-1])
            return Sender(f"{found['who']}_{found['id']}", stem, from_lms=True)
    return None


def _gradescope(parts: Sequence[str]) -> Sender | None:
    for part in parts[:-1]:
        if found := GRADESCOPE.fullmatch(part):
            attempt = (_number(found["id"]), 0)
            return Sender(part, _stem(parts[-1]), attempt=attempt, submission=part, from_lms=True)
    return None


def _in_tree(parts: Sequence[str], known: Collection[str]) -> Sender | None:
    """nbgrader's submitted/<student>/<assignment>/…, or the same without its first folder."""
    if SUBMITTED in parts:
        below = parts[parts.index(SUBMITTED) + 1 :]
        return Sender(below[0], _stem(below[-1]), below[1]) if len(below) > 2 else None
    at = next((index for index, part in enumerate(parts[:-1]) if index and part in known), None)
    return Sender(parts[at - 1], _stem(parts[-1]), parts[at]) if at else None


def _alone(parts: Sequence[str], notebooks: Mapping[str, str], wrapper: str) -> Sender | None:
    """<student>/<notebook>, or notebooks named after their students."""
    stem = _stem(parts[-1])
    folders = parts[:-1]
    if folders and (folders[-1] != wrapper or (len(parts) == 2 and stem in notebooks.values())):
        return Sender(folders[0] if folders[0] != wrapper else folders[-1], stem)
    return Sender(stem, stem)
