"""Feedback pages where nbgrader has its own, so that `nbgrader release_feedback` hands them out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.deadlines.receipts import SECRET, STAMP, claimed_time, first_bytes, stamp_of
from autograder.feedback.files import FEEDBACK
from autograder.gradebook.notebook import graded_path

if TYPE_CHECKING:
    from autograder.handin.submission import Submission

# What nbgrader writes beside a hand-in when it is submitted, and no more: a student can write anything there.
SECRETS = re.compile(rb"[0-9a-f]{128}")


def laid_out(folder: Path, submission: Submission, notebook: str) -> Path:
    """Where nbgrader looks for the feedback page of a hand-in."""
    return folder / FEEDBACK / submission.student / submission.assignment / f"{notebook}.html"


def lay_out(page: Path, folder: Path, submission: Submission, notebook: str) -> None:
    """Put a page at feedback/<student>/<assignment>/<notebook>.html, with its hand-in's address."""
    target = laid_out(folder, submission, notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    shutil.copyfile(page, draft)
    draft.replace(target)
    graded = graded_path(folder, submission, notebook).parent
    _address(submission, [target.parent, graded] if graded.is_dir() else [target.parent])


def _address(submission: Submission, places: Sequence[Path]) -> None:
    """Write what a student's own nbgrader finds the feedback by, where the hand-in came through the exchange."""
    if submission.path is None:
        return
    secret, claimed = first_bytes(submission.path.parent / SECRET), claimed_time(submission.path.parent)
    if SECRETS.fullmatch(secret) and claimed:
        for place in places:
            (place / SECRET).write_bytes(secret)
            (place / STAMP).write_text(stamp_of(claimed), encoding="ascii")
