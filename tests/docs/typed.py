"""Run a command as if it had been typed: own arguments, folder, environment and output, and really a process.

`course` and `nbgrader` run in a fork of one process that has imported what they import; nothing else is shared. It
saves the second that each would take for imports, and a page has a dozen of them.
"""

from __future__ import annotations

import multiprocessing
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.forkserver import ensure_running
from pathlib import Path

SECONDS = 600.0
SHELL = {"&&", "||", "|", ">", ";"}


def course() -> None:
    from autograder.cli import main

    main()


def nbgrader() -> None:
    from nbgrader.apps.nbgraderapp import main

    main()


ENTRIES = {"course": course, ".venv/bin/course": course, "nbgrader": nbgrader}


def begin() -> None:
    """Start the process that is forked."""
    here = str(Path(__file__).parent)
    multiprocessing.set_forkserver_preload(["preloaded"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, before]))
    ensure_running()
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


def run(command: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Type a command; exit status, and what it printed."""
    words = shlex.split(command)
    if words[0] not in ENTRIES or SHELL & set(words):
        ended = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, timeout=SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        return ended.returncode, ended.stdout
    log = folder / ".printed"
    process = multiprocessing.get_context("forkserver").Process(
        target=_typed, args=(words, str(folder), dict(environment), str(log))
    )
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    printed = log.read_text(encoding="utf-8")
    log.unlink()
    assert process.exitcode is not None
    return process.exitcode, printed


def _typed(words: list[str], folder: str, environment: dict[str, str], log: str) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
    sys.argv = words
    ENTRIES[words[0]]()
