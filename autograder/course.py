"""Find the course, load its assignments, keep its secret."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import re
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from autograder.rubric.master import Master, read_master
from autograder.rubric.question import Assignment, Question
from autograder.rubric.reference import Reference
from common.cases import Sheet
from common.quiet import quietly

SECRET_FILE = ".course-secret"
PUBLIC = "public"


class CourseError(Exception):
    """Something about the course that its instructor must mend, in one sentence."""


@dataclass(frozen=True)
class Course:
    """A course on disk. Only `solutions` is written by hand; `assignments` is built from it."""

    root: Path

    @property
    def solutions(self) -> Path:
        """One folder per assignment: master and rubric."""
        return self.root / "solutions"

    @property
    def assignments(self) -> Path:
        """One folder per assignment, as students get it."""
        return self.root / "assignments"

    @property
    def sources(self) -> Path:
        """nbgrader's source notebooks: solutions with metadata. Built, not committed."""
        return self.root / "build" / "source"

    def names(self) -> list[str]:
        """All assignments, in course order."""
        return sorted(path.parent.name for path in self.solutions.glob("*/rubric.py"))

    def notebooks(self) -> dict[str, str]:
        """The notebook's name of each assignment, without its ending. Nothing is loaded: a rubric may import Keras."""
        return {name: _master(self.solutions / name).stem for name in self.names()}

    def needs_keras(self, name: str) -> bool:
        """Whether the assignment imports Keras, from its text alone."""
        texts = (path.read_text(encoding="utf-8") for path in (self.solutions / name).rglob("*.py"))
        return any(re.search(r"^(?:import|from) keras\b", text, re.MULTILINE) for text in texts)

    def handed_in_files(self) -> set[str]:
        """Names of the files that count beside a notebook, in any assignment, from its text alone."""
        texts = (path.read_text(encoding="utf-8") for path in self.solutions.rglob("*.py"))
        return {f"{name}.npz" for text in texts for name in re.findall(r"\bTrained\(\s*\"(\w+)\"", text)}

    def load(self, name: str) -> LoadedAssignment:
        """Read one assignment's rubric and master."""
        self.insist_on(name)
        return _load(self.solutions / name)

    def insist_on(self, name: str) -> None:
        """Refuse a name that is no assignment's."""
        if name not in self.names():
            known = ", ".join(self.names()) or "none"
            raise CourseError(f"There is no assignment {name!r}. Assignments: {known}.")


@dataclass(frozen=True)
class LoadedAssignment:
    """An assignment ready to be built, graded or proven."""

    name: str
    rubric: Assignment
    master: Master
    drawn: dict[tuple[str, bytes], Sheet] = field(default_factory=dict, repr=False, compare=False)  # fresh ones at hand

    @property
    def notebook(self) -> str:
        """The notebook's name without its ending."""
        return self.master.path.stem

    @functools.cached_property
    def reference(self) -> Reference:
        """The right answers."""
        return Reference(self.master)

    def public_sheet(self, question: Question) -> Sheet:
        """The cases that travel with the notebook."""
        return question.sheet(self.reference, PUBLIC, self.name, public=True)

    def fresh_sheet(self, question: Question, secret: bytes) -> Sheet:
        """The cases that grade: the same probes, other sizes and numbers, known to nobody without the secret."""
        found = self.drawn.get((question.name, secret))
        return found or question.sheet(self.reference, secret, self.name, public=False)


def find_course(start: Path | None = None) -> Course:
    """The course around a folder: COURSE_ROOT, else upwards from here, else where this package was installed from."""
    if named := os.environ.get("COURSE_ROOT"):
        candidates = [Path(named)]
    else:
        here = (start or Path.cwd()).resolve()
        candidates = [here, *here.parents, Path(__file__).resolve().parent.parent]
    for folder in candidates:
        if (folder / "solutions").is_dir() and any((folder / "solutions").glob("*/rubric.py")):
            return Course(folder)
    raise CourseError("No course here: no folder `solutions` with a rubric.py was found. Set COURSE_ROOT to its root.")


def course_secret(folder: Path) -> bytes:
    """The secret that fresh cases are drawn from: COURSE_SECRET, else a file, made at the first grading."""
    if given := os.environ.get("COURSE_SECRET"):
        return given.encode()
    path = folder / SECRET_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{SECRET_FILE}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        with contextlib.suppress(FileExistsError):  # another grading was quicker: its secret counts
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes().strip()


@functools.cache
def _load(folder: Path) -> LoadedAssignment:
    path = folder / "rubric.py"
    rubric = getattr(_run_rubric(path), "assignment", None)
    if not isinstance(rubric, Assignment):
        raise CourseError(f"{path.parent.name}/rubric.py defines no `assignment = Assignment(…)`.")
    return LoadedAssignment(folder.name, rubric, read_master(_master(folder)))


def _master(folder: Path) -> Path:
    masters = [each for each in folder.glob("*.py") if each.name != "rubric.py"]
    if len(masters) != 1:
        raise CourseError(f"{folder.name} must hold one master beside rubric.py; found {len(masters)}.")
    return masters[0]


def _run_rubric(path: Path) -> ModuleType:
    """The rubric as a package, so that a long one can take its parts from modules: `from .questions.conv2d import …`.

    The name holds the folder's whole path: two courses may have assignments of the same name.
    """
    name = f"rubric_{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=[str(path.parent)])
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    with quietly():  # it may import Keras, and TensorFlow says a lot
        spec.loader.exec_module(module)
    return module
