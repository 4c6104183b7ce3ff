"""A made-up class: hand-ins made from the solution, the stub, right variants, known mistakes and broken files."""

from __future__ import annotations

import inspect
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, LoadedAssignment
from autograder.handin.written import mistaken_cell, solved_cells, write_notebook

NAMES = (
    "ada ahmed aiko amara anna ben bruno carla chen daniel dilara elena emil farah felix gabriel greta hana hugo ines",
    "ivan jana jonas kaya kofi lara leo lina luca maja malik marta mei milan nadia nils nora omar paula pavel priya",
    "rosa samir sara sofia tariq theo tomas uma vera viktor wei yara yusuf zoe",
)

ENDLESS = "def {name}(*arguments):\n    while True:\n        pass"
QUITS = "import os\n\ndef {name}(*arguments):\n    os._exit(0)"
PEEKS = "def {name}(*arguments):\n    return open('/etc/passwd').read()"


@dataclass(frozen=True)
class Sample:
    """One made-up hand-in: what it is, and how to write it to a path."""

    what: str
    write: Callable[[Path], object]


def write_class(course: Course, assignment: LoadedAssignment, folder: Path) -> dict[str, str]:
    """Write submitted/<student>/<assignment>/<notebook>.ipynb for a whole class; say who is what."""
    released = json.loads((course.assignments / assignment.name / f"{assignment.notebook}.ipynb").read_text("utf-8"))
    names = " ".join(NAMES).split()
    who = {}
    for number, sample in enumerate(_samples(assignment, released)):
        student = names[number % len(names)] + ("" if number < len(names) else str(number // len(names) + 1))
        place = folder / "submitted" / student / assignment.name
        place.mkdir(parents=True, exist_ok=True)
        sample.write(place / f"{assignment.notebook}.ipynb")
        who[student] = sample.what
    return who


def _samples(assignment: LoadedAssignment, released: dict[str, object]) -> Iterator[Sample]:
    solved = solved_cells(assignment)
    how_many = itertools.cycle((3, 1, 1, 2, 1))  # some mistakes are commoner than others

    def notebook(what: str, answers: dict[str, str]) -> Sample:
        return Sample(what, lambda path: write_notebook(path, released, answers))

    for _ in range(6):
        yield notebook("the solution", solved)
    yield notebook("not begun", {})
    yield notebook("all but the last question", dict(list(solved.items())[:-1]))
    for question in assignment.rubric.questions:
        for variant in question.variants:
            answer = f"{inspect.getsource(variant)}\n\n{question.name} = {variant.__name__}"
            yield notebook(f"right, {variant.__name__}", solved | {question.name: f"{_IMPORTS}\n\n{answer}"})
        for mistake in question.mistakes:
            cell = mistaken_cell(assignment, question.name, mistake)
            for _ in range(next(how_many)):
                yield notebook(f"{question.name}: {mistake.name}", solved | {question.name: cell})
    first, last = assignment.rubric.questions[0].name, assignment.rubric.questions[-1].name
    yield notebook("an endless loop", solved | {first: ENDLESS.format(name=first)})
    yield notebook("ends the process", solved | {last: QUITS.format(name=last)})
    yield notebook("reads a file of the host", solved | {last: PEEKS.format(name=last)})
    yield notebook("a syntax error", solved | {last: solved[last].replace("):", ")", 1)})
    yield Sample("no metadata", lambda path: _without_metadata(path, released, solved))
    yield Sample("an empty file", lambda path: path.write_bytes(b""))
    yield Sample("half a notebook", lambda path: path.write_bytes(json.dumps(released).encode()[:2000]))
    yield Sample("a picture", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256))))
    yield Sample("no notebook", lambda path: None)


_IMPORTS = "from numpy.lib.stride_tricks import sliding_window_view"


def _without_metadata(path: Path, released: dict[str, object], solved: dict[str, str]) -> None:
    """As some editors save it: sources and nothing else."""
    write_notebook(path, released, solved)
    data = json.loads(path.read_text("utf-8"))
    for cell in data["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    path.write_text(json.dumps(data | {"metadata": {}, "nbformat_minor": 4}), "utf-8")
