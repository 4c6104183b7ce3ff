"""What a session does with honest code and with every kind of failure, in every engine."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest

from autograder.jail import Jail, Limits, Session
from common.cases.case import Ended, Raised

pytestmark = pytest.mark.jail


def run(session: Session, source: str, function: str, *inputs: Any, names: tuple[str, ...] = ()) -> Any:
    session.load([("cell 1", source)])
    return session.call(function, inputs, names)


def test_cells_share_one_namespace_and_a_failing_cell_does_not_stop_the_next(session: Session) -> None:
    reports = session.load(
        [
            ("imports", "import numpy as np\nscale = 3"),
            ("broken", "x = 1\nraise ValueError('no')"),
            ("unfinished", "def half(:\n    pass"),
            ("work", "def triple(x):\n    return scale * x\nassert __name__ == '__main__'"),
        ]
    )
    assert [report.label for report in reports] == ["imports", "broken", "unfinished", "work"]
    assert reports[0].raised is None and reports[3].raised is None
    assert reports[1].raised == Raised("ValueError", "no", 2, "raise ValueError('no')")
    assert reports[2].raised == Raised("SyntaxError", "invalid syntax", 1, "def half(:")
    assert session.call("triple", [np.arange(3)]).value.tolist() == [0, 3, 6]
    assert session.has("triple") and not session.has("half") and not session.has("scale")


def test_the_line_named_is_the_students_own(session: Session) -> None:
    source = "import numpy as np\ndef reshape(x):\n    y = x + 1\n    return np.reshape(y, (7, 7))\n"
    raised = run(session, source, "reshape", np.zeros(3)).raised
    assert raised.type == "ValueError" and "cannot reshape" in raised.text
    assert (raised.line, raised.source) == (4, "    return np.reshape(y, (7, 7))")
    assert raised.inside == "reshape"


def test_a_missing_function_is_a_name_error(session: Session) -> None:
    assert session.call("conv9d", []).raised == Raised("NameError", "name 'conv9d' is not defined")


def test_a_function_called_with_the_wrong_number_of_arguments_raises(session: Session) -> None:
    raised = run(session, "def f(x):\n    return x", "f", 1, 2).raised
    assert raised.type == "TypeError" and "positional" in raised.text


def test_inputs_are_fresh_for_every_call_and_changes_are_named(session: Session) -> None:
    source = "def f(x, w, items):\n    x += 1\n    items.append(1)\n    return x"
    for _ in range(2):
        outcome = run(session, source, "f", np.zeros(2), np.ones(2), [5], names=("x", "w", "items"))
        assert outcome.value.tolist() == [1, 1]
        assert outcome.modified == ("x", "items")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("(x for x in [1])", "a generator; return a NumPy array"),
        ("{1}", "a set"),
        ("object()", "a object"),
        ("np.array([None])", "dtype object"),
        ("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "deep"),
        ("np.zeros(80_000_000, 'u1')", "64 MiB"),
        ("list(range(100_000))", "more than 25000 values"),
        ("f", "a function"),
    ],
)
def test_what_cannot_travel_is_said_in_words_and_ends_nothing(session: Session, expression: str, words: str) -> None:
    outcome = run(session, f"import numpy as np\ndef f():\n    return {expression}\ndef g():\n    return 1", "f")
    assert outcome.raised.type == "UnreadableAnswer" and words in outcome.raised.text
    assert outcome.raised.text.startswith("returned ")
    assert session.call("g", []).value == 1


@pytest.mark.parametrize(
    ("body", "ended", "words"),
    [
        ("while True: pass", Ended.TIMEOUT, "stopped after 0.4 s"),
        ("__import__('os')._exit(0)", Ended.CRASHED, "left the program (exit status 0)"),
        ("import ctypes; ctypes.string_at(0)", Ended.CRASHED, "crashed"),
        ("return bytearray(3 * 10**9)", Ended.OUT_OF_MEMORY, "more than 256 MiB"),
        ("import os; os.close(4); __import__('time').sleep(9)", Ended.REFUSED, "closed the pipe"),
        ("import os; os.write(4, b'nonsense' * 4)", Ended.REFUSED, "no answer"),
    ],
)
def test_an_ended_session_says_why_again_and_at_once(any_jail: Jail, body: str, ended: Ended, words: str) -> None:
    limits = Limits(call_seconds=0.4 if ended == Ended.TIMEOUT else 5, memory_mib=256)
    with any_jail.session(limits) as session:
        outcome = run(session, f"def f():\n    {body}\ndef g():\n    return 1", "f")
        assert outcome.ended == ended == session.ended
        assert words in outcome.reason
        started = time.monotonic()
        assert session.call("g", []) == outcome and not session.has("g")
        assert time.monotonic() - started < 0.3  # no limit was waited for again


@pytest.mark.parametrize(
    "source", ["x = '\ud800'", "x = 1\0", "(" * 5000, "x = 1" + " + 1" * 50_000, "\ufeffx = 1", "def"]
)
def test_a_strange_cell_is_reported_and_hurts_no_other(any_jail: Jail, source: str) -> None:
    with any_jail.session() as session:
        reports = session.load([("strange", source), ("fine", "def f():\n    return 1")])
        assert len(reports) == 2 and (session.ended or session.call("f", []).value == 1)


def test_a_cell_too_large_to_send_is_refused(session: Session) -> None:
    session.load([("c", "x" * 17_000_000)])
    assert session.ended == Ended.REFUSED and "too large" in session.reason


@pytest.mark.slow
def test_the_processor_is_bounded_beside_the_clock(any_jail: Jail) -> None:
    with any_jail.session(Limits(call_seconds=10, cpu_seconds=1)) as session:
        outcome = run(session, "def f():\n    while True: pass", "f")
        assert outcome.ended == Ended.TIMEOUT and "1 s of the processor" in outcome.reason


def test_loading_has_a_budget_of_its_own(any_jail: Jail) -> None:
    with any_jail.session(Limits(load_seconds=0.3)) as session:
        reports = session.load([("a", "x = 1"), ("b", "while True: pass")])
        assert [report.label for report in reports] == ["a", "b"]
        assert session.ended == Ended.TIMEOUT and "0.3 s" in session.reason


@pytest.mark.parametrize("leave", ["sys.exit(0)", "raise KeyboardInterrupt", "raise GeneratorExit", "quit()"])
def test_leaving_politely_is_an_exception_like_any_other(session: Session, leave: str) -> None:
    outcome = run(session, f"import sys\ndef f():\n    {leave}\ndef g():\n    return 1", "f")
    assert outcome.raised is not None and session.call("g", []).value == 1


def test_output_of_both_streams_is_kept_up_to_its_limit(any_jail: Jail) -> None:
    with any_jail.session(Limits(output_kib=1)) as session:
        source = "import sys\ndef f():\n    print('out')\n    print('err', file=sys.stderr)\n"
        source += "    print('x' * 10**7)\n    return 1"
        assert run(session, source, "f").value == 1
        assert session.output.startswith("out\nerr\nxxx") and len(session.output) == 1024


def test_output_survives_a_crash(session: Session) -> None:
    run(session, "import os\ndef f():\n    print('before')\n    os._exit(3)", "f")
    assert session.output == "before\n"


def test_large_arrays_cross_in_both_directions(session: Session) -> None:
    value = np.random.default_rng(0).normal(size=(1000, 1000))
    outcome = run(session, "def f(x):\n    return x * 2", "f", value)
    assert np.array_equal(outcome.value, value * 2)


def test_a_program_that_never_reads_its_request_is_stopped(any_jail: Jail) -> None:
    with any_jail.session(Limits(call_seconds=0.5)) as session:
        stuck = "import threading, time\ndef f():\n    return 1\nwhile True:\n    time.sleep(1)"
        session.load([("c", "x = 1")])
        session._channel.limits = Limits(load_seconds=0.4)
        session.load([("c", stuck)])
        assert session.ended == Ended.TIMEOUT


def test_numbers_from_numpys_global_generator_are_the_same_in_every_session(any_jail: Jail) -> None:
    drawn = []
    for _ in range(2):
        with any_jail.session() as session:
            drawn.append(run(session, "import numpy as np\ndef f():\n    return np.random.rand(3)", "f").value.tolist())
    assert drawn[0] == drawn[1]


def test_sessions_do_not_see_each_other(any_jail: Jail) -> None:
    with any_jail.session() as first:
        run(first, "import numpy as np\nnp.pi = 3\nleft = 1\ndef f():\n    return 1", "f")
    with any_jail.session() as second:
        assert run(second, "import numpy as np\ndef f():\n    return np.pi, 'left' in globals()", "f").value == (
            np.pi,
            False,
        )


def test_threads_may_open_sessions_at_once(any_jail: Jail) -> None:
    found: list[Any] = []

    def work(number: int) -> None:
        for round_ in range(5):
            with any_jail.session() as session:
                found.append(run(session, "def f(a, b):\n    return a, b", "f", number, round_).value)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(number, round_) for number in range(4) for round_ in range(5)]


def test_a_server_that_died_is_started_again(any_jail: Jail) -> None:
    with any_jail.session() as session:
        any_jail._server._process.kill()
        any_jail._server._process.wait()
        assert run(session, "def f():\n    return 1", "f").ended in (Ended.CRASHED, Ended.OUT_OF_MEMORY, None)
    time.sleep(0.1)
    with any_jail.session() as session:
        assert run(session, "def f():\n    return 1", "f").value == 1
