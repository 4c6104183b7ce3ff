"""A course of its own in a temporary folder, and nbgrader's commands run in it."""

from __future__ import annotations

import contextlib
import json
import logging
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
