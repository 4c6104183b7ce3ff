"""What grading one hand-in needs, as bytes that can be sent elsewhere: no path in it, and nothing to unpickle."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.plan import Plan
from autograder.handin.notebook import notebook_bytes
from autograder.rubric.trained import Trained
from common.models.trained_file import MAX_FILE


@dataclass(frozen=True)
class Request:
    """One hand-in to grade. Whose it is plays no part. It holds the secret: it is for trusted machines only."""

    assignment: str
    digest: str  # of the assignment and the program that are to grade it
    secret: bytes = field(repr=False)
    notebook: bytes = field(repr=False)
    name: str = "The file"  # what the notebook is called in messages
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # that count beside the notebook
    refused: Mapping[str, str] = field(default_factory=dict)  # files that are there and were not read, and why
    question: str | None = None  # grade this one only

    def as_json(self) -> dict[str, Any]:
        """Plain values that JSON can hold; bytes as base64."""
        files = {name: base64.b64encode(content).decode() for name, content in self.files.items()}
        coded = {name: base64.b64encode(getattr(self, name)).decode() for name in ("secret", "notebook")}
        return {**vars(self), **coded, "files": files, "refused": dict(self.refused)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Request:
        """The request that `as_json` was called on."""
        files = {name: base64.b64decode(content) for name, content in data["files"].items()}
        coded = {name: base64.b64decode(data[name]) for name in ("secret", "notebook")}
        return cls(**{**data, **coded, "files": files})


def request_for(plan: Plan, notebook: Path) -> Request:
    """Read a hand-in's notebook and the files that count beside it; UnreadableError where there is no notebook."""
    files, refused = read_files(notebook.parent, (each.file for each in plan.questions if isinstance(each, Trained)))
    return Request(
        assignment=plan.assignment.name,
        digest=plan.digest,
        secret=plan.secret,
        notebook=notebook_bytes(notebook),
        name=notebook.name,
        files=files,
        refused=refused,
        question=plan.only,
    )


def read_files(folder: Path, names: Iterable[str]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of these names that are there: what is in them, or why they were not read."""
    files, refused = {}, {}
    for name in names:
        try:
            files[name] = read_file(folder, name)
        except FileNotFoundError:
            continue
        except (FileProblem, OSError) as problem:
            refused[name] = str(problem) if isinstance(problem, FileProblem) else "cannot be read"
    return files, refused


class FileProblem(Exception):
    """A file that is not read; the message is for the student."""


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
