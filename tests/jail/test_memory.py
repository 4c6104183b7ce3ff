"""Memory is watched from outside as well: what the bound on the address space lets through is stopped all the same."""

from __future__ import annotations

import dataclasses
import os
import re
import time

import pytest

from autograder.jail import Jail, Limits, Session, memory
from common.cases.case import Ended

pytestmark = pytest.mark.jail

WIDE = Limits(call_seconds=60, load_seconds=60, memory_mib=8192)
GROW = """
import mmap, threading, time
kept = []
def touch(mebibytes):
    for _ in range(mebibytes): kept.append(bytearray(b"x") * 2**20)
def grows(mebibytes):
    touch(mebibytes)
    time.sleep(30)
    return 1
def grows_in_a_thread(mebibytes):
    thread = threading.Thread(target=touch, args=(mebibytes,))
    thread.start()
    time.sleep(30)
def shares(mebibytes):
    area = mmap.mmap(-1, mebibytes * 2**20)
    for page in range(0, len(area), 4096): area[page] = 1
    time.sleep(30)
"""


def narrowed(session: Session, mebibytes: int) -> Session:
    """A session whose process was given a wide address space, and whose watch allows this much."""
    session._channel.limits = dataclasses.replace(WIDE, memory_mib=mebibytes)
    return session


@pytest.mark.parametrize("grow", ["grows", "grows_in_a_thread", "shares"])
def test_the_watch_stops_what_the_address_space_would_allow(any_jail: Jail, grow: str) -> None:
    with any_jail.session(WIDE) as session:
        narrowed(session, 64).load([("cell", GROW)])
        started = time.monotonic()
        outcome = session.call(grow, [200])
        assert (outcome.ended, outcome.reason) == (Ended.OUT_OF_MEMORY, "needed more than 64 MiB")
        assert time.monotonic() - started < 20  # long before it would have ended by itself


def test_what_stays_within_its_budget_is_let_be(any_jail: Jail) -> None:
    with any_jail.session(WIDE) as session:
        narrowed(session, 64).load([("cell", GROW.replace("sleep(30)", "sleep(0.3)"))])
        assert session.call("grows", [40]).value == 1


def test_top_level_code_is_watched_too_and_its_cell_named(any_jail: Jail) -> None:
    with any_jail.session(WIDE) as session:
        narrowed(session, 64).load([("<cell 1>", GROW), ("<cell 4>", "grows(200)"), ("<cell 5>", "x = 1")])
        assert session.ended == Ended.OUT_OF_MEMORY and session.reason == "needed more than 64 MiB in cell 4"


def test_the_figures_of_a_process_that_ended_are_nothing() -> None:
    if not hasattr(os, "pidfd_open"):
        pytest.skip("no handles on processes here")
    child = os.fork()
    if not child:
        time.sleep(30)
        os._exit(0)
    handle = os.pidfd_open(child)
    count = memory.open_count(handle)
    assert memory.private_kib(count) > 0
    os.kill(child, 9)
    os.waitpid(child, 0)
    assert memory.private_kib(count) == 0 and memory.open_count(handle) == -1
    os.close(count)
    os.close(handle)


def test_the_cell_that_runs_past_the_time_for_loading_is_named(any_jail: Jail) -> None:
    with any_jail.session(Limits(load_seconds=0.5)) as session:
        cells = [("<cell 2>", "def f():\n    return 1"), ("<cell 3>", "while True: pass"), ("<cell 4>", "y = 1")]
        assert len(session.load(cells)) == 3
        assert session.reason == "was stopped in cell 3: code outside of functions may run for 0.5 s"
        assert session.call("f", []).ended == Ended.TIMEOUT


def test_the_time_for_loading_is_shared_by_all_cells(any_jail: Jail) -> None:
    """Each of five cells stays well within the time; the third begins within it and does not end within it."""
    with any_jail.session(Limits(load_seconds=1.2)) as session:
        started = time.monotonic()
        session.load([(f"<cell {number}>", "import time; time.sleep(0.5)") for number in range(1, 6)])
        took = time.monotonic() - started
        assert session.ended == Ended.TIMEOUT and re.search("in cell [23]:", session.reason), session.reason
        assert took < 2.4  # less than all five would need


def test_a_cell_that_leaves_the_program_is_named(any_jail: Jail) -> None:
    with any_jail.session() as session:
        session.load([("<cell 1>", "x = 1"), ("<cell 2>", "import os; os._exit(3)")])
        assert session.reason == "left the program (exit status 3) in cell 2"
