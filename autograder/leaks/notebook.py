"""What a notebook gives away beside its text: outputs, counts, metadata that no release needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.leaks.leak import Kind

NOTEBOOK = {"kernelspec": {"display_name", "language", "name"}, "language_info": {"name", "file_extension", "mimetype"}}
# What nbconvert and a kernel say of the language; no names, no machine.
LANGUAGE = {"name", "file_extension", "mimetype", "codemirror_mode", "nbconvert_exporter", "pygments_lexer", "version"}
CELL = {"nbgrader", "tags", "editable", "deletable"}
NBGRADER = {"grade_id", "schema_version", "grade", "locked", "solution", "task", "points", "checksum", "cell_type"}
TOP = {"cells", "metadata", "nbformat", "nbformat_minor"}
KERNEL = re.compile(r"Python 3(?: \(ipykernel\))?|python3|python")
KEPT_OUTPUT = {"output_type", "name", "text", "data", "metadata", "execution_count"}

Trace = tuple[str, Kind, str]


def is_notebook(data: object) -> bool:
    """Whether parsed JSON is a notebook."""
    return isinstance(data, dict) and isinstance(data.get("cells"), list) and "nbformat" in data


def in_notebook(data: Mapping[str, Any], executed: bool) -> Iterator[Trace]:
    """(where, kind, what) of everything that should have been cleared. An executed one may hold results, not times."""
    for key in data.keys() - TOP:
        yield "notebook", Kind.METADATA, key
    yield from _notebook_metadata(data.get("metadata", {}), executed)
    for number, cell in enumerate(data["cells"], start=1):
        where = f"cell {number}"
        if not isinstance(cell, dict):
            yield where, Kind.METADATA, "a cell that is none"
            continue
        yield from _cell(where, cell, executed)


def _notebook_metadata(metadata: Mapping[str, Any], executed: bool) -> Iterator[Trace]:
    for key, value in metadata.items():
        known = LANGUAGE if executed and key == "language_info" else NOTEBOOK.get(key)
        if known is None or not isinstance(value, dict):
            yield "notebook metadata", Kind.METADATA, key
            continue
        for inner in value.keys() - known:
            yield "notebook metadata", Kind.METADATA, f"{key}.{inner}"
        if key == "kernelspec":
            for inner in value.keys() & known:
                if not KERNEL.fullmatch(str(value[inner])):
                    yield "notebook metadata", Kind.METADATA, f"{key}.{inner}"


def _cell(where: str, cell: Mapping[str, Any], executed: bool) -> Iterator[Trace]:
    metadata = cell.get("metadata", {})
    for key in metadata.keys() - CELL:
        yield f"{where}, metadata", Kind.METADATA, key
    graded = metadata.get("nbgrader", {})
    for key in graded.keys() - NBGRADER if isinstance(graded, dict) else ():
        yield f"{where}, metadata", Kind.METADATA, f"nbgrader.{key}"
    for key in cell.keys() - {"cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"}:
        yield where, Kind.METADATA, key
    outputs = cell.get("outputs") or []
    if executed:
        for output in outputs:
            for key in output.get("metadata", {}).keys() - {"image/png", "needs_background"}:
                yield f"{where}, output metadata", Kind.METADATA, key
        return
    if outputs:
        yield where, Kind.OUTPUT, str(outputs[0].get("output_type", "")) if isinstance(outputs[0], dict) else ""
    if cell.get("execution_count") is not None:
        yield where, Kind.COUNT, str(cell["execution_count"])
