"""Hostile and unlucky hand-ins as whole notebooks: the type, and how one is written to a folder.

Each answers the question `scale` of the small course beside this file and leaves the two other questions right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from autograder.course import Course
from autograder.handin.written import solved_cells, write_notebook

Notebook = dict[str, Any]

ASSIGNMENT, NOTEBOOK, ATTACKED, POINTS = "01_scaling", "scaling", "scale", 5.0
OTHERS = {"total": 2.0, "reverse": 3.0}
HERE = Path(__file__).resolve().parent
ANY = ""  # a verdict that may differ from run to run: the points are what counts


@dataclass(frozen=True)
class HandIn:
    """One hand-in: its cell for the attacked question, the verdict it must get, and what other graders made of it.

    `nbgrader` and `otter` say what was measured there, of 5 points for a wrong answer, or nothing where nothing was.
    An accident `keeps` its points; `beside` are files handed in next to the notebook.
    """

    what: str
    verdicts: tuple[str, ...]
    cell: str
    nbgrader: str = ""
    otter: str = ""
    keeps: bool = False
    beside: Mapping[str, str | bytes] = field(default_factory=dict)
    change: Callable[[Notebook], object] = lambda notebook: None

    @property
    def points(self) -> float:
        """What the attacked question must earn."""
        return POINTS if self.keeps else 0.0


@dataclass(frozen=True)
class Places:
    """Where the attacker would find what is worth having: every hand-in is told, as if it had guessed."""

    gradebook: Path
    solutions: Path
    submitted: Path
    sibling: Path

    def fill(self, source: str) -> str:
        """The source with the names of places filled in."""
        for name, path in vars(self).items():
            source = source.replace(f"@{name.upper()}@", str(path))
        return source


def attack(what: str, verdicts: str, cell: str, **more: Any) -> HandIn:
    """A hand-in that must get nothing; the verdicts are words, `cell` is indented source."""
    return HandIn(what, tuple(verdicts.split()), dedent(cell).strip("\n"), **more)


def inside(what: str, verdicts: str, body: str, **more: Any) -> HandIn:
    """An attack whose answer runs `body` and then returns a wrong number."""
    lines = dedent(body).strip("\n").splitlines()
    cell = "\n".join(["import os, sys, ctypes, gc", "def scale(x, factor):", *(f"    {line}" for line in lines)])
    return HandIn(what, tuple(verdicts.split()), f"{cell}\n    return 7", **more)


def accident(what: str, cell: str, **more: Any) -> HandIn:
    """A right answer in an unlucky hand-in: it keeps its points."""
    return HandIn(what, ("passed",), dedent(cell).strip("\n"), keeps=True, **more)


def write_hand_ins(course: Course, hand_ins: Mapping[str, HandIn | None], submitted: Path, places: Places) -> None:
    """Write a folder for each student; None is an honest hand-in."""
    assignment = course.load(ASSIGNMENT)
    solved = solved_cells(assignment)
    text = (course.assignments / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8")
    known = learnt_by_heart(course)
    for student, hand_in in hand_ins.items():
        folder = submitted / student / ASSIGNMENT
        answers = (
            solved if hand_in is None else solved | {ATTACKED: places.fill(hand_in.cell).replace("@PUBLIC@", known)}
        )
        path = folder / f"{NOTEBOOK}.ipynb"
        write_notebook(path, json.loads(text), answers)
        if hand_in is None:
            continue
        notebook = json.loads(path.read_text(encoding="utf-8"))
        hand_in.change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        for name, content in hand_in.beside.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def learnt_by_heart(course: Course) -> str:
    """A dict, as source, of the right answer to every public case."""
    assignment = course.load(ASSIGNMENT)
    sheet = assignment.public_sheet(assignment.rubric[ATTACKED])
    pairs = [((each.inputs["x"], each.inputs["factor"]), each.expected.value) for each in sheet.cases]
    return repr({(x.tobytes().hex(), factor): value.tolist() for (x, factor), value in pairs})


def students(hand_ins: Sequence[HandIn], honest: int) -> dict[str, HandIn | None]:
    """Names for a class in which the hostile and the honest alternate for as long as both last."""
    pairs: list[tuple[str, HandIn | None]] = []
    for number in range(max(len(hand_ins), honest)):
        if number < len(hand_ins):
            pairs.append((f"{number:03}-hostile", hand_ins[number]))
        if number < honest:
            pairs.append((f"{number:03}-honest", None))
    return dict(pairs)
