"""Read a master: a jupytext percent script, as cells with a role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ANSWER = "answer:"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HEADER = re.compile(r"^# %%(?P<markdown> \[markdown\])?(?: tags=\[(?P<tags>[^\]]*)\])?\s*$")
CHECK = re.compile(r"^check\((\w+)")
DEFINES = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=(?!=)", re.MULTILINE)


class Role(StrEnum):
    """What a cell is for."""

    TEXT = "text"
    ANSWER = "answer"  # a text cell to be written by the student, tagged "answer:<question>"
    GIVEN = "given"  # code that is given to the student and needed by solutions: imports, constants
    SOLUTION = "solution"
    CHECK = "check"
    EXPERIMENT = "experiment"  # run by the student and by CI, not by the grader


@dataclass(frozen=True)
class Cell:
    """One cell of a master. `line` is where it starts in the file, for error messages."""

    role: Role
    source: str
    tags: tuple[str, ...] = ()
    line: int = 1

    @property
    def defines(self) -> tuple[str, ...]:
        """Names that stand on the left margin: functions, classes, assigned variables."""
        return tuple(function or variable for function, variable in DEFINES.findall(self.source))

    @property
    def answers(self) -> str | None:
        """The name of the written question that a text cell answers."""
        return next((tag.removeprefix(ANSWER) for tag in self.tags if tag.startswith(ANSWER)), None)

    @property
    def checks(self) -> str | None:
        """The name of the question that a check cell checks."""
        found = CHECK.match(self.source)
        return found.group(1) if found else None


@dataclass(frozen=True)
class Master:
    """The hand-written source of an assignment's notebook."""

    path: Path
    cells: tuple[Cell, ...]

    def solution_cell(self, question: str) -> Cell:
        """The solution cell that defines a question's function or value."""
        found = [cell for cell in self.cells if cell.role is Role.SOLUTION and question in cell.defines]
        if len(found) != 1:
            raise ValueError(f"{self.path.name}: {len(found)} solution cells define {question!r}; there must be one")
        return found[0]


def read_master(path: Path) -> Master:
    """Read a percent script."""
    return Master(path, tuple(_cells(path.read_text(encoding="utf-8").splitlines())))


def _cells(lines: list[str]) -> Iterator[Cell]:
    starts = [number for number, line in enumerate(lines) if HEADER.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        header = HEADER.match(lines[start])
        assert header
        tags = tuple(re.findall(r'"([^"]+)"', header.group("tags") or ""))
        body = lines[start + 1 : end]
        if header.group("markdown"):
            text = "\n".join(re.sub(r"^# ?", "", line) for line in body).strip("\n")
            written = any(tag.startswith(ANSWER) for tag in tags)
            yield Cell(Role.ANSWER if written else Role.TEXT, text, tags, start + 1)
        else:
            source = "\n".join(body).strip("\n")
            yield Cell(_role(source, tags), source, tags, start + 1)


def _role(source: str, tags: tuple[str, ...]) -> Role:
    if Role.EXPERIMENT in tags:
        return Role.EXPERIMENT
    if BEGIN in source:
        return Role.SOLUTION
    return Role.CHECK if CHECK.match(source) else Role.GIVEN


def without_markers(source: str) -> str:
    """A solution cell as one would write it oneself."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))
