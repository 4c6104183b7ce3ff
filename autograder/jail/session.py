"""A Session is one jailed process that holds one student's code: for one question, or several one after another.

An answer may be anything that the wire carries. Its words are matched as `str("value")`: an array in their place would
raise when it is compared with a text.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from autograder.jail.channel import Channel, Over
from autograder.jail.contract import CellReport, JailUnavailable
from autograder.jail.failures import MAX_TEXT, MAX_TYPE
from common import wire
from common.cases.case import UNREADABLE, Ended, Outcome, Raised, Value
from common.enclosing import function_around

_START_SECONDS = 30.0  # our own code runs until then; generous, for a machine under load
_MAX_SOURCE_LINE = 300
_SOON = 2.0  # how long an answer to several questions at once is awaited: they are asked again, with all their time

Cells = Sequence[tuple[str, str]]
Request = tuple[Any, ...]


@dataclass(frozen=True)
class Call:
    """Something to run in a session's process, and the names of its inputs, to say which of them it changed."""

    request: Request
    names: Sequence[str] = ()
    pair: bool = False  # its value is (out, gradients)


def calling(function: str, inputs: Mapping[str, Value]) -> Call:
    """A call of a function with fresh copies of the inputs, in this order."""
    return Call(("call", function, list(inputs.values())), list(inputs))


def calling_forward(function: str, inputs: Mapping[str, Value]) -> Call:
    """A call of a function that returns (out, cache); the value is `out`, the cache stays where it is."""
    return Call(("forward", function, list(inputs.values())), list(inputs))


def calling_pair(forward: str, backward: str, inputs: Mapping[str, Value]) -> Call:
    """A call of forward, then of backward with the last input; the value is (out, gradients), never the cache."""
    *given, above = inputs.values()
    return Call(("pair", forward, given, backward, above), list(inputs), pair=True)


