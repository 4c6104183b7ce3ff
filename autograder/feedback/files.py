"""Pages on disk: safe names, whole files or none."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograder.feedback.classroom import class_page
from autograder.feedback.similar import Given, Place, similar_pairs
from autograder.feedback.similar_page import PAIR, answers_digest, similar_page
from autograder.feedback.student import feedback_page
from autograder.grading.kept import key, this_program
from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from autograder.handin.submission import Submission

CLASS_PAGE = "class.html"
SIMILAR_PAGE = "similar.html"
FEEDBACK = "feedback"  # the folder of the students' pages, beside the class page


def write_feedback(result: SubmissionResult, title: str, folder: Path, name: str) -> Path:
    """Write a hand-in's feedback page, under its name, where the class page in `folder` links it; return its path."""
    path = feedback_path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, feedback_page(result, title))
    return path


def feedback_path(folder: Path, name: str) -> Path:
    """Where the feedback page of that name lies."""
    return folder / FEEDBACK / name


def write_class_page(result: ClassResult, folder: Path, given: Mapping[Place, Given] | None = None) -> Path:
    """Write the class page, which links the feedback pages; return its path. It is to be written last of all.

    With `given`, the starters of questions by assignment and name, a page of similar answers is written too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    links = {index: f"{FEEDBACK}/{name}" for index, name in enumerate(page_names(result.submissions))}
    similar = _similar(result, folder / SIMILAR_PAGE, links, given) if given else 0
    _write_whole(folder / CLASS_PAGE, class_page(result, links, similar, _class_digest(result, given)))
    return folder / CLASS_PAGE


def class_stands(
    result: ClassResult,
    folder: Path,
    unchanged: Collection[tuple[str, str]],
    given: Mapping[Place, Given] | None = None,
) -> bool:
    """Whether the class page shows these hand-ins already, and not one has changed since. It is written last of all."""
    graded = (each for each in result.submissions if each.status is SubmissionStatus.GRADED)
    if any((each.student, each.assignment) not in unchanged for each in graded):
        return False
    seal = f'data-class="{_class_digest(result, given)}"'
    return seal in _beginning(folder / CLASS_PAGE) and (not given or (folder / SIMILAR_PAGE).exists())


def _class_digest(result: ClassResult, given: Mapping[Place, Given] | None) -> str:
    """A digest of which hand-ins there are and of all that is shown of them besides how they were graded."""
    hand_ins = [
        part
        for each in result.submissions
        for part in (each.student, each.assignment, each.status, each.reason, f"{each.sandboxed} {each.late}")
    ]
    repairs = [part for each in result.submissions for part in (each.student, *each.repairs) if each.repairs]
    starts = [part for place, start in (given or {}).items() for part in (*place, start.starter, *start.known)]
    titles = [part for title in result.titles.items() for part in title]
    return key(this_program(), hand_ins, repairs, starts, titles, str(result.interrupted))


def _beginning(path: Path) -> str:
    """The first lines of a page, where what it was made from is noted; nothing where there is no page."""
    with contextlib.suppress(OSError), path.open(encoding="utf-8") as file:
        return file.read(30_000)
    return ""


def _similar(result: ClassResult, path: Path, links: Mapping[int, str], given: Mapping[Place, Given]) -> int:
    """Write the page of similar answers, unless it is there already for the same class; say how many pairs it has."""
    digest = answers_digest(result, given)
    with contextlib.suppress(OSError):
        page = path.read_text(encoding="utf-8")
        if f'data-answers="{digest}"' in page[:30_000]:
            return page.count(PAIR)
    pairs = similar_pairs(result, given)
    _write_whole(path, similar_page(pairs, links, result.titles, digest))
    return len(pairs)


def page_names(submissions: Sequence[SubmissionResult | Submission]) -> list[str]:
    """A file name per hand-in: readable, the same on every run, never the same twice."""
    taken: set[str] = set()
    names = []
    for submission in submissions:
        stem = _stem(submission.student, submission.assignment)
        name, copy = f"{stem}.html", 1
        while name in taken:  # one student handed in one assignment more than once
            copy += 1
            name = f"{stem}-{copy}.html"
        taken.add(name)
        names.append(name)
    return names


def _stem(student: str, assignment: str) -> str:
    """ "ada-lovelace-01-convolution-3f2a9c1b": the digest tells apart what the letters do not."""
    key = f"{student}\0{assignment}".encode("utf-8", "surrogatepass")
    return f"{_slug(student) or 'student'}-{_slug(assignment) or 'assignment'}-{hashlib.sha256(key).hexdigest()[:10]}"


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-")


def _write_whole(path: Path, page: str) -> None:
    """Write beside the target, then move: a reader sees the old page or the new one, never half of one."""
    draft = path.with_name(f".draft-{path.name}")  # always the same: what a killed run left is written over
    draft.unlink(missing_ok=True)  # it may be a link that somebody planted
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o644)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
