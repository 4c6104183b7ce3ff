"""Time our grader beside `nbgrader autograde` on the same hand-ins, and write docs/performance.md.

`python docs/bench.py [hand-ins for nbgrader] [hand-ins for ours]`. nbgrader gets the rubric's own fresh cases as test
cells, one per group, and grades the class with one command. Each tool is run three times, in turn; medians count.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autograder.course import find_course
from autograder.handin.written import mistaken_cell, solved_cells, write_notebook
from common.cases import Case, Value

PAGE = Path(__file__).parent / "performance.md"
ASSIGNMENT, SECRET, ROUNDS = "01_convolution", "a secret of the bench", 3
CONFIG = 'c = get_config()\nc.CourseDirectory.db_url = "sqlite:///gradebook.db"\nc.Execute.timeout = 30\n'
PREAMBLE = "import json as _json\nimport numpy as _np\n_cases = _np.load('expected.npz', allow_pickle=False)\n"


def test_cell(question: str, cases: Sequence[tuple[int, Case]], kind: str) -> str:
    """One group of cases as a test cell that an instructor would have written."""
    lines = [PREAMBLE]
    for number, case in cases:
        if kind == "value":
            lines.append(f"assert {question}[{case.group!r}] == {case.expected.value!r}")
            continue
        arguments = []
        for index, value in enumerate(case.inputs.values()):
            array = isinstance(value, np.ndarray)
            arguments.append(f"_cases['{question}_{number}_{index}']" if array else repr(value))
        call = f"{question}({', '.join(arguments)})"
        if case.expected.raised:
            lines.append(f"try:\n    {call}\nexcept {case.expected.raised.type}:\n    pass\nelse:\n    assert False")
            continue
        lines.append(f"_got = {call}")
        for part, got, _ in asked_for(case):
            lines.append(
                f"_np.testing.assert_allclose({got}, _cases['{question}_{number}{part}'], rtol=1e-4, atol=1e-4)"
            )
    return "\n".join(lines)


def asked_for(case: Case) -> list[tuple[str, str, Value]]:
    """What of an answer counts, all of it or some entries of a tuple: the end of its name, an expression, its value."""
    if not isinstance(case.expected.value, tuple):
        return [("", "_got", case.expected.value)]
    which = case.relation.settings["which"] if case.relation else range(len(case.expected.value))
    return [(f"_part{each}", f"_got[{each}]", case.expected.value[each]) for each in which]


def write_nbgrader_course(root: Path) -> None:
    """nbgrader's source folder with the same questions, groups, points and cases."""
    course = find_course()
    assignment = course.load(ASSIGNMENT)
    released = json.loads((course.assignments / ASSIGNMENT / "convolution.ipynb").read_text(encoding="utf-8"))
    arrays: dict[str, np.ndarray] = {}
    cells = []
    for cell in released["cells"]:
        graded = cell["metadata"].get("nbgrader", {})
        if not graded.get("grade"):
            if "experiment" not in cell["metadata"].get("tags", []):
                cells.append(cell)
            continue
        question = graded["grade_id"].removeprefix("check_")
        sheet = assignment.fresh_sheet(assignment.rubric[question], SECRET.encode())
        for number, case in enumerate(sheet.cases):
            if sheet.kind == "value" or case.expected.raised:
                continue
            for part, _, right in asked_for(case):
                arrays[f"{question}_{number}{part}"] = np.asarray(right)
            for index, value in enumerate(case.inputs.values()):
                if isinstance(value, np.ndarray):
                    arrays[f"{question}_{number}_{index}"] = value
        for group, points in sheet.points.items():
            mine = [(number, case) for number, case in enumerate(sheet.cases) if case.group == group]
            name = f"test_{question}_{group}".replace(" ", "_").replace(",", "")
            metadata = {**graded, "grade_id": name, "points": points}
            metadata.pop("checksum", None)
            source = test_cell(question, mine, sheet.kind)
            cells.append({**cell, "id": name[:64], "source": source, "metadata": {"nbgrader": metadata}})
    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / "convolution.ipynb").write_text(json.dumps({**released, "cells": cells}), encoding="utf-8")
    content = io.BytesIO()
    np.savez(content, **arrays)
    (folder / "expected.npz").write_bytes(content.getvalue())
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


