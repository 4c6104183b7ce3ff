"""The trusted end of one session's pipes: requests out, one framed reply each, output kept short, all by a deadline.

Everything that is read here was written by a stranger.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import Any

from autograder.jail import memory
from autograder.jail.contract import Limits
from common import wire
from common.cases.case import Ended, Value

_CHUNK = 64 * 1024
_LINGER = 5.0
_LOOK = 0.05  # how often the memory of a process is looked at
# What the reason of an end begins with when something else than the student's code may have ended the process.
WITH_SERVER, KILLED = FROM_OUTSIDE = ("ended together with the jail's server", "was killed by the system")
_PARTING = 0.3  # between a process closing its pipes and the word of its end


class Over(Exception):
    """The session has ended; carries why, and a sentence for the student."""

    def __init__(self, ended: Ended, reason: str) -> None:
        """End with this word and this sentence."""
        super().__init__(reason)
        self.ended = ended
        self.reason = reason


@dataclass
class _Status:
    """What the server has told of the process: a handle on it, how it ended, or why it never began."""

    pid: int = 0
    handle: int = -1
    ended: int | None = None
    cpu: float = 0.0
    failed: str = ""
    closed: bool = False
    rest: bytes = b""


@dataclass
class _Memory:
    """The process's memory: a descriptor on its figures, and what it held before any student's code ran."""

    count: int = -1
    before: int = 0
    next_look: float = 0.0


class Channel:
    """The pipes of one process. Used by one thread."""

    def __init__(self, limits: Limits) -> None:
        """Open the pipes; `theirs` are the ends to hand over."""
        self.limits = limits
        self.caps = wire.Caps(body=limits.reply_mib * 1024 * 1024)
        self.output = bytearray()
        self._status = _Status()
        self._memory = _Memory()
        request_theirs, self._request = os.pipe()
        self._reply, reply_theirs = os.pipe()
        self._printed, printed_theirs = os.pipe()
        self._server, attendant_theirs = socket.socketpair()
        self.theirs = [request_theirs, reply_theirs, printed_theirs, attendant_theirs.detach()]
        for fd in (self._request, self._reply, self._printed):
            os.set_blocking(fd, False)
        self._server.setblocking(False)

    def handed_over(self) -> None:
        """Close our copies of the other ends, so that the end of the process is seen as the end of the pipes."""
        for fd in self.theirs:
            os.close(fd)
        self.theirs = []

    def exchange(self, request: bytes, seconds: float) -> tuple[int, Value]:
        """Send a frame, await the one reply; Over when there is none in time or it breaks a rule."""
        deadline = time.monotonic() + seconds
        if request and self._read(self._reply, 1):
            raise Over(Ended.REFUSED, "sent bytes that nobody asked for")
        if request:
            self._begin_watch()
        buffer, pending = wire.FrameBuffer(self.caps), memoryview(request)
        poll = select.poll()
        for fd in (self._reply, self._printed, self._server.fileno()):
            poll.register(fd, select.POLLIN)
        if pending:
            poll.register(self._request, select.POLLOUT)
        try:
            while not buffer.complete:
                ready = {fd for fd, _ in poll.poll(self._patience(deadline) * 1000)}
                if time.monotonic() >= deadline:
                    raise Over(Ended.TIMEOUT, f"was stopped after {seconds:g} s")
                self._look_at_memory()
                if self._printed in ready and not self._keep_output():
                    poll.unregister(self._printed)
                if self._request in ready:
                    pending = self._send(pending)
                    if not pending:
                        poll.unregister(self._request)
                if self._reply in ready and not self._receive(buffer):
                    raise self._why_closed()
                if self._server.fileno() in ready and self._hear():
                    self._receive_last(buffer)
            self._keep_output()
            return buffer.message()
        except wire.WireError as error:
            raise Over(Ended.REFUSED, f"sent back what is no answer: {error}") from None

    def handle(self) -> int:
        """A handle on the process, as the kernel gives it; -1 where there is none."""
        self._await_hello()
        return self._status.handle

    def _begin_watch(self) -> None:
        """Before the first request no student's code has run: what the process holds then is the preload's."""
        watched = self._memory
        if watched.count < 0 and not watched.before:
            handle = self.handle()
            watched.count = memory.open_count(handle) if handle >= 0 else -1
            watched.before = memory.private_kib(watched.count) if watched.count >= 0 else 1
        watched.next_look = time.monotonic() + _LOOK

    def _patience(self, deadline: float) -> float:
        """Seconds to wait for news before something else is to be done."""
        until = deadline if self._memory.count < 0 else min(deadline, self._memory.next_look)
        return max(0.0, until - time.monotonic())

    def _look_at_memory(self) -> None:
        """Over when the process holds more than it may. An answer that came at once was never looked at."""
        watched, now = self._memory, time.monotonic()
        if watched.count < 0 or now < watched.next_look:
            return
        watched.next_look = now + _LOOK
        if memory.private_kib(watched.count) - watched.before > self.limits.memory_mib * 1024:
            raise Over(Ended.OUT_OF_MEMORY, f"needed more than {self.limits.memory_mib} MiB")

    def _send(self, pending: memoryview) -> memoryview:
        try:
            return pending[os.write(self._request, pending) :]
        except BlockingIOError:
            return pending
        except OSError:  # it closed its end; the reply, or the lack of one, tells the rest
            return pending[:0]

    def _receive(self, buffer: wire.FrameBuffer) -> bool:
        """Take what is there of the reply; False at the end of the pipe."""
        data = self._read(self._reply, _CHUNK)
        if data:
            buffer.feed(data)
        return data != b""

    def _receive_last(self, buffer: wire.FrameBuffer) -> None:
        """After the process has ended: what it had sent completely still counts."""
        while not buffer.complete and self._receive(buffer):
            if self._read_would_block():
                break
        if not buffer.complete:
            raise self._why_closed()

    def _read_would_block(self) -> bool:
        return not select.select([self._reply], [], [], 0)[0]

    @staticmethod
    def _read(fd: int, size: int) -> bytes | None:
        """Bytes, nothing at the end of the pipe, None when there are none yet."""
        try:
            return os.read(fd, size)
        except BlockingIOError:
            return None

    def _keep_output(self) -> bool:
        """Take what was printed, at most one chunk; keep the beginning and drop the rest. False at the end."""
        data = self._read(self._printed, _CHUNK)
        if data:
            self.output += data[: self.limits.output_kib * 1024 - len(self.output)]
        return data != b""

    def _hear(self) -> bool:
        """Read what the server says; True once the process has ended."""
        status = self._status
        try:
            data, fds, _, _ = socket.recv_fds(self._server, 4096, 1)
        except BlockingIOError:
            return False
        if fds:
            status.handle = fds[0]
        status.closed = not data
        *lines, status.rest = (status.rest + data).split(b"\n")
        for line in lines:
            self._note(json.loads(line))
        return status.closed or status.ended is not None or bool(status.failed)

    def _note(self, message: dict[str, Any]) -> None:
        status = self._status
        status.pid = message.get("pid", status.pid)
        status.ended = message.get("status", status.ended)
        status.cpu = message.get("cpu", status.cpu)
        status.failed = message.get("failed", status.failed)

    @property
    def failed(self) -> str:
        """Why the process could not be started, if it could not."""
        return self._status.failed

    def _why_closed(self) -> Over:
        """The process, or its end of the reply pipe, is gone: find out which."""
        if not self._await_end(_PARTING):
            return Over(Ended.REFUSED, "closed the pipe on which its answers are read")
        return self._why_ended()

    def _why_ended(self) -> Over:
        ended = self._status.ended
        if ended is None:
            return Over(Ended.CRASHED, WITH_SERVER)
        if not os.WIFSIGNALED(ended):
            return Over(Ended.CRASHED, f"left the program (exit status {os.WEXITSTATUS(ended)})")
        number = os.WTERMSIG(ended)
        if number == signal.SIGXCPU or self._status.cpu >= self.limits.cpu_seconds:
            return Over(Ended.TIMEOUT, f"used more than {self.limits.cpu_seconds:g} s of the processor")
        if number == signal.SIGKILL:
            return Over(Ended.OUT_OF_MEMORY, f"{KILLED}, most likely for want of memory")
        return Over(Ended.CRASHED, f"crashed ({signal.Signals(number).name})")

    def _await_end(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self._status.ended is None and not self._status.closed:
            if not select.select([self._server], [], [], max(0.0, deadline - time.monotonic()))[0]:
                return False
            self._hear()
        return True

    def kill(self) -> None:
        """Kill the process with all it started, and wait until it is gone."""
        if self.theirs:  # it was never asked for
            return
        if self._status.handle < 0 and not self._status.pid:
            self._await_hello()
        if self._status.ended is None and not self._status.closed:
            self._signal()
            self._await_end(_LINGER)

    def _await_hello(self) -> None:
        deadline = time.monotonic() + _LINGER
        status = self._status
        while not (status.pid or status.closed or status.failed) and time.monotonic() < deadline:
            if select.select([self._server], [], [], 0.1)[0]:
                self._hear()

    def _signal(self) -> None:
        try:
            if self._status.handle >= 0:
                signal.pidfd_send_signal(self._status.handle, signal.SIGKILL)
            elif self._status.pid:
                os.kill(self._status.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def deserted(self) -> bool:
        """Whether, after the end, nobody holds the other ends of the pipes of replies and output."""
        for fd in (self._reply, self._printed):
            while data := self._read(fd, _CHUNK):
                del data
            if self._read(fd, 1) is None:
                return False
        return True

    def close(self) -> None:
        """Keep the last of the output and close everything."""
        self._keep_output()
        self.handed_over()
        for fd in (self._request, self._reply, self._printed):
            os.close(fd)
        self._server.close()
        if self._status.handle >= 0:
            os.close(self._status.handle)
            self._status.handle = -1
        if self._memory.count >= 0:
            os.close(self._memory.count)
            self._memory.count = -1
