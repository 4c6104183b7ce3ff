"""Ctrl-C at a good moment: what is being written is written to its end first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def whole() -> Iterator[None]:
    """Hold Ctrl-C back until the block is done; then it is raised."""
    heard = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(heard):
        yield  # only the main thread hears of it, and where it is ignored there is nothing to hold back
        return
    asked: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)
    if asked:
        raise KeyboardInterrupt
