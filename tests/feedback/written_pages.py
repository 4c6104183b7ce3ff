"""All pages of a result on disk, as `course grade` writes them: each hand-in's, then the class's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.feedback import write_class_page, write_feedback
from autograder.feedback.files import page_names
from autograder.feedback.similar import Given, Place
from autograder.grading.result import ClassResult


def write_pages(result: ClassResult, folder: Path, given: Mapping[Place, Given] | None = None) -> Path:
    """Write every page of a class; return the class page."""
    for submission, name in zip(result.submissions, page_names(result.submissions), strict=True):
        write_feedback(submission, result.titles.get(submission.assignment, submission.assignment), folder, name)
    return write_class_page(result, folder, given)
