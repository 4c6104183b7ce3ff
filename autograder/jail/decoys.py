"""Live targets for a probe: a secret file, an open folder, listeners of every kind, another process."""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Decoys:
    """Where each target is to be found."""

    token_file: str
    open_folder: str
    tcp: int
    udp: int
    unix: str
    abstract: str
    pid: int


@contextlib.contextmanager
def decoys() -> Iterator[Decoys]:
    """Targets that anybody on this machine could reach, for as long as the block lasts."""
    token = secrets.token_hex(16)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="probe-")))
        folder.chmod(0o777)
        (folder / "token").write_text(token)
        tcp = stack.enter_context(_listener(socket.AF_INET, ("127.0.0.1", 0)))
        unix = stack.enter_context(_listener(socket.AF_UNIX, str(folder / "socket")))
        (folder / "socket").chmod(0o777)
        stack.enter_context(_listener(socket.AF_UNIX, "\0" + token))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        process = stack.enter_context(_bystander())
        yield Decoys(
            token_file=str(folder / "token"),
            open_folder=str(folder),
            tcp=tcp.getsockname()[1],
            udp=udp.getsockname()[1],
            unix=unix.getsockname(),
            abstract=token,
            pid=process.pid,
        )


def _listener(family: int, address: object) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.bind(address)  # type: ignore[arg-type]
    listening.listen(8)
    return listening


@contextlib.contextmanager
def _bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing but be there."""
    command = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()
