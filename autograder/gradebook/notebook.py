"""The graded notebook that formgrader opens: the instructor's cells, the student's answers, our verdicts as output."""

from __future__ import annotations

import copy
import html
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.building.source import check_id
from autograder.gradebook.comment import comment
from autograder.grading.result import SubmissionResult
from common.cases import QuestionResult, Status


def graded_notebook(release: NotebookNode, result: SubmissionResult) -> NotebookNode:
    """Answers and verdicts in a copy of the release. Nothing else of the hand-in is shown: no outputs, no HTML."""
    # Only what is replaced is copied: the rest of a release is the same for every hand-in, and nobody writes into it.
    notebook: NotebookNode = copy.copy(release)
    notebook.cells = [copy.copy(cell) for cell in release.cells]
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    for question in result.questions:
        answer, check = cells[question.question], cells.get(check_id(question.question))
        if question.status is not Status.MISSING and question.code:
            # Text is rendered as Markdown in formgrader: no tag of a student's may take effect there.
            text = answer.cell_type == "markdown"
            answer.source = html.escape(question.code, quote=False) if text else question.code
        if check is not None:
            check.outputs = [_output(question)]
    return notebook


def graded_path(folder: Path, result: SubmissionResult, name: str) -> Path:
    """Where nbgrader looks for a graded notebook."""
    return folder / "autograded" / result.student / result.assignment / f"{name}.ipynb"


def write_graded_notebook(folder: Path, notebook: NotebookNode, result: SubmissionResult, name: str) -> Path:
    """Write autograded/<student>/<assignment>/<name>.ipynb, whole or not at all."""
    path = graded_path(folder, result, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    # nbformat.write copies and checks it all, which takes longer than the rest of the writing.
    draft.write_text(json.dumps(notebook, sort_keys=True), encoding="utf-8")
    draft.replace(path)
    return path


def _output(question: QuestionResult) -> NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=comment(question) + "\n")
