"""A Jail is a running fork server and the engine that confines what it forks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from types import TracebackType

from autograder.jail.channel import Channel
from autograder.jail.contract import ENGINES, JailUnavailable, Limits
from autograder.jail.server import Server
from autograder.jail.session import Session

_NO_LINUX = "The jail needs Linux: grade on a Linux machine, in WSL 2 or in a Linux container"
_UNSAFE = "; or grade without protection with --allow-unsandboxed, which is noted on every result"


class Jail:
    """Sessions in fresh, confined processes. Several threads may open sessions at once."""

    def __init__(self, engine: str, preload: Sequence[str]) -> None:
        """Start a server with this engine and prove it by one trial session; use `Jail.start` to have one chosen."""
        self.engine = engine
        self.sandboxed = engine != "none"
        self._preload = tuple(preload)
        self._lock = threading.Lock()
        self._closed = False
        self._server = Server(engine, self._preload)
        try:
            with self.session(Limits()):
                pass
        except BaseException:
            self.close()
            raise

    @classmethod
    def start(
        cls, engine: str | None = None, preload: Sequence[str] = ("numpy",), allow_unsandboxed: bool = False
    ) -> Jail:
        """The named engine, or the strongest that works here; JailUnavailable says what is missing."""
        if engine is not None and engine not in ENGINES:
            raise JailUnavailable(f"There is no jail {engine!r}; there are {', '.join(ENGINES)}")
        if engine == "none" and not allow_unsandboxed:
            raise JailUnavailable("The jail 'none' holds nothing back; it needs --allow-unsandboxed")
        if sys.platform == "win32":
            raise JailUnavailable(_NO_LINUX)
        tried = []
        for name in _ladder(engine, allow_unsandboxed):
            try:
                return cls(name, preload)
            except (JailUnavailable, OSError) as error:
                tried.append(f"{name}: {error}")
        if sys.platform != "linux":
            raise JailUnavailable(_NO_LINUX + _UNSAFE)
        raise JailUnavailable(f"No jail works here ({'; '.join(tried)}). {_advice(engine)}{_UNSAFE}")

    def session(self, limits: Limits | None = None, at_once: bool = False) -> Session:
        """A fresh jailed process for one question of one hand-in."""
        channel = Channel(limits or Limits())
        try:
            self._ask(channel)
            session = Session(channel, at_once)
            session.await_start()
        except BaseException:
            channel.kill()
            channel.close()
            raise
        return session

    def _ask(self, channel: Channel) -> None:
        """Have the server fork; a server that has died is started again, once."""
        with self._lock:
            if self._closed:
                raise JailUnavailable("The jail is closed")
            try:
                self._server.ask(channel.limits.as_message(), channel.theirs)
            except OSError:
                self._server.close()
                try:
                    self._server = Server(self.engine, self._preload)
                    self._server.ask(channel.limits.as_message(), channel.theirs)
                except OSError as error:
                    raise JailUnavailable(f"the jail's server is gone and cannot be had again: {error}") from error
        channel.handed_over()

    def close(self) -> None:
        """End the server and every session, for good."""
        self._closed = True
        with self._lock:
            self._server.close()

    def __enter__(self) -> Jail:
        """The jail itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the server and every session."""
        self.close()


def _ladder(engine: str | None, allow_unsandboxed: bool) -> tuple[str, ...]:
    if engine is not None:
        return (engine,)
    guarded = ENGINES[:2] if sys.platform == "linux" else ()
    return (*guarded, "none") if allow_unsandboxed else guarded


def _advice(engine: str | None) -> str:
    if engine == "landlock":
        return "Landlock needs Linux 5.13 or later with it switched on"
    return (
        "Allow unprivileged user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone); "
        "start a container whose kernel has no Landlock with --security-opt seccomp=unconfined and as an ordinary user"
    )
