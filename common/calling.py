"""Call a student's function in this process: fresh inputs, a time limit, and any failure as an Outcome."""

from __future__ import annotations

import contextlib
import copy
import functools
import linecache
import signal
import sysconfig
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from common.cases.case import UNREADABLE, Ended, Outcome, Raised, Value
from common.enclosing import function_around
from common.wire import PREAMBLE, WireError, pack, sizes, unpack

SECONDS_PER_CASE = 5.0


class _TimeUp(BaseException):
    """Ends a case that runs too long. Not an Exception, so that a student's `except Exception` lets it through."""


def call(function: Callable[..., Any], inputs: Mapping[str, Value], seconds: float | None = None) -> Outcome:
    """Call a function once and say what it did; only a plain value comes back, as it would from the grader's jail."""
    seconds = SECONDS_PER_CASE if seconds is None else seconds
    given = {name: copy.deepcopy(value) for name, value in inputs.items()}
    try:
        with _time_limit(seconds):
            value = portable(function(*given.values()))
    except _TimeUp:
        return Outcome(ended=Ended.TIMEOUT, reason=f"was stopped after {seconds:g} s: is there a loop that never ends?")
    except WireError as problem:
        return Outcome(raised=Raised(UNREADABLE, f"returned {problem}"))
    except BaseException as problem:
        return Outcome(raised=_raised(problem, problem.__traceback__))
    return Outcome(value, modified=tuple(name for name in inputs if _changed(inputs[name], given[name])))


def portable(value: Any) -> Value:
    """A value as the grader would receive it; WireError says in words what could not travel."""
    frame = pack(0, value)
    start, (length, _) = PREAMBLE.size, sizes(frame[: PREAMBLE.size])
    return unpack(frame[start : start + length], frame[start + length :])[1]


def _changed(before: Value, after: Value) -> bool:
    return isinstance(before, np.ndarray) and (
        before.shape != after.shape or before.dtype != after.dtype or before.tobytes() != after.tobytes()
    )


@functools.cache
def _not_theirs() -> tuple[str, ...]:
    """Where the files lie whose lines a student cannot mend: those of this package and of installed ones."""
    return str(Path(__file__).parent), *{sysconfig.get_path(kind) for kind in ("purelib", "platlib", "stdlib")}


def _raised(problem: BaseException, trace: TracebackType | None) -> Raised:
    """The exception with the last line of the student's own code that was running."""
    own = [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith(_not_theirs())]
    cells = [frame for frame in own if frame.filename.startswith("<") or "ipykernel" in frame.filename]
    text = ""
    with contextlib.suppress(Exception):  # the exception is a student's object: asking for its text may fail too
        text = str(problem)[:300]
    if not own:
        return Raised(type(problem).__name__, text)
    frame = (cells or own)[-1]
    called, inside = (
        function_around(linecache.getlines(at.filename), at.lineno or 0) for at in ((cells or own)[0], frame)
    )
    inside = "" if inside == called else inside
    return Raised(type(problem).__name__, text, frame.lineno, (frame.line or "").strip(), inside)


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt the block after a while, where the platform has timers (not on Windows, not off the main thread)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    # It fires again and again, so that a loop which swallows one interrupt is stopped by a later one.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
