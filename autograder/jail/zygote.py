"""The jail's server, second stage: it has imported what students need, and forks one process for each session.

It holds no secret: no case, no expected value, no rubric, no path of the course. It never runs a student's code itself.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

MESSAGE_BYTES = 4096
# NumPy loads these parts when they are first used: better once here than in every session.
_COMPANIONS = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.ma", "numpy.lib.stride_tricks")
FDS_PER_SESSION = 4  # request (read), reply (write), output (write), status (socket)


def main(config: dict[str, Any]) -> NoReturn:
    """Import the preload, say so, and serve until the control socket closes."""
    control = socket.socket(fileno=int(config["control"]))
    try:
        for name in (*config["preload"], *_companions(config["preload"]), "autograder.jail.confine"):
            importlib.import_module(name)
    except BaseException as error:
        _say(control, {"failed": f"{name} cannot be imported: {type(error).__name__}: {error}"})
        os._exit(1)
    if config["engine"] == "namespaces":
        from autograder.jail import seccomp

        seccomp.program(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended children leave no zombie
    gc.collect()
    gc.freeze()  # the collector of a child then does not touch, and so copy, these pages
    _say(control, {"ready": True})
    while True:
        data, fds, _, _ = socket.recv_fds(control, MESSAGE_BYTES, FDS_PER_SESSION)
        if not data:
            os._exit(0)
        _fork(config, control, json.loads(data), fds)


def _companions(preload: list[str]) -> list[str]:
    return [name for name in _COMPANIONS if name.partition(".")[0] in preload]


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode() + b"\n")


def _fork(config: dict[str, Any], control: socket.socket, limits: dict[str, Any], fds: list[int]) -> None:
    try:
        child = os.fork()
    except OSError as error:
        status = socket.socket(fileno=fds[3])
        _say(status, {"failed": f"fork: {error.strerror}"})
        status.close()
        for fd in fds[:3]:
            os.close(fd)
        return
    if child:
        for fd in fds:
            os.close(fd)
        return
    try:
        from autograder.jail.confine import attend

        control.close()
        attend(config, limits, fds)
    except BaseException as error:
        status = socket.socket(fileno=fds[3])
        _say(status, {"failed": str(error) or type(error).__name__})
    finally:
        sys.stderr = None  # nothing may be flushed twice
        os._exit(0)
