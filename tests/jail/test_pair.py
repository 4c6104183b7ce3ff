"""A forward and a backward function in one session: the cache is the student's own affair and never leaves."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.jail import Session
from autograder.jail.session import calling_forward, calling_pair
from common.cases.case import Ended, Raised

pytestmark = pytest.mark.jail

PAIR = """
class Cache:
    def __reduce__(self):
        raise RuntimeError("nobody may look")

def forward(x):
    cache = Cache()
    cache.x = x
    return 2 * x, cache

def backward(dout, cache):
    return 2 * dout, cache.x
"""
X, D = np.arange(3.0), np.ones(3)


def pair(session: Session, source: str, names: tuple[str, ...] = ("x", "dout")):
    session.load([("cell 1", source)])
    (outcome,) = session.outcomes([calling_pair("forward", "backward", dict(zip(names, (X, D), strict=True)))])
    return outcome


def test_result_and_gradients_come_out_and_the_cache_does_not(session: Session) -> None:
    outcome = pair(session, PAIR)
    out, (dx, kept) = outcome.value
    assert (out.tolist(), dx.tolist(), kept.tolist()) == ([0, 2, 4], [2, 2, 2], [0, 1, 2])
    assert outcome.modified == ()
    (forward,) = session.outcomes([calling_forward("forward", {"x": X})])
    assert forward.value.tolist() == [0, 2, 4]


def test_inputs_and_the_gradient_from_above_are_watched(session: Session) -> None:
    assert pair(session, PAIR.replace("return 2 * dout", "dout *= 2; cache.x += 1\n    return dout")).modified == (
        "x",
        "dout",
    )


def test_what_goes_wrong_is_said_in_words_and_ends_nothing(session: Session) -> None:
    raised = pair(session, PAIR.replace("return 2 * dout", "return 1 / 0")).raised
    assert (raised.type, raised.source) == ("ZeroDivisionError", "    return 1 / 0, cache.x")
    assert pair(session, PAIR.replace("return 2 * x, cache", "return 2 * x")).raised == Raised(
        "TypeError", "forward should return two values, the result and the cache"
    )
    (missing,) = session.outcomes([calling_pair("forward", "back", {"x": X, "dout": D})])
    assert missing.raised.type == "NameError"
    assert pair(session, PAIR.replace("cache.x\n", "cache\n")).raised.type == "UnreadableAnswer"
    assert pair(session, PAIR).returned


def test_a_reply_of_another_form_is_refused(session: Session) -> None:
    forged = "import autograder.jail.worker as worker\nworker.run_pair = lambda *given: 3\n"
    assert pair(session, PAIR + forged).ended is Ended.REFUSED
