"""Workers answer every number once, whatever is killed, and never outlive the process that has them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from autograder.grading.workers import TRIES, Workers


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds, seconds=20.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def squared():
    return lambda number: str(number * number).encode()


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("pieces", [0, 1, 2, 20])
def test_every_number_is_answered_once(count, pieces):
    with Workers(squared, count, pieces) as workers:
        assert sorted(workers.answers()) == [(number, str(number * number).encode()) for number in range(pieces)]


def test_what_is_in_memory_is_there_in_the_workers_and_what_they_do_to_it_stays_with_them():
    seen = []
    with Workers(lambda: lambda number: (seen.append(number), bytes([len(seen)]))[1], 1, 3) as workers:
        assert [answer for _, answer in workers.answers()] == [b"\1", b"\2", b"\3"]
    assert seen == []


def test_answers_may_be_large():
    with Workers(lambda: lambda number: bytes([number]) * 5_000_000, 2, 6) as workers:
        assert {(number, len(answer), answer[-1]) for number, answer in workers.answers()} == {
            (number, 5_000_000, number) for number in range(6)
        }


def test_a_killed_worker_is_replaced_and_what_it_held_is_answered(tmp_path):
    def dies_once_at_five(number):
        mark = tmp_path / "died"
        if number == 5 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return b"yes"

    with Workers(lambda: dies_once_at_five, 2, 12) as workers:
        assert Counter(workers.answers()) == Counter((number, b"yes") for number in range(12))
    assert (tmp_path / "died").exists()


def test_what_kills_its_worker_each_time_is_given_up_and_costs_no_other_number(tmp_path):
    def dies_at_three(number):
        if number == 3:
            with (tmp_path / "tries").open("a") as tries:
                tries.write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        return b"yes"

    with Workers(lambda: dies_at_three, 2, 8) as workers:
        assert Counter(workers.answers()) == Counter((number, None if number == 3 else b"yes") for number in range(8))
    assert (tmp_path / "tries").read_text() == "x" * TRIES


def test_left_early_all_of_it_ends_at_once():
    with Workers(lambda: lambda number: (time.sleep(60 * number), str(os.getpid()).encode())[1], 2, 3) as workers:
        _, first = next(iter(workers.answers()))
        pids = [worker.process.pid for worker in workers._workers.values()]
        assert int(first) in pids and all(map(alive, pids))
        left = time.monotonic()
    assert time.monotonic() - left < 5 and not any(map(alive, pids))


ORPHANED = """
import os, sys, time
from autograder.grading.workers import Workers
def begin():
    print(os.getpid(), flush=True)
    return lambda number: time.sleep(60) or b""
for _ in Workers(begin, 2, 4).answers():
    pass
"""


def test_workers_end_with_the_process_that_has_them_even_when_that_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", ORPHANED], stdout=subprocess.PIPE, text=True)
    pids = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(map(alive, pids))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not any(map(alive, pids)))


def test_ctrl_c_is_for_the_process_that_has_them():
    def asked(number):
        os.kill(os.getpid(), signal.SIGINT)
        return b"still here"

    with Workers(lambda: asked, 1, 1) as workers:
        assert list(workers.answers()) == [(0, b"still here")]
