"""What runs inside: it executes a student's cells in one namespace and calls their functions, one request at a time.

Nothing here is trusted by the grader: a student's code shares this process and may change all of it. It therefore holds
nothing worth having, and its replies are read as a stranger's.
"""

from __future__ import annotations

import io
import linecache
import os
import random
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

from numpy import ndarray

from autograder.jail.failures import failure
from common import wire
from common.pairs import run_forward, run_pair

Reply = tuple[Any, ...]


class Room:
    """The namespace in which a hand-in lives, and the labels of its cells."""

    def __init__(self) -> None:
        """An empty `__main__`, as a notebook starts with."""
        self.empty()

    def empty(self) -> None:
        """Begin anew: no name, no label, and no warning that was given once already."""
        with warnings.catch_warnings():  # leaving it makes every module forget what it has warned of
            pass
        self.module = types.ModuleType("__main__")
        self.labels: list[str] = []
        sys.modules["__main__"] = self.module


def say_failed(reply: int, reason: str) -> None:
    """Tell the grader that this process could not be confined; no student's code has run."""
    _write_all(reply, wire.pack(0, ("failed", reason[:500])))


def serve(request: int, reply: int, limits: dict[str, Any]) -> NoReturn:
    """Answer requests until the grader closes the pipe."""
    caps = wire.Caps(body=limits["reply_mib"] * 1024 * 1024)
    _prepare_interpreter()
    room = Room()
    _write_all(reply, wire.pack(0, ("ready",)))
    while True:
        message = wire.read_message(lambda size: os.read(request, size), wire.REQUEST)
        if message is None:
            os._exit(0)
        number, (verb, *arguments) = message
        answer = _several(room, arguments) if verb == "several" else ANSWERS[verb](room, arguments)
        _flush()
        _write_all(reply, _frame(number, answer, caps))


def _prepare_interpreter() -> None:
    """Fresh text streams on the output pipe, and the same random numbers in every session."""
    for name, fd in (("stdout", 1), ("stderr", 2)):
        raw = io.FileIO(fd, "w", closefd=False)
        stream = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, "r", closefd=False))
    sys.argv = [""]
    random.seed(0)  # NumPy's are seeded before the fork; Python draws anew after it


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # a student may have put anything there
            continue


def _frame(number: int, answer: Reply, caps: wire.Caps) -> bytes:
    """The reply as a frame; an answer that cannot travel becomes a sentence about it."""
    try:
        return wire.pack(number, answer, caps)
    except wire.WireError as error:
        return wire.pack(number, ("unreadable", f"returned {error}"))
    except MemoryError:
        return wire.pack(number, ("memory",))
    except BaseException as error:
        return wire.pack(
            number, ("unreadable", f"returned an object that raises {type(error).__name__[:100]} when read")
        )


def _load(room: Room, arguments: list[Any]) -> Reply:
    """Run every cell in order; what one raises does not stop the next."""
    cells: list[tuple[str, str]] = arguments[0]
    if arguments[1]:
        room.empty()
    first = len(room.labels)
    room.labels += [label for label, _ in cells]
    return ("loaded", tuple(_run_cell(room, index, source) for index, (_, source) in enumerate(cells, first)))


def _run_cell(room: Room, index: int, source: str) -> Any:
    label = room.labels[index]
    linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
    try:
        exec(compile(source, label, "exec", dont_inherit=True), room.module.__dict__)
    except BaseException as error:
        return failure(error, room.labels)
    return None


def _has(room: Room, arguments: list[Any]) -> Reply:
    return ("has", callable(room.module.__dict__.get(arguments[0])))


def _read(room: Room, arguments: list[Any]) -> Reply:
    if arguments[0] not in room.module.__dict__:
        return ("raised", ("NameError", f"name {arguments[0]!r} is not defined", None, None))
    return ("value", room.module.__dict__[arguments[0]], ())


def _call(room: Room, arguments: list[Any]) -> Reply:
    """Call a function of the student's."""
    name, inputs = arguments
    return _try(room, [name], inputs, lambda function: function(*inputs))


def _forward(room: Room, arguments: list[Any]) -> Reply:
    """Call a function that returns (out, cache) and keep the cache here."""
    name, inputs = arguments
    return _try(room, [name], inputs, lambda forward: run_forward(forward, inputs)[0])


def _pair(room: Room, arguments: list[Any]) -> Reply:
    """Call a forward and a backward function and keep the cache here."""
    first, inputs, second, gradient = arguments
    given = [*inputs, gradient]
    return _try(room, [first, second], given, lambda forward, backward: run_pair(forward, inputs, backward, gradient))


def _try(room: Room, names: list[str], inputs: list[Any], run: Callable[..., Any]) -> Reply:
    """Run something with functions of the student's; say what it gave and which inputs it changed in place."""
    before = [_bytes_of(value) for value in inputs]
    for name in names:
        if name not in room.module.__dict__:
            return ("raised", ("NameError", f"name {name!r} is not defined", None, None))
    try:
        value = run(*(room.module.__dict__[name] for name in names))
    except MemoryError:
        return ("memory",)
    except BaseException as error:
        return ("raised", failure(error, room.labels))
    modified = tuple(index for index, value_in in enumerate(inputs) if _bytes_of(value_in) != before[index])
    return ("value", value, modified)


ANSWERS = {"load": _load, "call": _call, "has": _has, "read": _read, "forward": _forward, "pair": _pair}


def _several(room: Room, arguments: list[Any]) -> Reply:
    """Several calls, one after the other, answered together."""
    return ("several", tuple(ANSWERS[verb](room, rest) for verb, *rest in arguments[0]))


def _bytes_of(value: Any) -> Any:
    """A value as it would travel, to compare before and after; None when it no longer can."""
    if type(value) is ndarray:  # nearly always, and then this is many times as fast
        return value.dtype.str, value.shape, value.tobytes()
    try:
        return wire.pack(0, value, wire.REQUEST)
    except BaseException:
        return None
