"""A course of its own in a temporary folder, and nbgrader's commands run in it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.application import NoStart
from nbgrader.apps.nbgraderapp import NbGraderApp

from autograder.building.release import build, write
from autograder.course import Course, find_course
from autograder.gradebook.store import open_gradebook
from autograder.handin.written import write_notebook

HERE = Path(__file__).parent
NAME, WRITTEN = "01_convolution", "09_written"
SECRET = b"a secret of the tests"

HandIn = Callable[..., Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.nbgrader)
            item.add_marker(pytest.mark.jail)


def make_course(root: Path, *masters: Path, gradebook: bytes = b"") -> Course:
    """A course with these assignments, its exchange beside it, configured as the real one is."""
    if gradebook:
        (root / "gradebook.db").write_bytes(gradebook)
    own = find_course()
    for master in masters:
        shutil.copytree(master, root / "solutions" / master.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(own.root / "nbgrader_config.py", root)
    (root / "exchange").mkdir()
    course = Course(root)
    for name in course.names():
        write(course, build(course, course.load(name)))
    return course


def run(root: Path, *arguments: str, status: int = 0) -> str:
    """An nbgrader command, in this process to save three seconds of imports each. Returns its log."""
    log, code = StringIO(), None
    app = NbGraderApp.instance()
    with contextlib.chdir(root):
        try:
            app.initialize(list(arguments))
            app.init_logging(logging.StreamHandler, [log], color=False, subapps=True)
            app.start()
        except (NoStart, SystemExit) as end:  # NoStart: a command below it has run
            code = getattr(end, "code", None)
        finally:
            app.reset()
            app.clear_instance()
    assert (code or 0) == status, log.getvalue()
    return log.getvalue()


def released(course: Course, name: str) -> dict[str, Any]:
    path = course.assignments / name / f"{course.load(name).notebook}.ipynb"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def hand_in(
    course: Course, student: str, name: str, answers: Mapping[str, str] | None = None, content: bytes | None = None
) -> Path:
    """Put a hand-in where nbgrader's collect would: the release with answers filled in, or any bytes."""
    path = course.root / "submitted" / student / name / f"{course.load(name).notebook}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        write_notebook(path, released(course, name), answers or {})
    else:
        path.write_bytes(content)
    return path


def fetch_and_submit(course: Course, student: str, answers: Mapping[str, str]) -> Path:
    """What a student does on a shared machine, in a folder of their own."""
    home = course.root / "homes" / student
    home.mkdir(parents=True)
    settings = [
        "c = get_config()",
        "c.CourseDirectory.course_id = 'cnn-by-doing'",
        f"c.Exchange.root = {str(course.root / 'exchange')!r}",
        f"c.Exchange.cache = {str(home / 'cache')!r}",
    ]
    (home / "nbgrader_config.py").write_text("\n".join(settings))
    run(home, "fetch_assignment", NAME)
    path = home / NAME / "convolution.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    path.write_text(json.dumps(notebook))
    run(home, "submit", NAME, "--student", student)
    return home


def set_back(place: Path) -> None:
    """What a student can do to the own hand-in in the exchange: another stamp, other times of its files."""
    stamp = place / "timestamp.txt"
    stamp.chmod(0o600)
    stamp.write_text("2001-01-01 00:00:00.0 UTC")
    for path in [*place.iterdir(), place]:
        os.utime(path, (0, 0))


@pytest.fixture(scope="module", autouse=True)
def here_only() -> Iterator[None]:
    """The courses of these tests are found from where nbgrader runs, and none of them has the real secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COURSE_ROOT", raising=False)
        patch.setenv("COURSE_SECRET", SECRET.decode())
        # No virtual environment is active: nbgrader_config.py itself must see to what nbgrader needs from it.
        patch.setenv("PATH", "/usr/local/bin:/usr/bin:/bin")
        patch.setenv("NBGRADER_EXCHANGE", "exchange")
        yield


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A new gradebook, made once: making one takes nbgrader seconds."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with open_gradebook(f"sqlite:///{path}"):
        pass
    return path.read_bytes()
