"""The graded notebook that formgrader opens: the instructor's cells, the student's answers, our verdicts as output."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.building.names import check_id
from autograder.gradebook.comment import comment
from autograder.grading.result import SubmissionResult
from autograder.handin.submission import Submission
from common.cases import QuestionResult, Status

Notebook = Mapping[str, Any]  # as its JSON has it


def read_release(path: Path) -> Notebook:
    """A released notebook. It is our own: nothing in it need be checked or mended."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])  # a text, or its lines
    return notebook


def by_grade_id(release: Notebook) -> dict[str, Mapping[str, Any]]:
    """The cells that nbgrader knows."""
    cells = (cell for cell in release["cells"] if "nbgrader" in cell["metadata"])
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells}


def graded_notebook(release: Notebook, result: SubmissionResult) -> Notebook:
    """Answers and verdicts in a copy of the release. Nothing else of the hand-in is shown: no outputs, no HTML."""
    cells = by_grade_id(release)
    for question in result.questions:
        answer, check = cells[question.question], cells.get(check_id(question.question))
        if question.status is not Status.MISSING and question.code:
            # Text is rendered as Markdown in formgrader: no tag of a student's may take effect there.
            text = answer["cell_type"] == "markdown"
            source = html.escape(question.code, quote=False) if text else question.code
            cells[question.question] = {**answer, "source": source}
        if check is not None:
            cells[check_id(question.question)] = {**check, "outputs": [_output(question)]}
    named = (cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in release["cells"])
    return {**release, "cells": [cells.get(name, cell) for name, cell in zip(named, release["cells"], strict=True)]}


def graded_path(folder: Path, handed_in: SubmissionResult | Submission, name: str) -> Path:
    """Where nbgrader looks for a graded notebook."""
    return folder / "autograded" / handed_in.student / handed_in.assignment / f"{name}.ipynb"


def write_graded_notebook(folder: Path, notebook: Notebook, result: SubmissionResult, name: str) -> Path:
    """Write autograded/<student>/<assignment>/<name>.ipynb, whole or not at all."""
    path = graded_path(folder, result, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    # nbformat.write copies and checks it all, which takes longer than the rest of the writing.
    draft.write_text(json.dumps(notebook, sort_keys=True), encoding="utf-8")
    draft.replace(path)
    return path


def _output(question: QuestionResult) -> dict[str, str]:
    return {"output_type": "stream", "name": "stdout", "text": comment(question) + "\n"}
