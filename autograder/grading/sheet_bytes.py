"""A sheet of fresh cases as bytes and back, for our own processes and files. Nothing in it is unpickled."""

from __future__ import annotations

from typing import Any

import numpy as np

from common import wire
from common.cases import Case, KnownMistake, Outcome, Relation, Sheet, Value
from common.cases.case import Ended, Raised
from common.cases.frozen import digest


def to_bytes(sheet: Sheet) -> bytes:
    """The sheet as one frame of the wire; WireError where it would not come back as it was."""
    cases = tuple(map(_case, sheet.cases))
    mistakes = tuple((each.name, each.say, tuple(map(_outcome, each.outcomes))) for each in sheet.mistakes)
    content = wire.pack(0, (sheet.question, sheet.kind, dict(sheet.points), cases, mistakes), wire.REQUEST)
    if digest(from_bytes(content)) != digest(sheet):
        raise wire.WireError("a sheet with values that do not travel")
    return content


def from_bytes(content: bytes) -> Sheet:
    """The sheet that `to_bytes` was given; WireError where the bytes are no whole frame."""
    buffer = wire.FrameBuffer(wire.REQUEST)
    buffer.feed(content)
    _, (question, kind, points, cases, mistakes) = buffer.message()
    known = tuple(KnownMistake(name, say, tuple(map(_to_outcome, outcomes))) for name, say, outcomes in mistakes)
    return Sheet(question, points, tuple(map(_to_case, cases)), known, kind)


def _case(case: Case) -> tuple[Value, ...]:
    relation = (case.relation.name, _plain(dict(case.relation.settings))) if case.relation else None
    inputs = _plain(dict(case.inputs))
    expected = _outcome(case.expected)
    return case.probes, case.group, inputs, expected, case.terms, float(case.rtol), relation, case.same_dtype


def _to_case(row: Any) -> Case:
    probes, group, inputs, expected, terms, rtol, relation, same_dtype = row
    asked = Relation(*relation) if relation else None
    return Case(probes, group, inputs, _to_outcome(expected), terms, rtol, asked, same_dtype)


def _outcome(outcome: Outcome) -> tuple[Value, ...]:
    raised = tuple(vars(outcome.raised).values()) if outcome.raised else None
    ended = outcome.ended.value if outcome.ended else None
    return _plain(outcome.value), raised, ended, outcome.reason, outcome.modified


def _to_outcome(row: Any) -> Outcome:
    value, raised, ended, reason, modified = row
    return Outcome(value, Raised(*raised) if raised else None, Ended(ended) if ended else None, reason, modified)


def _plain(value: Value) -> Value:
    """NumPy's double is a Python float here: on the wire it would become an array."""
    if isinstance(value, np.float64):
        return float(value)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value
