"""`course doctor` as an ordinary user, with and without user namespaces; what is missing is named with its cure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can stand in for another user"
    ),
]
HERE = Path(__file__).parent


PROBE = """
import json
from autograder.jail.probe import probe
found = probe()
print(json.dumps([found.engine, found.held]))
"""


def as_another(*arguments: str, namespaces: bool = True) -> subprocess.CompletedProcess[str]:
    """Run Python as an ordinary user."""
    first = [] if namespaces else ["--without-namespaces"]
    command = [sys.executable, str(HERE / "as_ordinary_user.py"), *first, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr and "Traceback" in done.stderr:
        pytest.skip("this root may not make namespaces, so it cannot stand in for an ordinary user")
    return done


def doctor(*arguments: str, namespaces: bool = True) -> subprocess.CompletedProcess[str]:
    """`course doctor` as an ordinary user."""
    return as_another("-m", "autograder.cli", "doctor", *arguments, namespaces=namespaces)


def test_without_user_namespaces_landlock_holds_and_the_machine_keeps_its_own_limit() -> None:
    limit = Path("/proc/sys/user/max_user_namespaces")
    before = limit.read_text()
    done = as_another("-c", PROBE, namespaces=False)
    assert limit.read_text() == before
    if "landlock: Landlock" in done.stderr:
        pytest.skip("this kernel has no Landlock")
    assert json.loads(done.stdout) == ["landlock", True], done.stderr


@pytest.mark.slow  # it looks for a GPU first, which loads TensorFlow
@pytest.mark.parametrize(("namespaces", "engine"), [(True, "namespaces"), (False, "landlock")])
def test_every_guarantee_holds_in_the_strongest_engine_at_hand(namespaces: bool, engine: str) -> None:
    report = json.loads(doctor("--json", namespaces=namespaces).stdout)
    if engine == "landlock" and report["sandbox"]["engine"] is None:
        pytest.skip("this kernel has no Landlock")
    assert report["sandbox"]["engine"] == engine and report["ok"]
    assert len(report["sandbox"]["guarantees"]) == 10 and all(report["sandbox"]["guarantees"].values())


@pytest.mark.slow
def test_an_engine_that_cannot_start_is_named_with_its_cure() -> None:
    done = doctor("--jail", "namespaces", namespaces=False)
    assert done.returncode == 1 and "user.max_user_namespaces" in done.stdout and "Traceback" not in done.stderr


@pytest.mark.slow
def test_every_guarantee_that_fails_is_followed_by_its_cure() -> None:
    done = doctor("--jail", "none", namespaces=False)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    failing = [number for number, line in enumerate(lines) if line.startswith("  NO ")]
    assert len(failing) >= 5
    for number in failing:
        assert "user.max_user_namespaces" in lines[number + 1], lines[number]