class Session:
    """Load cells, call functions. Nothing a student's code does makes a method raise.

    With `at_once`, several cells or calls go out in one message. Where its answer does not come, soon and whole, nobody
    can say which of them was to blame: the session is over and `hurried`, and the work must be done one by one.
    """

    def __init__(self, channel: Channel, at_once: bool = False) -> None:
        """A session over the pipes of a process that was just asked for."""
        self.hurried = False
        self.well_loaded = False
        self._first: Request | None = None
        self._at_once = at_once
        self._channel = channel
        self._number = 0
        self._lines: list[list[str]] = []
        self._over: Outcome | None = None

    def await_start(self) -> None:
        """Wait until the process is confined; JailUnavailable when it could not be."""
        try:
            _, answer = self._channel.exchange(b"", _START_SECONDS)
        except Over as over:
            raise JailUnavailable(self._channel.failed or f"a jailed process {over.reason}") from None
        if answer != ("ready",):
            raise JailUnavailable(str(answer[1]) if type(answer) is tuple and len(answer) == 2 else "no answer")

    @property
    def ended(self) -> Ended | None:
        """Why the process is no more, or None while it lives."""
        return self._over.ended if self._over else None

    @property
    def reason(self) -> str:
        """One sentence on why it ended, without its subject: "was stopped after 10 s"."""
        return self._over.reason if self._over else ""

    @property
    def output(self) -> str:
        """The beginning of what the student's code printed, on either stream. Hostile text."""
        return self._channel.output.decode("utf-8", "replace")

    def load(self, cells: Cells) -> list[CellReport]:
        """Run cells in order in one namespace. After a cell that ended the process, the reports say so."""
        if len(cells) > 1 and self._at_once:
            return self._load_at_once(cells)
        deadline = time.monotonic() + self._channel.limits.load_seconds
        return [self._load_one(label, source, deadline) for label, source in cells]

    def load_anew(self, cells: Cells) -> None:
        """Run cells in a namespace of their own, as if nothing had been loaded or printed before.

        They go out in one message with the calls that come next; then `well_loaded` says whether none of them raised.
        """
        self.well_loaded = False
        self._lines = [source.splitlines() for _, source in cells]
        self._channel.output.clear()
        self._first = _load(cells, anew=True)

    def _load_at_once(self, cells: Cells) -> list[CellReport]:
        self._lines += [source.splitlines() for _, source in cells]
        match self._ask(_load(cells), min(_SOON, self._channel.limits.load_seconds)):
            case (str("loaded"), tuple(reports)) if len(reports) == len(cells):
                return [CellReport(label, self._raised(each)) for (label, _), each in zip(cells, reports, strict=True)]
        self._give_up()
        return [CellReport(label) for label, _ in cells]

    def _load_one(self, label: str, source: str, deadline: float) -> CellReport:
        """Run one cell in what is left of the time for all of them; a cell that ends the process is named."""
        self._lines.append(source.splitlines())
        alive = self._over is None
        answer = self._ask(_load([(label, source)]), max(0.0, deadline - time.monotonic()))
        match answer:
            case (str("loaded"), (report,)):
                return CellReport(label, self._raised(report))
            case Outcome():
                if alive and self._over:
                    self._over = replace(self._over, reason=self._in_cell(label, self._over))
            case _:
                self._refuse()
        return CellReport(label)

    def _in_cell(self, label: str, over: Outcome) -> str:
        """Why a cell was the last one that ran, as a sentence that names it."""
        cell = label.strip("<>")
        if over.ended == Ended.TIMEOUT:
            return (
                f"was stopped in {cell}: code outside of functions may run for {self._channel.limits.load_seconds:g} s"
            )
        return f"{over.reason} in {cell}"

    def has(self, name: str) -> bool:
        """Whether something callable of that name is there."""
        answer = self._ask(("has", name), self._channel.limits.call_seconds)
        if isinstance(answer, Outcome):
            return False
        match answer:
            case (str("has"), bool(found)):
                return found
        self._refuse()
        return False

    def call(self, function: str, inputs: Sequence[Value], names: Sequence[str] = ()) -> Outcome:
        """Call a function with fresh copies of the inputs; with `names` the outcome says which of them it changed."""
        return self._outcome(Call(("call", function, list(inputs)), names))

    def read(self, variable: str) -> Outcome:
        """The value of a variable that the cells left behind."""
        return self.outcomes([Call(("read", variable))])[0]

    def outcomes(self, calls: Sequence[Call]) -> list[Outcome]:
        """What came of each call. They are made in order, in one namespace."""
        if (len(calls) > 1 or self._first) and self._at_once and not self._over:
            with contextlib.suppress(wire.WireError):  # more than one message may hold, so nothing was sent
                return self._outcomes_at_once(calls)
        return [self._outcome(each) for each in calls]

    def _outcomes_at_once(self, calls: Sequence[Call]) -> list[Outcome]:
        first, self._first = [self._first] if self._first else [], None
        request = ("several", [*first, *(each.request for each in calls)])
        match self._ask(request, min(_SOON, self._channel.limits.call_seconds)):
            case (str("several"), tuple(answers)) if len(answers) == len(first) + len(calls):
                self.well_loaded = all(map(_no_cell_raised, answers[: len(first)]))
                answers = answers[len(first) :]
                found = [self._read_answer(call, answer) for call, answer in zip(calls, answers, strict=True)]
                if not self._over:
                    return found
        self._give_up()
        return [self._outcome(each) for each in calls]

    def _give_up(self) -> None:
        self.hurried = True
        if not self._over:
            self._refuse()

    def _outcome(self, call: Call) -> Outcome:
        """What came of running something of the student's."""
        answer = self._ask(call.request, self._channel.limits.call_seconds)
        return answer if isinstance(answer, Outcome) else self._read_answer(call, answer)

    def _read_answer(self, call: Call, answer: Value) -> Outcome:
        match answer:
            case (str("value"), value, tuple(changed)) if all(type(index) is int for index in changed):
                if call.pair and not (type(value) is tuple and len(value) == 2):
                    return self._refuse()
                modified = tuple(name for index, name in enumerate(call.names) if index in changed)
                return Outcome(value=value, modified=modified)
            case (str("raised"), report):
                raised = self._raised(report)
                return Outcome(raised=raised) if raised else self._refuse()
            case (str("unreadable"), str(reason)):
                return Outcome(raised=Raised(UNREADABLE, reason[:MAX_TEXT]))
            case (str("memory"),):
                return self._end(Ended.OUT_OF_MEMORY, f"needed more than {self._channel.limits.memory_mib} MiB")
        return self._refuse()

    def _ask(self, request: Request, seconds: float) -> Value:
        """The answer to a request, or the Outcome that every call gets once the session is over."""
        if self._over:
            return self._over
        self._number += 1
        try:
            frame = wire.pack(self._number, request, wire.REQUEST)
        except wire.WireError as error:
            if request[0] != "load":
                raise
            return self._end(Ended.REFUSED, f"is too large to be run: {error}")
        try:
            number, answer = self._channel.exchange(frame, seconds)
        except Over as over:
            return self._end(over.ended, over.reason)
        if number != self._number:
            return self._refuse()
        return answer

    def _refuse(self) -> Outcome:
        return self._end(Ended.REFUSED, "sent back what is no answer")

    def _end(self, ended: Ended, reason: str) -> Outcome:
        self._over = Outcome(ended=ended, reason=reason)
        self._channel.kill()
        return self._over

    def _raised(self, report: Value) -> Raised | None:
        """An exception as the process reports it, held to the rules; the line's text comes from our own copy."""
        match report:
            case (str(kind), str(text), int() | None as cell, int() | None as line):
                source, inside = "", ""
                if cell is not None and line is not None:
                    with contextlib.suppress(IndexError):
                        source = self._lines[cell][line - 1] if cell >= 0 and line >= 1 else ""
                        inside = function_around(self._lines[cell], line) if source else ""
                place = line if source or (line is not None and 0 < line < 1_000_000 and cell is not None) else None
                return Raised(kind[:MAX_TYPE], text[:MAX_TEXT], place, source[:_MAX_SOURCE_LINE], inside)
        return None

    def __enter__(self) -> Session:
        """The session itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the process and close its pipes."""
        self.close()

    def end_leaves_nothing(self) -> bool:
        """End the session; whether nobody is left who holds its pipes. For proving that nothing survives."""
        self._channel.kill()
        try:
            return self._channel.deserted()
        finally:
            self._channel.close()

    def close(self) -> None:
        """Kill the process with all it started, and close its pipes."""
        self._channel.kill()
        self._channel.close()


def _load(cells: Cells, anew: bool = False) -> Request:
    return ("load", [(label, _valid(source)) for label, source in cells], anew)


def _no_cell_raised(answer: Value) -> bool:
    match answer:
        case (str("loaded"), tuple(reports)):
            return all(each is None for each in reports)
    return False


def _valid(source: str) -> str:
    """Source as text that can be sent: a notebook's JSON may hold halves of characters."""
    return source.encode("utf-8", "replace").decode()
