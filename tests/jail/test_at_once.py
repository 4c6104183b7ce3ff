"""Several cells or calls in one message: the same outcomes as one by one, or a session that says it was hurried."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.jail import Jail
from autograder.jail.session import Call, calling, calling_pair
from common.cases.case import Ended

pytestmark = pytest.mark.jail

WORK = """
def f(x):
    seen.append(1)
    if x[0] > 2:
        raise ValueError("large")
    x += 1
    return x

def g():
    return len(seen)

def forward(x):
    return x, 1

def backward(d, cache):
    return d
"""
CELLS = [("cell 1", "import numpy as np\nseen = []"), ("cell 2", WORK)]
CALLS = [
    calling("f", {"x": np.array([1.0])}),
    calling("f", {"x": np.array([3.0])}),
    Call(("read", "nothing")),
    calling_pair("forward", "backward", {"x": np.ones(2), "dout": np.zeros(2)}),
    calling("g", {}),
]


@pytest.fixture
def sessions(any_jail: Jail):
    with any_jail.session(at_once=True) as hasty, any_jail.session() as patient:
        yield hasty, patient


def told(outcomes) -> list[str]:
    return [repr((each.value, each.raised, each.ended, each.modified)) for each in outcomes]


def test_what_is_asked_at_once_comes_out_as_one_by_one(sessions) -> None:
    hasty, patient = sessions
    assert hasty.load(CELLS) == patient.load(CELLS)
    found = hasty.outcomes(CALLS)
    assert told(found) == told(patient.outcomes(CALLS))
    assert found[0].modified == ("x",) and found[1].raised.type == "ValueError" and found[-1].value == 2
    assert not hasty.hurried and hasty.ended is None


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "__import__('os')._exit(0)",
        "return bytearray(3 * 10**9)",
        "import os; os.write(4, b'nonsense' * 4)",
        "return np.zeros(60_000_000, 'u1')",
        "return [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
    ],
)
def test_what_does_not_come_back_soon_and_whole_was_hurried(any_jail: Jail, body: str) -> None:
    with any_jail.session(at_once=True) as session:
        session.load([("a", "import numpy as np"), ("b", f"def f():\n    {body}")])
        started = time.monotonic()
        outcomes = session.outcomes([calling("f", {})] * 2)
        assert session.hurried and session.ended and len(outcomes) == 2
        assert time.monotonic() - started < 5


def test_a_cell_that_ends_the_process_was_hurried_and_all_cells_are_reported(any_jail: Jail) -> None:
    with any_jail.session(at_once=True) as session:
        reports = session.load([("a", "x = 1"), ("b", "__import__('os')._exit(3)")])
        assert [report.label for report in reports] == ["a", "b"]
        assert session.hurried and session.ended == Ended.CRASHED


def test_calls_that_are_too_large_for_one_message_go_one_by_one(any_jail: Jail) -> None:
    many = list(range(400_000))
    with any_jail.session(at_once=True) as session:
        session.load([("a", "def f(x):\n    return len(x)"), ("b", "")])
        outcomes = session.outcomes([calling("f", {"x": many})] * 3)
        assert [each.value for each in outcomes] == [400_000] * 3 and not session.hurried


@pytest.mark.parametrize("answer", ["('several', ())", "('value', 1, ())", "7", "('several', (7, 7))"])
def test_a_forged_answer_to_several_calls_is_none(any_jail: Jail, answer: str) -> None:
    forge = (
        "import os\nfrom common import wire\ndef f():\n"
        f"    os.write(4, wire.pack(3, {answer}))\n    __import__('time').sleep(9)"
    )
    with any_jail.session(at_once=True) as session:
        session.load([("a", forge), ("b", "")])
        outcomes = session.outcomes([calling("f", {})] * 2)
        assert session.hurried and not any(each.returned for each in outcomes)
