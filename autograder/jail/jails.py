"""One jail per set of preloaded packages, started when the first question needs it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType

from autograder.jail.contract import JailUnavailable
from autograder.jail.jail import Jail


class Jails:
    """All jails of one run, of one engine. A NumPy course never pays for Keras."""

    def __init__(self, engine: str | None = None, allow_unsandboxed: bool = False) -> None:
        """Start the plain one at once, so that a machine without a jail is found out before any work is done."""
        self._lock = threading.Lock()
        self._closed = False
        self._allow_unsandboxed = allow_unsandboxed
        plain = Jail.start(engine, allow_unsandboxed=allow_unsandboxed)
        self.engine, self.sandboxed = plain.engine, plain.sandboxed
        self._running: dict[tuple[str, ...], Jail] = {("numpy",): plain}

    def with_packages(self, preload: Sequence[str]) -> Jail:
        """The jail whose processes have these packages imported already."""
        with self._lock:
            if self._closed:
                raise JailUnavailable("The jails are closed")
            if tuple(preload) not in self._running:
                started = Jail.start(self.engine, preload, self._allow_unsandboxed)
                self._running[tuple(preload)] = started
            return self._running[tuple(preload)]

    def close(self) -> None:
        """End every jail and all that runs in it, at once and for good."""
        with self._lock:
            self._closed = True
        for jail in self._running.values():
            jail.close()

    def __enter__(self) -> Jails:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every jail and all that runs in it."""
        self.close()
