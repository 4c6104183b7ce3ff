"""Release assignments or their solutions: make all folders, look through them, publish all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.building.release import build, frozen_cases
from autograder.course import Course
from autograder.leaks.forbidden import known_leaks
from autograder.leaks.leak import Leak
from autograder.leaks.scan import Forbidden, scan
from autograder.leaks.traces import Traces, traces_of_this_machine
from autograder.publish.folder import SUMS, drafts, insist_on_replaceable, publish
from autograder.publish.student import forbidden, public_texts, write_folder
from autograder.publish.wheel import build_wheel


def release(
    course: Course, names: Sequence[str], to: Path, advance: Callable[[str], None], traces: Traces | None = None
) -> list[Leak]:
    """Publish student folders as TO/NAME. Returns what leaks; then nothing was published."""
    assignments = [course.load(name) for name in names]
    insist_on_replaceable(to, names)
    traces = traces or traces_of_this_machine(course.root)
    leaks: list[Leak] = []
    with drafts(to) as draft:
        wheel = build_wheel(draft)
        built = [build(course, assignment) for assignment in assignments]
        known = known_leaks(course, assignments, public_texts(assignments, built, wheel))
        clean: set[bytes] = set()  # a leak in one of them ends all
        for assignment, files in zip(assignments, built, strict=True):
            folder = draft / assignment.name
            write_folder(course, assignment, files, wheel, folder)
            found = scan(folder, forbidden(assignment, files, wheel, known, traces), clean)
            leaks += [replace(leak, place=f"{assignment.name}/{leak.place}") for leak in found]
            advance(assignment.name)
        if not leaks:
            publish(draft, to, names)
    return leaks


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

    assignments = [course.load(name) for name in names]
    insist_on_replaceable(to, names)
    traces = traces or traces_of_this_machine(course.root)
    leaks: list[Leak] = []
    with drafts(to) as draft:
        wheel = build_wheel(draft)
        built = [build(course, assignment) for assignment in assignments]
        known = known_leaks(course, assignments, public_texts(assignments, built, wheel), solved=True)
        for assignment in assignments:
            write_solutions(assignment, frozen_cases(assignment), draft / assignment.name, traces, seconds)
            files = {SUMS, *(f"{assignment.notebook}_solution.{ending}" for ending in ("ipynb", "html"))}
            found = scan(draft / assignment.name, Forbidden(known, traces, frozenset(files), executed=True))
            leaks += [replace(leak, place=f"{assignment.name}/{leak.place}") for leak in found]
            advance(assignment.name)
        if not leaks:
            publish(draft, to, names)
    return leaks
