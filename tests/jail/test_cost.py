"""The table of costs is printed, and what the jail adds to a NumPy question stays below its goal."""

from __future__ import annotations

import dataclasses

import pytest

from autograder.jail import JailUnavailable, cost

pytestmark = pytest.mark.jail


def test_a_numpy_question_stays_within_its_goals(capsys: pytest.CaptureFixture[str]) -> None:
    """The best of three: what other programs take from the machine is no cost of the jail's."""
    few = dataclasses.replace(cost.NUMPY, rounds=15)
    try:
        statuses = (cost.main([few]) for _ in range(3))
        assert 0 in statuses
        found = cost.measured(dataclasses.replace(few, rounds=1))
    except JailUnavailable as error:
        pytest.skip(str(error))
    assert 0 < found.private_mib < few.private_mib
    printed = capsys.readouterr().out
    assert "the jail adds" in printed and "goal 25" in printed and "goal 60" in printed


def test_what_is_not_here_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    missing = dataclasses.replace(cost.NUMPY, name="Other", preload=("no_such_module",))
    assert cost.main([missing]) == 0 and "no_such_module cannot be imported" in capsys.readouterr().out


def test_a_missed_goal_is_an_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert cost.main([dataclasses.replace(cost.NUMPY, rounds=2, private_mib=0)]) == 1
    except JailUnavailable as error:
        pytest.skip(str(error))
