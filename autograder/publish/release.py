"""Release assignments: make all folders, look through them, publish all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.building.release import build
from autograder.course import Course
from autograder.leaks.leak import Leak
from autograder.leaks.scan import scan
from autograder.leaks.traces import Traces, traces_of_this_machine
from autograder.publish.folder import drafts, insist_on_replaceable, publish
from autograder.publish.student import forbidden, known_leaks, public_texts, write_folder
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
        for assignment, files in zip(assignments, built, strict=True):
            folder = draft / assignment.name
            write_folder(course, assignment, files, wheel, folder)
            found = scan(folder, forbidden(assignment, files, wheel, known, traces))
            leaks += [replace(leak, place=f"{assignment.name}/{leak.place}") for leak in found]
            advance(assignment.name)
        if not leaks:
            publish(draft, to, names)
    return leaks
