"""Whatever bytes a process sends in the place of a reply, the grader has an outcome, within its time."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.jail import Limits, Session
from autograder.jail.channel import Channel
from common import wire
from common.cases.case import Ended, Outcome

pytestmark = pytest.mark.jail

SHORT = 0.1
REPLIES: list[Any] = [
    ("value", 7, ()),
    ("value", np.arange(6.0).reshape(2, 3), (0,)),
    ("raised", ("ValueError", "no", 0, 1)),
    ("unreadable", "a generator"),
    ("memory",),
    ("loaded", (None,)),
    {"score": 100},
]


@st.composite
def spoilt_frames(draw: st.DrawFn) -> bytes:
    """A frame of a right or a wrong form, cut, with bytes put in, changed or taken out."""
    frame = bytearray(wire.pack(draw(st.integers(0, 3)), draw(st.sampled_from(REPLIES))))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(frame)))
        frame[at : at + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
    return bytes(frame[: draw(st.integers(0, len(frame)))] if draw(st.booleans()) else frame)


def answered_by(data: bytes, stays: bool = True, seconds: float = 20.0) -> tuple[Outcome, float]:
    """What a call gives when these bytes are the answer, and how long it took; `stays` keeps the pipes open."""
    channel = Channel(Limits(call_seconds=seconds))
    (request, *others), channel.theirs = channel.theirs, []
    asked = threading.Event()

    def process() -> None:
        os.read(request, 65_536)
        os.write(others[0], data)
        if stays:
            asked.wait(30)
        for fd in (request, *others):
            os.close(fd)

    thread = threading.Thread(target=process)
    thread.start()
    session = Session(channel)
    started = time.monotonic()
    channel._status.pid = channel._status.handle = -1  # there is no process to be watched or killed
    channel._memory.before = 1
    channel._signal = lambda: asked.set()  # type: ignore[method-assign]
    outcome = session.call("answer", [1])
    took = time.monotonic() - started
    asked.set()
    thread.join()
    session.close()
    return outcome, took


@settings(max_examples=150, deadline=None, database=None)  # an ordinary user may not be able to write one here
@given(st.binary(max_size=200) | spoilt_frames(), st.booleans())
def test_any_answer_is_an_outcome_within_its_time(data: bytes, stays: bool) -> None:
    outcome, took = answered_by(data, stays, SHORT)
    assert outcome.returned or outcome.raised or outcome.ended in set(Ended)
    assert took < 5


WORDS = st.sampled_from(["value", "raised", "unreadable", "memory", "several", "loaded", "has", 7, None, np.arange(2)])
PARTS = st.recursive(WORDS, lambda parts: st.lists(parts, max_size=4).map(tuple), max_leaves=8)


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(PARTS, max_size=5).map(tuple))
def test_any_words_and_arrays_in_any_place_are_an_outcome(answer: tuple[Any, ...]) -> None:
    outcome, _ = answered_by(wire.pack(1, answer), seconds=SHORT)
    assert outcome.returned or outcome.raised or outcome.ended in set(Ended)


def test_the_right_answer_is_heard_among_them() -> None:
    assert answered_by(wire.pack(1, ("value", 7, ())))[0].value == 7


def test_an_answer_to_another_question_is_refused() -> None:
    assert answered_by(wire.pack(2, ("value", 7, ())))[0].ended == Ended.REFUSED


def test_half_an_answer_is_waited_for_no_longer_than_the_limit() -> None:
    outcome, _ = answered_by(wire.pack(1, ("value", 7, ()))[:-1], seconds=SHORT)
    assert outcome.ended == Ended.TIMEOUT and outcome.reason == "was stopped after 0.1 s"
