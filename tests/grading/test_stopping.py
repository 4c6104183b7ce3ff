"""Ctrl-C never cuts a write in two."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from autograder.grading.stopping import whole


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_a_block_is_done_to_its_end_before_it_stops() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), whole():
        ctrl_c()
        done.append("the rest of the block")
    assert done
    with pytest.raises(KeyboardInterrupt):  # and afterwards it is heard at once again
        ctrl_c()


def test_a_fault_in_the_block_is_not_hidden_by_it() -> None:
    with pytest.raises(ZeroDivisionError), whole():
        ctrl_c()
        print(1 / 0)


def test_nothing_is_raised_where_nobody_asked() -> None:
    with whole():
        pass


def test_another_thread_may_use_it_too() -> None:
    done = []

    def work() -> None:
        with whole():
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
