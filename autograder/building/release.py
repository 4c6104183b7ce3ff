"""Turn a source notebook into the one that students get, by nbgrader's own preprocessors."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

from autograder.building.source import source_notebook
from autograder.course import Course, LoadedAssignment
from common.cases.frozen import FILE, freeze

STUB = "# Write your code here.\nraise NotImplementedError"
TEXT_STUB = "*Write your answer here.*"
# The steps of `nbgrader generate_assignment`, in its order, without the one that writes to a database.
STEPS = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)


@dataclass(frozen=True)
class BuiltFile:
    """One file of an assignment, its place below the course root and its bytes."""

    path: Path
    content: bytes


def release_notebook(source: NotebookNode) -> NotebookNode:
    """Solutions cut out, cells locked, checksums computed."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    notebook, resources = copy.deepcopy(source), {"unique_key": "", "output_files_dir": ""}
    for step in STEPS:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def build(course: Course, assignment: LoadedAssignment) -> list[BuiltFile]:
    """All files of one assignment: nbgrader's source folder and the student's folder."""
    source = source_notebook(assignment)
    cases = frozen_cases(assignment)
    name = f"{assignment.notebook}.ipynb"
    files = []
    for folder, notebook in ((course.sources, source), (course.assignments, release_notebook(source))):
        place = folder.relative_to(course.root) / assignment.name
        files += [BuiltFile(place / name, _as_bytes(notebook)), BuiltFile(place / FILE, cases)]
    return files


def write(course: Course, files: list[BuiltFile]) -> None:
    """Write what is new; an unchanged file keeps its date."""
    for file in stale(course, files):
        path = course.root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".new")
        draft.write_bytes(file.content)
        draft.replace(path)


def stale(course: Course, files: list[BuiltFile]) -> list[BuiltFile]:
    """The files on disk that are missing or not what the master gives."""
    return [file for file in files if not _is(course.root / file.path, file.content)]


def leftovers(course: Course, files: list[BuiltFile]) -> list[Path]:
    """Files in the student's folder that no master gives: nothing else may be released."""
    built = {course.root / file.path for file in files}
    folders = {path.parent for path in built if path.is_relative_to(course.assignments)}
    found = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path not in built)


def frozen_cases(assignment: LoadedAssignment) -> bytes:
    """The public cases of all questions, as the bytes of cases.npz."""
    sheets = [assignment.public_sheet(question) for question in assignment.rubric.questions]
    sheets = [sheet for sheet in sheets if sheet.cases]  # a written answer is not checked
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        freeze(path, assignment.name, sheets)
        return path.read_bytes()


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _as_bytes(notebook: NotebookNode) -> bytes:
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return f"{text}\n".encode()
