"""The trusted end of the jail's server: start it, ask it for a session's process, stop it."""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import autograder
import common
from autograder.jail.contract import JailUnavailable
from autograder.jail.layout import PACKAGES, SYSTEM, Bind

START_SECONDS = 60.0
_BOOT = "import json,sys;c=json.loads(sys.argv.pop());sys.path.insert(0,c['source']);"
_BOOT += "from autograder.jail.enter import main;main(c)"


class Server:
    """A running fork server. One thread at a time may ask it for a process."""

    def __init__(self, engine: str, preload: Sequence[str]) -> None:
        """Start the server and wait until its imports are done; JailUnavailable says why it could not."""
        self._temporary = tempfile.mkdtemp(prefix="jail-") if engine == "none" else ""
        if self._temporary:
            Path(self._temporary).chmod(0o777)  # the server may become another user
        ours, theirs = socket.socketpair()
        config = _config(engine, preload, theirs.fileno(), self._temporary)
        command = [sys.executable, "-I", "-S", "-B", "-c", _BOOT, json.dumps(config)]
        self._control = ours
        with theirs:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is for the grader; it ends the server by closing the socket
                    cwd="/",
                    env={"LANG": "C.UTF-8"},
                )
            except OSError:
                ours.close()
                raise
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise

    def _await_ready(self) -> None:
        data, deadline = b"", time.monotonic() + START_SECONDS
        while not data.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._control], [], [], left)[0]:
                raise JailUnavailable(f"the jail's server did not start within {START_SECONDS:.0f} s")
            chunk = self._control.recv(65_536)
            if not chunk:
                raise JailUnavailable("the jail's server ended while it started")
            data += chunk
        failed = json.loads(data).get("failed")
        if failed:
            raise JailUnavailable(str(failed))

    def ask(self, limits: dict[str, Any], fds: Sequence[int]) -> None:
        """Have a process forked that gets these descriptors; OSError when the server is gone."""
        socket.send_fds(self._control, [json.dumps(limits).encode()], list(fds))

    def close(self) -> None:
        """End the server and, with it, all that it started."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)


def _config(engine: str, preload: Sequence[str], control: int, temporary: str) -> dict[str, Any]:
    """Everything the server may know. No path of a course is in it beyond where this package lies."""
    source = Path(autograder.__file__).resolve().parent.parent
    packages = Path(common.__file__).resolve().parent, source / "autograder" / "jail"
    trees = _trees()
    _refuse_to_show(source, trees)
    inside = [(str(packages[0]), f"{PACKAGES}/common"), (str(packages[1]), f"{PACKAGES}/autograder/jail")]
    isolated = engine == "namespaces"
    readable = ["/"] if isolated else [*SYSTEM, *(target for _, target in trees), *map(str, packages)]
    return {
        "engine": engine,
        "preload": list(preload),
        "control": control,
        "executable": sys.executable,
        "source": str(source),
        "packages": PACKAGES if isolated else str(source),
        "binds": [*trees, *inside],
        "readable": readable,
        "temporary": temporary,
    }


def _trees() -> list[Bind]:
    """The folders Python runs from, each under the names it is known by, without those inside another one."""
    names = {path for prefix in (sys.prefix, sys.base_prefix) for path in (prefix, os.path.realpath(prefix))}
    link = Path(sys.executable)
    while link.is_symlink():
        names.add(str(link.parent.parent))
        link = link.parent / link.readlink()
    names.add(str(link.parent.parent))
    outermost: list[str] = []
    for name in sorted(os.path.normpath(name) for name in names):
        if not any(Path(name).is_relative_to(known) for known in (*SYSTEM, *outermost)):
            outermost.append(name)
    return [(os.path.realpath(name), name) for name in outermost]


def _refuse_to_show(source: Path, trees: Sequence[Bind]) -> None:
    """Stop where binding Python's folders would show the course's solutions to students."""
    for folder in (source, Path.cwd()):
        solutions = folder / "solutions"
        if solutions.is_dir() and any(solutions.is_relative_to(tree) for tree, _ in trees):
            raise JailUnavailable(
                "The course lies inside the folder of the Python environment, where students' code can read it; "
                "make the environment elsewhere, for example in .venv"
            )
