"""In a container the jail is made of what is left there: Landlock behind Docker's own filter, namespaces without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a container"),
]
HERE = Path(__file__).parent
PROBE = """
import json
from autograder.jail import JailUnavailable
from autograder.jail.probe import probe
try:
    found = probe()
    print(json.dumps([found.engine, [name for name, each in found.guarantees.items() if not each.held]]))
except JailUnavailable as missing:
    print(json.dumps([None, str(missing)]))
"""


def contained(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a container."""
    command = [sys.executable, str(HERE / "as_in_container.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Operation not permitted: unshare" in done.stderr or "unshare: Operation not permitted" in done.stderr:
        pytest.skip("this root may not make namespaces, so it cannot make a container")
    return done


@pytest.mark.parametrize(
    ("options", "engine"),
    [
        ((), "landlock"),
        (("--as-user",), "landlock"),
        (("--as-user", "--without-filter"), "namespaces"),
        (("--as-user", "--without-filter", "--without-landlock"), "namespaces"),
    ],
    ids=["as root", "as a user", "as a user, unconfined", "as a user, unconfined, no Landlock"],
)
def test_every_guarantee_holds_in_a_container(options: tuple[str, ...], engine: str) -> None:
    done = contained(*options, "-c", PROBE)
    found, open_ = json.loads(done.stdout)
    if found is None and engine == "landlock" and "landlock: Landlock" in open_:
        pytest.skip("this kernel has no Landlock")
    assert (found, open_) == (engine, []), done.stderr


def test_where_nothing_is_left_grading_is_refused_with_a_cure() -> None:
    engine, sentence = json.loads(contained("--without-landlock", "-c", PROBE).stdout)
    assert engine is None
    assert "unshare: Operation not permitted" in sentence and "Function not implemented" in sentence
    assert "--security-opt seccomp=unconfined" in sentence and "--allow-unsandboxed" in sentence


@pytest.mark.slow
def test_every_attack_fails_in_a_container_too() -> None:
    tests = [str(HERE / "test_session.py"), str(HERE / "test_memory.py"), str(HERE.parent / "adversarial")]
    done = contained("-m", "pytest", "-p", "no:cacheprovider", "-m", "jail", "-k", "landlock", *tests)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
