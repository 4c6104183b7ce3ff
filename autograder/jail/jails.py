"""One jail per set of preloaded packages, started when the first question needs it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType

from autograder.jail.contract import NUMPY, JailUnavailable
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
        self._started: dict[tuple[str, ...], Future[Jail]] = {NUMPY: Future()}
        self._started[NUMPY].set_result(plain)

    def with_packages(self, preload: Sequence[str]) -> Jail:
        """The jail whose processes have these packages imported already."""
        return self.begin(preload).result()

    def begin(self, preload: Sequence[str]) -> Future[Jail]:
        """Start that jail in the background, where its imports take seconds that are better spent side by side."""
        packages = tuple(preload)
        with self._lock:
            if self._closed:
                raise JailUnavailable("The jails are closed")
            if packages not in self._started:
                self._started[packages] = Future()
                threading.Thread(target=self._start, args=(packages,), name="start-jail").start()
            return self._started[packages]

    def _start(self, packages: tuple[str, ...]) -> None:
        promised = self._started[packages]
        try:
            promised.set_result(Jail.start(self.engine, packages, self._allow_unsandboxed))
        except BaseException as problem:
            with self._lock:
                del self._started[packages]  # whoever asks next has it tried again
            promised.set_exception(problem)

    def await_start(self) -> None:
        """Wait for the jails that are being started. One that cannot start is found out where it is needed."""
        with self._lock:
            started = list(self._started.values())
        for promised in started:
            promised.exception()

    def close(self) -> None:
        """End every jail and all that runs in it, for good: at once, or when it has started."""
        with self._lock:
            self._closed = True
            started = sorted(self._started.values(), key=lambda promised: not promised.done())
        for promised in started:
            if promised.exception() is None:
                promised.result().close()

    def __enter__(self) -> Jails:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every jail and all that runs in it."""
        self.close()
