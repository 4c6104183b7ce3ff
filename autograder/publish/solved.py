"""Solutions as students read them: the solved notebook, run in a kernel, without a trace of where and when it ran."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from autograder.building.release import release_notebook
from autograder.building.source import KERNEL, source_notebook
from autograder.course import CourseError, LoadedAssignment
from autograder.handin.written import solved_cells, solved_files, write_notebook
from autograder.leaks.traces import Traces
from autograder.publish.folder import list_files
from autograder.rubric.master import Role, without_markers
from common.cases.frozen import FILE

INLINE = "module://matplotlib_inline.backend_inline"
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
# A warning names the file of a cell, an object its address, a log its time: none of it is part of a solution.
SCRUBBED = (
    (re.compile(r"(?:/[^\s/:\"'<>]+)*/ipykernel_\d+/\d+\.py"), "cell"),
    (re.compile(r"(?:/[^\s/:\"'<>]+)+/(?:site-packages|lib/python3[.\d]*)/"), ""),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "…"),
    (re.compile(r"\b0x[0-9a-f]{8,}\b"), "0x…"),
)


def write_solutions(assignment: LoadedAssignment, cases: bytes, folder: Path, traces: Traces, seconds: int) -> None:
    """Write NAME_solution.ipynb and NAME_solution.html."""
    notebook = scrubbed(executed(assignment, cases, seconds), traces)
    folder.mkdir(parents=True)
    name = f"{assignment.notebook}_solution"
    text = nbformat.writes(notebook)
    (folder / f"{name}.ipynb").write_text(f"{text}\n", encoding="utf-8")
    title = {"metadata": {"name": f"{assignment.rubric.title}: solution"}}
    page, _ = HTMLExporter().from_notebook_node(notebook, title)  # type: ignore[no-untyped-call]
    (folder / f"{name}.html").write_text(page, encoding="utf-8")
    list_files(folder)


def executed(assignment: LoadedAssignment, cases: bytes, seconds: int) -> NotebookNode:
    """The solved notebook after a run from top to bottom. Every check must give all points."""
    answers = solved_cells(assignment) | {
        cell.answers: without_markers(cell.source)
        for cell in assignment.master.cells
        if cell.role is Role.ANSWER and cell.answers
    }
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{assignment.notebook}.ipynb"
        write_notebook(path, release_notebook(source_notebook(assignment)), answers)
        for name, content in {FILE: cases, **solved_files(assignment)}.items():
            (path.parent / name).write_bytes(content)
        notebook = nbformat.read(path, as_version=4)
        report = path.with_suffix(".report")
        environment = os.environ | {"MPLBACKEND": INLINE, "COURSE_CHECK_REPORT": os.fspath(report)}
        client = NotebookClient(
            notebook,
            timeout=seconds,
            record_timing=False,
            extra_arguments=["--log-level=40"],  # a kernel on this machine alone may talk without a key
            resources={"metadata": {"path": os.fspath(path.parent)}},
        )
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            last = re.sub(r"\x1b\[[0-9;]*m", "", str(problem)).strip().splitlines()[-1]
            raise CourseError(f"{assignment.name}: the solved notebook does not run: {last}") from problem
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    _insist_on_all_points(assignment, [json.loads(line) for line in lines])
    return notebook


def scrubbed(notebook: NotebookNode, traces: Traces) -> NotebookNode:
    """Without what tells of this machine: paths, names, addresses and times in outputs, metadata of the kernel."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({"tags": cell.metadata.tags} if "tags" in cell.metadata else {})
        if "outputs" in cell:
            cell.outputs = [nbformat.from_dict(_clean(output, traces)) for output in cell.outputs]
    return notebook


def _clean(data: Any, traces: Traces) -> Any:
    if isinstance(data, str):
        for pattern, instead in SCRUBBED:
            data = pattern.sub(instead, data)
        for trace in sorted((*traces.places, *traces.names), key=len, reverse=True):
            data = re.sub(re.escape(trace), "…", data, flags=re.IGNORECASE)
        return data
    if isinstance(data, dict):
        # A picture is left as it is: in base64 any of this would be chance.
        kept = {key for key in data if key.startswith("image/") and "svg" not in key}
        return {key: value if key in kept else _clean(value, traces) for key, value in data.items()}
    return [_clean(each, traces) for each in data] if isinstance(data, list) else data


def _insist_on_all_points(assignment: LoadedAssignment, checks: list[dict[str, Any]]) -> None:
    right = {each["name"] for each in checks if each["score"] == each["max_score"]}
    if wrong := [each.name for each in assignment.rubric.automatic if each.name not in right]:
        raise CourseError(f"{assignment.name}: the solution does not pass the check of {wrong[0]}.")
