"""The folder of an assignment that students get."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

import autograder
from autograder.building.release import BuiltFile
from autograder.course import Course, LoadedAssignment
from autograder.leaks.fingerprints import Fingerprints
from autograder.leaks.scan import Forbidden
from autograder.leaks.traces import Traces
from autograder.publish.folder import SUMS, list_files
from autograder.rubric.trained import Trained
from common.cases.frozen import FILE, MANIFEST

README, AGENTS, PACKAGES = "README.md", "AGENTS.md", "requirements.txt"
LOCK = Path("locks") / "student.txt"


def write_folder(
    course: Course, assignment: LoadedAssignment, files: Sequence[BuiltFile], wheel: Path, to: Path
) -> None:
    """Write one student folder: the notebook that `course build` makes, its cases, the wheel, how to begin."""
    to.mkdir(parents=True)
    for file in files:
        if (course.root / file.path).is_relative_to(course.assignments):
            (to / file.path.name).write_bytes(file.content)
    shutil.copyfile(wheel, to / wheel.name)
    (to / PACKAGES).write_text(_requirements(course, wheel), encoding="utf-8")
    for name, text in pages(assignment, wheel.name).items():
        (to / name).write_text(text, encoding="utf-8")
    list_files(to)


def pages(assignment: LoadedAssignment, wheel: str) -> dict[str, str]:
    """The pages beside the notebook, by file name."""
    notebook = f"{assignment.notebook}.ipynb"
    files = [each.file for each in assignment.rubric.questions if isinstance(each, Trained)]
    names = [f"`{question.name}`" for question in assignment.rubric.questions]
    facts = {
        "title": assignment.rubric.title,
        "notebook": notebook,
        "cases": FILE,
        "wheel": wheel,
        "points": f"{assignment.rubric.points:g}",
        "hours": _hours(assignment.rubric.minutes),
        "handed_in": " and ".join([f"`{notebook}`", *(f"`{file}`" for file in files)]),
        "asked": ", ".join(names),
    }
    return {README: _template("readme.md.j2").render(facts), AGENTS: _template("agents.md.j2").render(facts)}


def public_cases(files: Sequence[BuiltFile]) -> bytes:
    """The bytes of cases.npz among an assignment's built files."""
    return next(file.content for file in files if file.path.name == FILE)


def forbidden(
    assignment: LoadedAssignment, files: Sequence[BuiltFile], wheel: Path, known: Fingerprints, traces: Traces
) -> Forbidden:
    """What one student folder must not hold."""
    return Forbidden(
        known,
        traces,
        files=frozenset({f"{assignment.notebook}.ipynb", FILE, PACKAGES, README, AGENTS, SUMS, wheel.name}),
        sentences=frozenset(each.say for question in assignment.rubric.questions for each in question.mistakes),
        arrays=frozenset(zipfile.ZipFile(BytesIO(public_cases(files))).namelist()),
    )


def public_texts(
    assignments: Sequence[LoadedAssignment], built: Sequence[Sequence[BuiltFile]], wheel: Path
) -> Iterator[str]:
    """What students may read besides the notebooks: the package, the pages, what cases and groups are called."""
    with zipfile.ZipFile(wheel) as archive:
        yield from (archive.read(name).decode() for name in archive.namelist() if name.endswith(".py"))
    for assignment, files in zip(assignments, built, strict=True):
        yield from pages(assignment, wheel.name).values()
        with zipfile.ZipFile(BytesIO(public_cases(files))) as archive:
            for sheet in json.loads(archive.read(MANIFEST))["questions"]:
                yield "\n".join([*sheet["points"], *(case["probes"] for case in sheet["cases"])])


def _requirements(course: Course, wheel: Path) -> str:
    """The locked packages where the course has its lock, and the wheel by its digest."""
    places = (course.root / LOCK, Path(autograder.__file__).parent.parent / LOCK)
    lock = next((path.read_text(encoding="utf-8") for path in places if path.is_file()), "")
    digest = f" --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}" if lock else ""
    return f"./{wheel.name}{digest}\n{lock}"


def _hours(minutes: int) -> str:
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{round(minutes / 30) / 2:g} hours"


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("autograder.publish")
    # Markdown for our own words: nothing in it comes from a student.
    return Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True).get_template(name)
