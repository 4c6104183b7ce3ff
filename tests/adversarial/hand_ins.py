"""Hostile and unlucky hand-ins as whole notebooks: the type, and how one is written to a folder.

Each attacks one question of the small course beside this file and leaves the others of its assignment right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from autograder.course import Course, LoadedAssignment
from autograder.handin.written import solved_cells, solved_files, write_notebook

Notebook = dict[str, Any]

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Target:
    """A question to attack, and the others of its assignment, which must keep their points."""

    assignment: str
    notebook: str
    question: str
    points: float
    others: Mapping[str, float]

    @property
    def full(self) -> dict[str, float]:
        """The points of an honest hand-in, by question."""
        return {**self.others, self.question: self.points}


SCALE = Target("01_scaling", "scaling", "scale", 5.0, {"total": 2.0, "reverse": 3.0})
NETWORK = Target("02_networks", "networks", "network", 4.0, {"corners": 4.0, "halve": 2.0})
CORNERS = Target("02_networks", "networks", "corners", 4.0, {"network": 4.0, "halve": 2.0})


def nothing(*given: object) -> None:
    """Change nothing."""


@dataclass(frozen=True)
class HandIn:
    """One hand-in: its cell for the attacked question, the verdict it must get, and what other graders made of it.

    `nbgrader` and `otter` say what was measured there, of 5 points for a wrong answer, or nothing where nothing was.
    An accident `keeps` its points; `beside` are files handed in next to the notebook. `change` spoils the notebook,
    `spoil` the folder it lies in, once all is written.
    """

    what: str
    verdicts: tuple[str, ...]
    cell: str
    nbgrader: str = ""
    otter: str = ""
    keeps: bool = False
    says: str = ""  # part of the sentence that its author reads
    beside: Mapping[str, str | bytes] = field(default_factory=dict)
    change: Callable[[Notebook], object] = nothing
    spoil: Callable[[Path], object] = nothing
    encoding: str = "utf-8"
    target: Target = SCALE

    @property
    def points(self) -> float:
        """What the attacked question must earn."""
        return self.target.points if self.keeps else 0.0


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


Class = Mapping[str, HandIn | Target]  # by student; a target stands for an honest hand-in of its assignment


def target_of(member: HandIn | Target) -> Target:
    """The question that is attacked, or that an honest hand-in is compared by."""
    return member if isinstance(member, Target) else member.target


def write_hand_ins(course: Course, members: Class, submitted: Path, places: Places) -> None:
    """Write a folder for each student, the honest ones first: what others link to is there."""
    released = {target_of(member).assignment: Released.of(course, target_of(member)) for member in members.values()}
    for student, member in sorted(members.items(), key=lambda each: isinstance(each[1], HandIn)):
        assignment = target_of(member).assignment
        released[assignment].write(submitted / student / assignment, member, places)


@dataclass(frozen=True)
class Released:
    """An assignment as students get it, with its right answers."""

    notebook: str
    text: str
    solved: Mapping[str, str]
    files: Mapping[str, bytes]
    known: str

    @classmethod
    def of(cls, course: Course, target: Target) -> Released:
        """Read from a course that is built."""
        assignment = course.load(target.assignment)
        text = (course.assignments / target.assignment / f"{target.notebook}.ipynb").read_text(encoding="utf-8")
        known = learnt_by_heart(assignment) if target == SCALE else ""
        return cls(f"{target.notebook}.ipynb", text, solved_cells(assignment), solved_files(assignment), known)

    def write(self, folder: Path, member: HandIn | Target, places: Places) -> None:
        """One hand-in: the right answers, and over them what a hostile one does."""
        attack = member if isinstance(member, HandIn) else None
        cell = {attack.target.question: places.fill(attack.cell).replace("@PUBLIC@", self.known)} if attack else {}
        path = folder / self.notebook
        write_notebook(path, json.loads(self.text), {**self.solved, **cell})
        for name, content in {**self.files, **(attack.beside if attack else {})}.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        if attack:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            attack.change(notebook)
            path.write_text(json.dumps(notebook), encoding=attack.encoding)
            attack.spoil(folder)


def learnt_by_heart(assignment: LoadedAssignment) -> str:
    """A dict, as source, of the right answer to every public case."""
    sheet = assignment.public_sheet(assignment.rubric[SCALE.question])
    pairs = [((each.inputs["x"], each.inputs["factor"]), each.expected.value) for each in sheet.cases]
    return repr({(x.tobytes().hex(), factor): value.tolist() for (x, factor), value in pairs})


def students(hand_ins: Sequence[HandIn], honest: Sequence[Target]) -> dict[str, HandIn | Target]:
    """Names for a class in which the hostile and the honest alternate for as long as both last."""
    pairs: list[tuple[str, HandIn | Target]] = []
    for number in range(max(len(hand_ins), len(honest))):
        if number < len(hand_ins):
            pairs.append((f"{number:03}-hostile", hand_ins[number]))
        if number < len(honest):
            pairs.append((f"{number:03}-honest", honest[number]))
    return dict(pairs)
