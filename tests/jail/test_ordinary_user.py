"""The same tests as an ordinary user: user namespaces and Landlock carry the jail then, not root's rights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.jail
HERE = Path(__file__).parent


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="these tests run as an ordinary user already"
)
@pytest.mark.parametrize(
    ("files", "options"),
    [
        (("jail/test_probe.py", "jail/test_session.py", "jail/test_memory.py"), ("-k", "not none and not without")),
        pytest.param(("jail", "adversarial"), (), marks=pytest.mark.slow),
        pytest.param(("adversarial/test_hand_ins.py",), ("-m", "jail", "-k", "landlock"), marks=pytest.mark.slow),
    ],
    ids=["core", "everything", "hand-ins in landlock"],
)
def test_the_jail_holds_for_an_ordinary_user_too(files: tuple[str, ...], options: tuple[str, ...]) -> None:
    command = [sys.executable, str(HERE / "as_ordinary_user.py"), "-m", "pytest", "-p", "no:cacheprovider", "-rs"]
    command += ["-m", "not slow", *options, *(str(HERE.parent / name) for name in files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Operation not permitted: unshare" in done.stderr or "unshare: Operation not permitted" in done.stderr:
        pytest.skip("this root may not make a mount namespace, so it cannot stand in for an ordinary user")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
