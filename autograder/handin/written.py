"""Write hand-ins of our own: the released notebook with answers filled in, for self-tests and the sample class."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.course import LoadedAssignment
from autograder.rubric.mistake import Mistake
from autograder.rubric.trained import Trained


def solved_cells(assignment: LoadedAssignment) -> dict[str, str]:
    """The right answer to every question, as a student would have typed it."""
    return {question.name: assignment.reference.source(question.name) for question in assignment.rubric.automatic}


def solved_files(assignment: LoadedAssignment) -> dict[str, bytes]:
    """What is handed in beside a solved notebook: the reference's trained models, by file name."""
    found = {}
    for question in assignment.rubric.automatic:
        if isinstance(question, Trained):
            kept = assignment.reference.kept(question.name)
            found[question.file] = kept.read_bytes() if kept.is_file() else _trained(assignment, question.name)
    return found


def _trained(assignment: LoadedAssignment, question: str) -> bytes:
    from common.models.trained import as_file

    return as_file(assignment.reference[question]())


def mistaken_cell(assignment: LoadedAssignment, question: str, mistake: Mistake) -> str:
    """A known mistake as a cell a student might hand in."""
    if mistake.edit:
        return assignment.reference.edited(question, mistake)
    assert mistake.by
    right = assignment.reference.source(question)
    arguments = ", ".join(inspect.signature(assignment.reference[question]).parameters)
    wrong = f"def {question}({arguments}):\n    return _wrong(_right, {arguments})"
    return f"{right}\n\n_right = {question}\n\n{_as_source(mistake.by)}\n\n{wrong}"


def _as_source(by: Callable[..., Any]) -> str:
    """The function that makes a mistake as source that binds `_wrong`."""
    if by.__name__ != "<lambda>":
        return f"{inspect.getsource(by)}\n_wrong = {by.__name__}"
    code = by.__code__
    tree = ast.parse(Path(code.co_filename).read_text(encoding="utf-8"))
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno]
    if len(lambdas) != 1:
        raise ValueError(f"{code.co_filename}, line {code.co_firstlineno}: one lambda a line")
    (node,) = lambdas
    return f"_wrong = {ast.unparse(node)}"


def write_notebook(path: Path, released: Mapping[str, Any], answers: Mapping[str, str]) -> None:
    """Write the released notebook with the given solution cells replaced."""
    cells = [{**cell, "source": answers.get(_grade_id(cell), cell["source"])} for cell in released["cells"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**released, "cells": cells}, indent=1), encoding="utf-8")


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
