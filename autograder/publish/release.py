"""Release assignments or their solutions: make all folders, look through them, publish all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.building.release import BuiltFile, build
from autograder.course import Course, LoadedAssignment
from autograder.leaks.fingerprints import Fingerprints
from autograder.leaks.forbidden import known_leaks
from autograder.leaks.leak import Leak
from autograder.leaks.scan import Forbidden, scan
from autograder.leaks.traces import Traces, traces_of_this_machine
from autograder.publish.folder import SUMS, drafts, insist_on_replaceable, publish
from autograder.publish.student import forbidden, public_cases, public_texts, write_folder
from autograder.publish.wheel import build_wheel

# Writes one assignment's folder from what `course build` makes and the wheel, and says what must not be in it.
Make = Callable[[LoadedAssignment, Sequence[BuiltFile], Path, Path, Fingerprints], Forbidden]


def release(
    course: Course, names: Sequence[str], to: Path, advance: Callable[[str], None], traces: Traces | None = None
) -> list[Leak]:
    """Publish student folders as TO/NAME. Returns what leaks; then nothing was published."""
    traces = traces or traces_of_this_machine(course.root)

    def make(
        assignment: LoadedAssignment, files: Sequence[BuiltFile], wheel: Path, folder: Path, known: Fingerprints
    ) -> Forbidden:
        write_folder(course, assignment, files, wheel, folder)
        return forbidden(assignment, files, wheel, known, traces)

    return _publish(course, names, to, advance, make)


def release_solutions(
    course: Course,
    names: Sequence[str],
    to: Path,
    advance: Callable[[str], None],
    seconds: int,
    traces: Traces | None = None,
) -> list[Leak]:
    """Publish executed solutions as TO/NAME. Returns what leaks; then nothing was published."""
    from autograder.publish.solved import write_solutions  # it imports nbconvert, which only this needs

    traces = traces or traces_of_this_machine(course.root)

    def make(
        assignment: LoadedAssignment, files: Sequence[BuiltFile], wheel: Path, folder: Path, known: Fingerprints
    ) -> Forbidden:
        write_solutions(assignment, public_cases(files), folder, traces, seconds)
        mine = {SUMS, *(f"{assignment.notebook}_solution.{ending}" for ending in ("ipynb", "html"))}
        return Forbidden(known, traces, frozenset(mine), executed=True)

    return _publish(course, names, to, advance, make, solved=True)


def _publish(
    course: Course, names: Sequence[str], to: Path, advance: Callable[[str], None], make: Make, solved: bool = False
) -> list[Leak]:
    """Make every folder in a place that nobody sees, look through it, then publish all of them or none."""
    assignments = [course.load(name) for name in names]
    insist_on_replaceable(to, names)
    leaks: list[Leak] = []
    with drafts(to) as draft:
        wheel = build_wheel(draft)
        built = [build(course, assignment) for assignment in assignments]
        known = known_leaks(course, assignments, public_texts(assignments, built, wheel), solved)
        clean: set[bytes] = set()  # a leak in one of them ends all
        for assignment, files in zip(assignments, built, strict=True):
            folder = draft / assignment.name
            found = scan(folder, make(assignment, files, wheel, folder, known), clean)
            leaks += [replace(leak, place=f"{assignment.name}/{leak.place}") for leak in found]
            advance(assignment.name)
        if not leaks:
            publish(draft, to, names)
    return leaks
