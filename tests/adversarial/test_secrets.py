"""Nothing the grader knows is in a jailed process: not in its memory, not in a file it can read, not in /proc."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hand_ins import HERE
from planted import MARKER

from autograder.jail import Jail

pytestmark = pytest.mark.jail


def searched(jail: Jail, folder: Path, *options: str) -> dict[str, Any]:
    """A grader of its own, which has secrets in its environment, its arguments, its memory and its files."""
    secret, argument = (f"{MARKER}{secrets.token_hex(16)}" for _ in range(2))
    command = [sys.executable, str(HERE / "planted.py"), jail.engine, str(folder), argument, *options]
    environment = {**os.environ, "COURSE_SECRET": secret, "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def test_a_hand_in_searches_its_memory_and_files_for_what_the_grader_knows(jail: Jail, tmp_path: Path) -> None:
    found = searched(jail, tmp_path)
    assert len(found["looked for"]) == 15
    assert found["controls"] == [2, 1], "the search itself does not work"
    assert found["mebibytes"] > 30 and found["files"] > 10
    assert found["in memory"] == [] and found["in files"] == []
    assert found["proc"] == []


@pytest.mark.slow
def test_a_process_with_keras_holds_nothing_of_it_either(jail: Jail, tmp_path: Path) -> None:
    found = searched(jail, tmp_path, "keras")
    assert found["controls"] == [2, 1] and found["mebibytes"] > 200
    assert found["in memory"] == [] and found["in files"] == [] and found["proc"] == []


@pytest.mark.slow
def test_no_file_of_the_whole_runtime_holds_a_marker(jail: Jail, tmp_path: Path) -> None:
    found = searched(jail, tmp_path, "everything")
    assert found["controls"] == [2, 1] and found["files"] > 5000
    assert found["in files"] == []
