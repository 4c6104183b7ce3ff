"""The pages are run in copies of one prepared course."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # modules of this folder are imported by name


@pytest.fixture(scope="session")
def prepared(jails: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A course whose class has been graded once, by the command; pages get a copy of it."""
    import typed
    from class_of_four import environment, make_course

    typed.begin()
    root = make_course(tmp_path_factory.mktemp("pages") / "course").root
    status, printed = typed.run("course grade submitted/", root, environment(root))
    assert status == 0, printed
    yield root
