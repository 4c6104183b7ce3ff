"""Worker processes: forked from this one, each at one piece of work at a time. One that is killed is replaced.

What is in memory at the fork is in memory in each worker, and not twice. Numbers go in, bytes come out: nothing is
pickled. A worker ends when this process does, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
import sys
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType

TRIES = 3  # with a piece of work under which its worker was killed
AHEAD = 2  # pieces that a worker holds, so that it goes on while the last answer is being written

Answer = Callable[[int], bytes]


@dataclass
class _Worker:
    process: BaseProcess
    numbers: deque[int] = field(default_factory=deque)  # what it was given; it is at the first of them


class Workers:
    """Processes that answer the numbers 0 to `pieces` - 1. They are at work from the first moment on."""

    def __init__(self, begin: Callable[[], Answer], count: int, pieces: int) -> None:
        """Fork `count` workers, or fewer where there is less to do. Each calls `begin` for what answers its numbers."""
        self._begin = begin
        self._waiting = deque(range(pieces))
        self._tries: Counter[int] = Counter()
        self._workers: dict[Connection, _Worker] = {}
        self._count = min(count, pieces)
        for _ in range(self._count):
            self._hire()

    def answers(self) -> Iterator[tuple[int, bytes | None]]:
        """Each number with its answer, as they come; None where its worker was killed each time it was tried."""
        while self._workers:
            for pipe in wait(list(self._workers)):
                assert isinstance(pipe, Connection)
                worker = self._workers[pipe]
                try:
                    answer = pipe.recv_bytes()
                except (EOFError, OSError):
                    yield from self._replace(pipe, worker)
                else:
                    number = worker.numbers.popleft()
                    self._hand_out(pipe, worker)
                    yield number, answer

    def _hire(self) -> None:
        """Fork a worker and give it something to do."""
        ours, theirs = multiprocessing.Pipe()
        inherited = [*self._workers, ours]
        process = multiprocessing.get_context("fork").Process(
            target=_work, args=(theirs, inherited, self._begin), daemon=True
        )
        with _ctrl_c_later(), warnings.catch_warnings():
            # Keras and the progress bar may have threads of their own by now. A worker has no use for either.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            process.start()
        theirs.close()
        self._workers[ours] = _Worker(process)
        self._hand_out(ours, self._workers[ours])

    def _hand_out(self, pipe: Connection, worker: _Worker) -> None:
        """Give a worker its next pieces, or let it go. Towards the end nothing is put by: another one may be free."""
        while self._waiting and len(worker.numbers) < (AHEAD if len(self._waiting) > self._count else 1):
            number = self._waiting.popleft()
            worker.numbers.append(number)
            with contextlib.suppress(OSError):  # it has been killed, which is noticed where its answer is read
                pipe.send_bytes(number.to_bytes(4, "big"))
        if not worker.numbers:
            self._let_go(pipe)

    def _replace(self, pipe: Connection, worker: _Worker) -> Iterator[tuple[int, None]]:
        """A worker was killed: what it held waits for another one, what it was at no more often than is sensible."""
        self._tries[worker.numbers[0]] += 1
        lost = worker.numbers.popleft() if self._tries[worker.numbers[0]] == TRIES else None
        self._waiting.extendleft(reversed(worker.numbers))
        self._let_go(pipe)
        if self._waiting:
            self._hire()
        if lost is not None:
            yield lost, None

    def _let_go(self, pipe: Connection) -> None:
        worker = self._workers.pop(pipe)
        pipe.close()  # it ends when it reads on
        worker.process.join()

    def close(self) -> None:
        """End all workers at once; what they are at is lost."""
        for worker in self._workers.values():
            worker.process.kill()
        for pipe in list(self._workers):
            self._let_go(pipe)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all workers at once."""
        self.close()


@contextlib.contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Hold Ctrl-C back while a worker is forked, so that it is never heard in the worker."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, inherited: list[Connection], begin: Callable[[], Answer]) -> None:
    """What a worker does: answer numbers until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes; it ends its workers
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if sys.platform == "linux":
        from autograder.jail.linux import die_with_parent

        die_with_parent()
    gc.freeze()  # what was in memory at the fork, open connections among it, is not the worker's to clean up
    for each in inherited:  # or another worker would never see that its pipe was closed
        each.close()
    answer = begin()
    with contextlib.suppress(EOFError, OSError):  # the writer is gone, or has no more to do
        while True:
            pipe.send_bytes(answer(int.from_bytes(pipe.recv_bytes(), "big")))
