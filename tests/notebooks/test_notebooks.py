"""Every notebook runs from top to bottom in a real kernel: the solved one with full marks in every card."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import find_course
from autograder.handin.written import solved_cells, write_notebook

COURSE = find_course()
SMOKE_SECONDS = 60  # for a cell; the goal is 20 for all on a quiet machine, 60 where a network trains
EARLY = 8  # cells in which a figure must have been


@pytest.mark.parametrize("name", COURSE.names())
def test_a_solved_notebook_runs_in_smoke_mode_and_passes_every_check(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = run(name, tmp_path, monkeypatch, solved=True)
    checked = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith("check(")]
    assert len(checked) == len(COURSE.load(name).rubric.automatic)
    for cell in checked:
        shown = cell.outputs[0].data["text/plain"]
        assert " so far" not in shown and "points" in shown, f"{cell.source}\n{shown}"
    assert figures(notebook) >= 1


@pytest.mark.parametrize("name", COURSE.names())
def test_a_figure_stands_early_and_runs_before_anything_was_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = run(name, tmp_path, monkeypatch, solved=False, cells=EARLY)
    assert figures(notebook) >= 1


def run(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, solved: bool, cells: int | None = None
) -> nbformat.NotebookNode:
    """Execute a copy of the released folder. An untouched one goes on after the errors of its empty functions."""
    monkeypatch.setenv("COURSE_MODE", "smoke")
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    assignment = COURSE.load(name)
    home = shutil.copytree(COURSE.assignments / name, folder / name)
    path = home / f"{assignment.notebook}.ipynb"
    if solved:
        write_notebook(path, json.loads(path.read_text(encoding="utf-8")), solved_cells(assignment))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = notebook.cells[:cells]
    client = NotebookClient(
        notebook, timeout=SMOKE_SECONDS, allow_errors=not solved, resources={"metadata": {"path": os.fspath(home)}}
    )
    return client.execute()


def figures(notebook: nbformat.NotebookNode) -> int:
    return sum(figures_of(cell) for cell in notebook.cells)


def figures_of(cell: nbformat.NotebookNode) -> int:
    return sum("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
