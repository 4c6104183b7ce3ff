"""Grade a file that was handed in beside the notebook: read it with care, never run it."""

from __future__ import annotations

import dataclasses
import os
import stat
import time
from pathlib import Path

from autograder.grading.plan import Plan
from autograder.jail import Jails, Limits
from autograder.rubric.trained import Trained
from common.cases import QuestionResult, Status
from common.cases.judge import judge
from common.models.trained_file import MAX_FILE


class FileProblem(Exception):
    """A file that is not read; the message is for the student."""


def grade_file(jails: Jails, plan: Plan, question: Trained, folder: Path) -> QuestionResult:
    """Score a trained model. The notebook's code plays no part in it."""
    start = time.perf_counter()
    sheet = plan.sheets[question.name]
    try:
        content = read_file(folder, question.file)
    except FileNotFoundError:
        message = f"there is no file `{question.file}` beside the notebook: hand in what `save_trained` wrote."
        return QuestionResult(question.name, Status.MISSING, 0.0, sheet.max_score, message)
    except (FileProblem, OSError) as problem:
        reason = str(problem) if isinstance(problem, FileProblem) else "cannot be read"
        message = f"the file `{question.file}` {reason}."
        return QuestionResult(question.name, Status.REFUSED, 0.0, sheet.max_score, message)
    limits = Limits(call_seconds=question.seconds, memory_mib=question.memory_mib)
    jail = jails.with_packages(question.preload)
    result = judge(sheet, question.examine_file(content, sheet, lambda: jail.session(limits)))
    return dataclasses.replace(result, seconds=time.perf_counter() - start)


def read_file(folder: Path, name: str) -> bytes:
    """The bytes of a regular file of bounded size; no link is followed and no pipe is waited for."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise
    except OSError:
        raise FileProblem("is a link or cannot be opened") from None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise FileProblem("is no regular file")
        if found.st_size > MAX_FILE:
            raise FileProblem(f"is larger than {MAX_FILE // 2**20} MiB")
        return file.read(MAX_FILE)
