"""Time our grader beside `nbgrader autograde` on the same hand-ins; write docs/performance.md and its plot.

nbgrader gets the rubric's own fresh cases as test cells, one per group, and grades the class with one command. It runs
without a jail; ours runs every answer in a jailed process. The tools take turns; medians count.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import page
from classes import KERAS, NUMPY, SECRET, make_course, write_for_nbgrader, write_hand_ins, write_solved
from measured import Run, run
from nbgrader.api import Gradebook

from autograder.course import Course, find_course

COURSE = (sys.executable, "-m", "autograder.cli", "grade")


def options() -> argparse.Namespace:
    """Sizes of the classes; the defaults take about an hour."""
    parser = argparse.ArgumentParser(prog="docs/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each timing is taken (default 3)")
    parser.add_argument("--numpy", type=int, default=60, help="hand-ins that both grade on the NumPy assignment")
    parser.add_argument("--keras", type=int, default=40, help="hand-ins that both grade on the Keras assignment")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300, 1000, 3000, 10000], help="our classes alone")
    parser.add_argument("--page", type=Path, default=page.PAGE, help="where to write (default docs/performance.md)")
    return parser.parse_args()


def main() -> None:
    """Measure, then write the page."""
    asked = options()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        course = make_course(root / "course")
        bench = Bench(course, root)
        pairs = {name: bench.side_by_side(name, count, asked.rounds) for name, count in counts(asked).items()}
        single = {name: bench.single(name, asked.rounds) for name in (NUMPY, KERAS)}
        starts = {name: bench.starts(name) for name in find_course().names()}
        growth = {size: bench.class_of(size) for size in asked.sizes}
        agreed = {name: bench.agreed(name) for name in pairs}
        written = page.Numbers(counts(asked), pairs, single, starts, growth, agreed, asked.rounds)
    page.write(written, asked.page)
    print(asked.page.read_text(encoding="utf-8"))


def counts(asked: argparse.Namespace) -> dict[str, int]:
    """Hand-ins of the side-by-side classes, by assignment."""
    return {NUMPY: asked.numpy, KERAS: asked.keras}


class Bench:
    """The folders in which the commands run."""

    def __init__(self, course: Course, root: Path) -> None:
        self.course, self.root = course, root

    def side_by_side(self, name: str, count: int, rounds: int) -> tuple[Run, Run]:
        """nbgrader's and our run over the same class: medians of time, the most memory."""
        theirs, ours = self.root / f"nbgrader-{name}", self.root / f"ours-{name}"
        assignment = self.course.load(name)
        write_for_nbgrader(self.course, name, theirs)
        self._run(("nbgrader", "generate_assignment", name), theirs)
        template = theirs / "release" / name / f"{assignment.notebook}.ipynb"
        write_hand_ins(assignment, template, theirs, count)
        write_hand_ins(assignment, self._released(name), ours, count)
        taken = [(self._autograde(name, theirs), self._grade(ours)) for _ in range(rounds)]
        return median([each[0] for each in taken]), median([each[1] for each in taken])

    def single(self, name: str, rounds: int) -> Run:
        """One notebook, from command to verdict, nothing kept from before."""
        folder = self.root / f"ours-{name}"
        notebook = f"submitted/s00000/{name}/{self.course.load(name).notebook}.ipynb"
        return median([self._run((*COURSE, notebook, "--fresh"), folder) for _ in range(rounds)])

    def starts(self, name: str) -> tuple[Run, Run]:
        """One solved notebook of the course itself: its fresh cases drawn for it, and drawn before."""
        whole = Course(self.root / "whole")
        assignment = find_course().load(name)
        for room in ("solutions", "assignments"):
            shutil.copytree(find_course().root / room / name, whole.root / room / name)
        folder = self.root / f"one-{name}"
        write_solved(assignment, whole.assignments / name / f"{assignment.notebook}.ipynb", folder)
        command = (*COURSE, f"{assignment.notebook}.ipynb", "--assignment", name)
        return run(command, folder, self._settings(whole)), run(command, folder, self._settings(whole))

    def agreed(self, name: str) -> int:
        """How many hand-ins of the side-by-side class got the same score from both."""
        results = json.loads((self.root / f"ours-{name}" / "graded" / "results.json").read_text(encoding="utf-8"))
        ours = {each["student"]: each["score"] for each in results["submissions"]}
        with Gradebook(f"sqlite:///{self.root}/nbgrader-{name}/gradebook.db") as gradebook:
            theirs = {each.student.id: each.score for each in gradebook.assignment_submissions(name)}
        return sum(theirs[student] == score for student, score in ours.items())

    def class_of(self, size: int) -> tuple[Run, Run]:
        """A class of that size, and the same class again with nothing changed."""
        folder = self.root / f"class-{size}"
        assignment = self.course.load(NUMPY)
        write_hand_ins(assignment, self._released(NUMPY), folder, size)
        first, again = self._grade(folder), self._run((*COURSE, "submitted"), folder, watch=True)
        shutil.rmtree(folder)
        return first, again

    def _released(self, name: str) -> Path:
        assignment = self.course.load(name)
        return self.course.assignments / name / f"{assignment.notebook}.ipynb"

    def _autograde(self, name: str, folder: Path) -> Run:
        """One command for the class, nothing graded before."""
        shutil.rmtree(folder / "autograded", ignore_errors=True)
        (folder / "gradebook.db").unlink(missing_ok=True)
        self._run(("nbgrader", "generate_assignment", name, "--force"), folder)
        return self._run(("nbgrader", "autograde", name), folder, watch=True)

    def _grade(self, folder: Path) -> Run:
        """One command for the class, nothing graded before."""
        shutil.rmtree(folder / "graded", ignore_errors=True)
        return self._run((*COURSE, "submitted"), folder, watch=True)

    def _run(self, command: tuple[str, ...], folder: Path, watch: bool = False) -> Run:
        return run(command, folder, self._settings(self.course), watch)

    @staticmethod
    def _settings(course: Course) -> dict[str, str]:
        return {"COURSE_SECRET": SECRET, "COURSE_ROOT": str(course.root)}


def median(runs: list[Run]) -> Run:
    """The median time and the most memory."""
    return Run(statistics.median(each.seconds for each in runs), max(each.peak_mib for each in runs))


if __name__ == "__main__":
    main()
