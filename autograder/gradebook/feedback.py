"""Feedback pages where nbgrader has its own, so that `nbgrader release_feedback` hands them out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.deadlines.receipts import SECRET, STAMP, claimed_time, first_bytes, stamp_of
from autograder.feedback.files import FEEDBACK, page_names
from autograder.gradebook.notebook import graded_path
from autograder.grading.result import ClassResult

if TYPE_CHECKING:
    from autograder.handin.submission import Submission

# What nbgrader writes beside a hand-in when it is submitted, and no more: a student can write anything there.
SECRETS = re.compile(rb"[0-9a-f]{128}")


def lay_out(
    result: ClassResult,
    report: Path,
    folder: Path,
    notebooks: Mapping[str, str],
    submissions: Sequence[Submission],
    unchanged: Collection[tuple[str, str]],
) -> None:
    """Put each page of `report` at feedback/<student>/<assignment>/<notebook>.html, with its hand-in's address.

    `notebooks` has the notebook's name of each assignment; a hand-in of another one is left out.
    """
    handed_in = {(each.student, each.assignment): each for each in submissions}
    for each, page in zip(result.submissions, page_names(result.submissions), strict=True):
        notebook, who = notebooks.get(each.assignment), (each.student, each.assignment)
        if notebook is None:
            continue
        place = folder / FEEDBACK / each.student / each.assignment
        target = place / f"{notebook}.html"
        if who in unchanged and target.exists():
            continue  # a person may have marked it since, and given feedback by nbgrader
        place.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        shutil.copyfile(report / FEEDBACK / page, draft)
        draft.replace(target)
        graded = graded_path(folder, each, notebook).parent
        if who in handed_in:
            _address(handed_in[who], [place, graded] if graded.is_dir() else [place])


def _address(submission: Submission, places: Sequence[Path]) -> None:
    """Write what a student's own nbgrader finds the feedback by, where the hand-in came through the exchange."""
    if submission.path is None:
        return
    secret, claimed = first_bytes(submission.path.parent / SECRET), claimed_time(submission.path.parent)
    if SECRETS.fullmatch(secret) and claimed:
        for place in places:
            (place / SECRET).write_bytes(secret)
            (place / STAMP).write_text(stamp_of(claimed), encoding="ascii")
