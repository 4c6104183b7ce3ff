"""A hand-in before it is opened: whose it is, for what, and where its notebook lies."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.deadlines.receipts import Receipt

SAFE_NAME = re.compile(r"[^\w@.+-]")


class InboxError(Exception):
    """No hand-ins where some were expected, in one sentence."""


@dataclass(frozen=True)
class Submission:
    """One hand-in to grade. `path` is None where there was no notebook to read; `problem` says why."""

    student: str
    assignment: str
    path: Path | None
    problem: str = ""
    late: bool = False  # marked as late by the platform that it came from
    remarks: tuple[str, ...] = ()  # what was refused of it while the rest was taken
    receipt: Receipt | None = None  # when it was received, and who says so


def safe_name(name: str) -> str:
    """A name that is also a file name and nothing more. Different names stay different."""
    safe = SAFE_NAME.sub("_", name).lstrip(".")[:80]
    return safe if name and safe == name else f"{safe}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"
