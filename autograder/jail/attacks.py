"""What a probe tries from inside a jailed process: each function says True when it got what it must not get.

This file is read as text and run as if it were a student's, so it imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

_MIB = 1024 * 1024


def reaches_network(tcp: int, udp: int, path: str, abstract: str) -> bool:
    """Connect or send to listeners of the prober, of every kind."""
    internet, unix = socket.AF_INET, socket.AF_UNIX
    targets: list[tuple[int, int, tuple[str, int] | str]] = [
        (internet, socket.SOCK_STREAM, ("127.0.0.1", tcp)),
        (internet, socket.SOCK_DGRAM, ("127.0.0.1", udp)),
        (unix, socket.SOCK_STREAM, path),
        (unix, socket.SOCK_STREAM, "\0" + abstract),
    ]
    return any(_connects(*target) for target in targets)


def _connects(family: int, kind: int, address: tuple[str, int] | str) -> bool:
    try:
        with socket.socket(family, kind) as attempt:
            attempt.settimeout(1)
            attempt.connect(address)
            attempt.send(b"x")
    except OSError:
        return False
    return True


def touches_files(token_file: str, open_folder: str) -> bool:
    """Read or list what the prober planted, or write where everybody may."""
    worked = []
    for attempt in (
        lambda: Path(token_file).read_text(),
        lambda: os.listdir(open_folder),  # noqa: PTH208
        lambda: Path(open_folder, f"from-{os.getpid()}").write_text("x"),
        lambda: os.open("/proc/1/environ", os.O_RDONLY),
        lambda: Path("/etc/passwd").read_text(),
    ):
        try:
            attempt()
            worked.append(True)
        except OSError:
            worked.append(False)
    return any(worked)


def touches_processes(pid: int) -> bool:
    """Signal, inspect or trace another process of the prober."""
    library = ctypes.CDLL(None)
    worked = [library.ptrace(16, pid, 0, 0) == 0]  # PTRACE_ATTACH
    if worked[0]:
        library.ptrace(17, pid, 0, 0)  # PTRACE_DETACH
    for attempt in (lambda: os.kill(pid, 0), lambda: Path(f"/proc/{pid}/cmdline").read_bytes()):
        try:
            attempt()
            worked.append(True)
        except OSError:
            worked.append(False)
    return any(worked)


def makes_processes() -> bool:
    """Fork, or start a program."""
    try:
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)
    except OSError:
        try:
            subprocess.run([sys.executable, "-c", "0"], check=False, timeout=5)
        except (OSError, subprocess.SubprocessError):
            return False
    return True


def leaves_a_process() -> bool:
    """Start a process that detaches itself and outlives this one for a moment."""
    with contextlib.suppress(OSError):
        if not os.fork():
            os.setsid()
            if not os.fork():
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                time.sleep(1.5)
            os._exit(0)
    time.sleep(0.05)
    return True


def takes_memory(mebibytes: int) -> bool:
    """Map and touch this much memory in small pieces."""
    kept = []
    for _ in range(mebibytes // 4):
        kept.append(bytearray(4 * _MIB))
    return True


def never_ends() -> None:
    """Loop, whatever interrupts."""
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(10)


def fills_scratch(mebibytes: int) -> int:
    """Write files of 1 MiB in the working directory and in /dev/shm; how many MiB could be written."""
    written: list[Path] = []
    for folder in (".", "/dev/shm"):
        with contextlib.suppress(OSError):
            for number in range(mebibytes):
                written.append(Path(folder, f"fill-{os.getpid()}-{number}"))
                written[-1].write_bytes(bytes(_MIB))
    full = 0
    for path in written:
        with contextlib.suppress(OSError):
            full += path.stat().st_size == _MIB
            path.unlink()
    return full


def floods_output(mebibytes: int) -> bool:
    """Print this much."""
    for _ in range(mebibytes):
        print("x" * _MIB)
    return True


def has_privileges() -> bool:
    """Be root, hold a capability, or be able to gain one."""
    library = ctypes.CDLL(None)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    held = (ctypes.c_uint32 * 6)()
    library.capget(header, held)
    with contextlib.suppress(OSError):
        os.setuid(0)
    gains = (library.prctl(39, 0, 0, 0, 0) != 1, library.unshare(0x10000000) == 0)  # PR_GET_NO_NEW_PRIVS, NEWUSER
    return os.getuid() == 0 or any(held) or any(gains)
