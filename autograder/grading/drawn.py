"""Fresh cases are drawn once for a secret: several questions side by side, and kept in a folder beside it.

To know what each known mistake of a deep network gives takes from seconds to half a minute. What is kept is as secret
as the secret, and is found again only while assignment, secret, this program and its packages are what they were.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.course import Course, LoadedAssignment
from autograder.grading.kept import key, this_program, versions_of
from autograder.grading.sheet_bytes import from_bytes, to_bytes
from autograder.grading.workers import Answer, Workers
from autograder.rubric.question import Question
from common.cases import Sheet
from common.wire import WireError

FOLDER = ".course-drawn"
LONG = ("model", "trained", "training", "layer")  # kinds whose questions take longest: begun first
# What hidden images are drawn with, besides what results depend on anyway.
PACKAGES = ("matplotlib", "scikit-learn", "scipy")


def draw_ahead(
    course: Course, name: str, secret: bytes, only: str | None, folder: Path | None, reuse: bool = True, jobs: int = 1
) -> None:
    """Have the fresh sheets of an assignment drawn, or found in `folder`, where all that asks for them finds them."""
    assignment = course.load(name)
    questions = [each for each in assignment.rubric.questions if only in (None, each.name)]
    basis = _basis(course, name, secret)
    marks = {each.name: key(basis, each.name) for each in questions}
    kept = _find(folder, name, marks) if folder and reuse else {}
    missing = [each for each in questions if each.name not in kept]
    for question, content in _drawn(assignment, missing, secret, jobs):
        if folder and content:
            _keep(folder, name, question, marks[question], content)
        kept |= {question: from_bytes(content)} if content else {}
    assignment.drawn.update({(question, secret): sheet for question, sheet in kept.items()})


def _basis(course: Course, name: str, secret: bytes) -> str:
    """A digest of all that the sheets of an assignment depend on."""
    folder = course.solutions / name
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = [f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths]
    return key("drawn", this_program(), versions_of(PACKAGES), files, name, secret)


def _drawn(
    assignment: LoadedAssignment, questions: Sequence[Question], secret: bytes, jobs: int
) -> Iterator[tuple[str, bytes]]:
    """The sheet of each question, as they come; empty where it cannot be sent, and must be drawn where it is needed."""
    questions = sorted(questions, key=lambda each: each.kind not in LONG)

    def begin() -> Answer:
        return lambda number: _draw(assignment, questions[number], secret)

    if jobs < 2 or len(questions) < 2 or _computes_already():
        yield from ((each.name, _draw(assignment, each, secret)) for each in questions)
        return
    with Workers(begin, jobs, len(questions)) as workers:
        yield from ((questions[number].name, content or b"") for number, content in workers.answers())


def _draw(assignment: LoadedAssignment, question: Question, secret: bytes) -> bytes:
    try:
        return to_bytes(assignment.fresh_sheet(question, secret))
    except Exception:  # whoever needs it draws it anew, and is told what is wrong with it
        return b""


def _computes_already() -> bool:
    """Whether a backend of Keras has threads at work, which would be missing in a forked process."""
    if "keras" not in sys.modules:
        return False
    context = sys.modules.get("tensorflow.python.eager.context")
    return {"jax", "torch"} & set(sys.modules) != set() or context is None or context.context()._initialized


def _find(folder: Path, name: str, marks: Mapping[str, str]) -> dict[str, Sheet]:
    """The sheets that are kept. One that is damaged is not there."""
    found = {}
    for question, mark in marks.items():
        with contextlib.suppress(OSError, WireError, ValueError, TypeError):
            seal, _, content = (folder / _file(name, question, mark)).read_bytes().partition(b"\n")
            if seal.decode("ascii") == hashlib.sha256(content).hexdigest():
                found[question] = from_bytes(content)
    return found


def _keep(folder: Path, name: str, question: str, mark: str, content: bytes) -> None:
    """Keep a sheet in the place of the one before. Where nothing can be written, it is drawn again the next time."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / _file(name, question, mark)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        draft.replace(path)
        for other in folder.glob(_file(name, question, "*")):
            if other != path:
                other.unlink(missing_ok=True)


def _file(name: str, question: str, mark: str) -> str:
    return f"{name}.{question}.{mark[:32]}"
