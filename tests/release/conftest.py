"""A small course whose assignments are released in seconds, and the command run in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.course import Course, find_course

SMALL = find_course().root / "tests" / "questions" / "solutions"
NUMPY, WRITTEN = "10_average_pooling", "09_written"

Run = Callable[..., "Done"]


def small_course(root: Path) -> Course:
    """A course of two small assignments, one with an answer in words."""
    for name in (NUMPY, WRITTEN):
        shutil.copytree(SMALL / name, root / "solutions" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Course(root)


@pytest.fixture
def small(tmp_path: Path) -> Course:
    return small_course(tmp_path / "course")


@dataclass(frozen=True)
class Done:
    stdout: str
    stderr: str


@pytest.fixture
def course_command(small: Course, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `course …` in the small course: in this process, to save the imports."""
    monkeypatch.setenv("COURSE_ROOT", str(small.root))
    monkeypatch.setenv("COURSE_MODE", "smoke")
    monkeypatch.chdir(small.root.parent)

    def run(*arguments: str, status: int = 0) -> Done:
        monkeypatch.setattr(sys, "argv", ["course", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        done = Done(*capfd.readouterr())
        assert (end.value.code or 0) == status, done
        return done

    return run


@pytest.fixture(scope="session")
def plantings() -> Iterator[Any]:
    """The module that plants leaks, by its path: docs is no package."""
    place = find_course().root / "docs" / "plantings"
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(place))
        import drawn

        yield drawn
    for name in ("drawn", "payloads", "disguises", "places", "strays"):
        sys.modules.pop(name, None)
