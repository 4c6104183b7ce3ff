"""The jail's server, second stage: it has imported what students need, and forks one process for each session.

It holds no secret: no case, no expected value, no rubric, no path of the course. It never runs a student's code itself.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from autograder.jail.confine import become_inmate, fork_inmate

MESSAGE_BYTES = 4096
# NumPy loads these parts when they are first used: better once here than in every session.
_COMPANIONS = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.ma", "numpy.lib.stride_tricks")
# What the first cell of a notebook imports; none of it imports a heavy library.
_OF_NOTEBOOKS = ("common.data", "common.given", "common.mode", "common.plots", "common.quiet", "common.readout")
_OF_MODELS = ("autograder.jail.keras_room",)  # what a session is asked to do with Keras
FDS_PER_SESSION = 4  # request (read), reply (write), output (write), status (socket)


def main(config: dict[str, Any]) -> NoReturn:
    """Import the preload, say so, and serve until the control socket closes."""
    control = socket.socket(fileno=int(config["control"]))
    try:
        for name in (*config["preload"], *_companions(config["preload"])):
            importlib.import_module(name)
    except BaseException as error:
        _say(control, {"failed": f"{name} cannot be imported: {type(error).__name__}: {error}"})
        os._exit(1)
    if config["engine"] == "namespaces":
        from autograder.jail import seccomp

        seccomp.program(1)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)  # the same random numbers in every session
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # the collector of a child then does not touch, and so copy, these pages
    _say(control, {"ready": True})
    serve(config, control)


def serve(config: dict[str, Any], control: socket.socket) -> NoReturn:
    """Fork when asked, and tell of each end, until the control socket closes. Children end with this process."""
    woken, waker = os.pipe()
    for fd in (woken, waker):
        os.set_blocking(fd, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, MESSAGE_BYTES)
            _tell_of_ends(running)
        if control.fileno() in ready:
            data, fds, _, _ = socket.recv_fds(control, MESSAGE_BYTES, FDS_PER_SESSION)
            if not data:
                os._exit(0)
            _fork(config, json.loads(data), fds, running)


def _tell_of_ends(running: dict[int, socket.socket]) -> None:
    """Tell each grader whose process has ended how it ended."""
    while running:
        child, ended, used = os.wait4(-1, os.WNOHANG)
        if not child:
            return
        with running.pop(child) as status, contextlib.suppress(OSError):  # nobody may be listening any more
            status.send(json.dumps({"status": ended, "cpu": used.ru_utime + used.ru_stime}).encode() + b"\n")


def _companions(preload: list[str]) -> list[str]:
    light = [name for name in (*_COMPANIONS, *_OF_NOTEBOOKS) if name.partition(".")[0] in (*preload, "common")]
    return [*light, *_OF_MODELS] if "keras" in preload else light


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode() + b"\n")


def _fork(config: dict[str, Any], limits: dict[str, Any], fds: list[int], running: dict[int, socket.socket]) -> None:
    """Start an inmate and hand a handle on it to the grader."""
    *pipes, told = fds
    status, owner = socket.socket(fileno=told), (os.geteuid(), os.getegid())
    try:
        child = fork_inmate(config["engine"])
    except OSError as error:
        child = -1
        with contextlib.suppress(OSError):
            _say(status, {"failed": str(error)})
        status.close()
    if child == 0:
        _leave_service(running)
        become_inmate(config, limits, pipes, owner)
    for fd in pipes:
        os.close(fd)
    if child > 0:
        running[child] = status
        with contextlib.suppress(OSError):
            _greet(status, child)


def _leave_service(running: dict[int, socket.socket]) -> None:
    """In a child: nothing is left of the server's loop and of the other sessions, whose sockets are closed later."""
    while running:
        running.popitem()[1].detach()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _greet(status: socket.socket, child: int) -> None:
    """The number of the process and, where the kernel gives one, a handle that never means another."""
    hello = json.dumps({"pid": child}).encode() + b"\n"
    if not hasattr(os, "pidfd_open"):
        status.send(hello)
        return
    handle = os.pidfd_open(child)
    try:
        socket.send_fds(status, [hello], [handle])
    finally:
        os.close(handle)
