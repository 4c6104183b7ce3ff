"""Grade a class of hand-ins by `course grade`, and look afterwards for anything it left behind."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hand_ins import HERE, SCALE, Class, Places, write_hand_ins

from autograder.building.release import build, write
from autograder.course import Course

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Graded:
    """What came of a class: each student's result as in results.json, how long it took, what was left behind."""

    results: Mapping[str, Mapping[str, Any]]
    seconds: float
    left_behind: tuple[str, ...]
    folder: Path

    def scores(self, student: str) -> dict[str, float]:
        """The points by question."""
        return {each["name"]: float(each["score"]) for each in self.results[student]["questions"]}

    def question(self, student: str, question: str) -> Mapping[str, Any]:
        """All of one question's result."""
        return next(each for each in self.results[student]["questions"] if each["name"] == question)


def small_course(root: Path, assignments: Collection[str] = ()) -> Course:
    """The course beside this file, built in a folder of its own; of its assignments some only, where they are named."""
    (root / "solutions").symlink_to(HERE / "course" / "solutions")
    course = Course(root)
    for name in assignments or course.names():
        write(course, build(course, course.load(name)))
    return course


def grade_class(course: Course, members: Class, home: Path, *options: str) -> Graded:
    """Write the hand-ins, grade them as an instructor would, and take stock."""
    submitted, temporary = home / "submitted", home / "tmp"
    submitted.mkdir(parents=True)
    temporary.mkdir()
    honest = next(student for student, member in members.items() if member == SCALE)
    sibling = submitted / honest / SCALE.assignment / f"{SCALE.notebook}.ipynb"
    places = Places(home / "graded" / "gradebook.db", course.solutions, submitted, sibling)
    write_hand_ins(course, members, submitted, places)
    before = _stock(home, submitted)
    environment = {**os.environ, "COURSE_ROOT": str(course.root), "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "autograder.cli", "grade", "submitted", "--json", "--fresh", *options]
    _adopt_orphans()
    ours = _children()  # jails of other tests in this process
    started = time.monotonic()
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    assert done.returncode == 0, done.stderr[-3000:]
    left = (*_left_behind(ours), *_new(before, _stock(home, submitted)), *map(str, temporary.iterdir()))
    results = {each["student"]: each for each in json.loads(done.stdout)["submissions"]}
    return Graded(results, seconds, left, home / "graded")


def _adopt_orphans() -> None:
    """Become the parent of whatever loses its own, so that nothing that is left can hide."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _children() -> set[str]:
    """Living processes that this one started, or that were left to it."""
    me, found = str(os.getpid()), set()
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else []
            if fields and fields[1] == me and fields[0] != "Z":
                found.add(f"process {entry.name}: {(entry / 'cmdline').read_text()[:100]!r}")
        except OSError:
            continue
    return found


def _left_behind(ours: set[str], seconds: float = 10.0) -> set[str]:
    """Processes that still live after some seconds: on a busy machine a killed one takes a while to go."""
    deadline = time.monotonic() + seconds
    while (left := _children() - ours) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _stock(home: Path, submitted: Path) -> dict[str, str]:
    """Hand-ins by their content, sockets and pipes anywhere in the folder, mounts of this process."""
    stock = {f"mount {line.split(' ', 5)[4]}": "" for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    for path in home.rglob("*"):
        mode = path.lstat().st_mode
        if path.is_relative_to(submitted):
            stock[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else "folder"
        elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            stock[str(path)] = "neither file nor folder"
    return stock


def _new(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [f"changed: {name}" for name in {*before, *after} if before.get(name) != after.get(name)]