def write_hand_ins(root: Path, template: Path, count: int) -> None:
    """A class: two right answers, then known mistakes in turn, each its own text so that nothing is found again."""
    assignment = find_course().load(ASSIGNMENT)
    solved = solved_cells(assignment)
    wrong = [
        {question.name: mistaken_cell(assignment, question.name, mistake)}
        for question in assignment.rubric.automatic
        for mistake in question.mistakes
    ]
    released = json.loads(template.read_text(encoding="utf-8"))
    for number, changes in zip(range(count), itertools.cycle([{}, {}, *wrong]), strict=False):
        answers = {name: f"{cell}\n# hand-in {number}" for name, cell in (solved | changes).items()}
        write_notebook(root / "submitted" / f"s{number:05}" / ASSIGNMENT / "convolution.ipynb", released, answers)


def seconds(command: Sequence[str], folder: Path) -> float:
    """Wall time of a whole command."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COURSE_SECRET": SECRET}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def time_nbgrader(root: Path) -> float:
    """One command for the class, nothing graded before."""
    for name in ("autograded", "gradebook.db"):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    seconds(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"], root)
    return seconds(["nbgrader", "autograde", ASSIGNMENT], root)


def time_ours(root: Path) -> float:
    """One command for the class, nothing graded before."""
    shutil.rmtree(root / "graded", ignore_errors=True)
    return seconds([sys.executable, "-m", "autograder.cli", "grade", "submitted"], root)


def main(theirs: int = 30, ours: int = 1000) -> None:
    """Time both, and ours on a single notebook, a large class and an unchanged one."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        small, large, few = root / "nbgrader", root / "large", root / "few"
        write_nbgrader_course(small)
        seconds(["nbgrader", "generate_assignment", ASSIGNMENT], small)
        write_hand_ins(small, small / "release" / ASSIGNMENT / "convolution.ipynb", theirs)
        released = find_course().assignments / ASSIGNMENT / "convolution.ipynb"
        write_hand_ins(few, released, theirs)
        write_hand_ins(large, released, ours)
        one = [sys.executable, "-m", "autograder.cli", "grade", f"submitted/s00000/{ASSIGNMENT}/convolution.ipynb"]
        again = [sys.executable, "-m", "autograder.cli", "grade", "submitted"]
        rounds = [
            (time_nbgrader(small), time_ours(few), time_ours(large), seconds(again, large), seconds(one, few))
            for _ in range(ROUNDS)
        ]
    medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
    PAGE.write_text(page(theirs, ours, *medians), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def page(theirs: int, ours: int, nbgrader: float, few: float, large: float, again: float, one: float) -> str:
    """The page with the numbers."""
    return f"""# Speed

Written by `python docs/bench.py {theirs} {ours}` on {os.cpu_count()} cores, Python {platform.python_version()}.

Medians of {ROUNDS} runs, the tools in turn, whole commands from a warm start. nbgrader gets the rubric's fresh cases as
test cells, one per group of cases, and runs them without a jail; ours runs each question in a jailed process.

| what | seconds | hand-ins a second |
| --- | --- | --- |
| `nbgrader autograde`, a class of {theirs} | {nbgrader:.1f} | {theirs / nbgrader:.2f} |
| `course grade`, the same class of {theirs} | {few:.1f} | {theirs / few:.1f} |
| `course grade`, a class of {ours} | {large:.1f} | {ours / large:.1f} |
| `course grade`, the class of {ours} again, nothing changed | {again:.1f} | |
| `course grade`, one notebook, from command to verdict | {one:.2f} | |

On classes of their sizes above, that is {ours / large / (theirs / nbgrader):.0f} times nbgrader's throughput.
"""


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
