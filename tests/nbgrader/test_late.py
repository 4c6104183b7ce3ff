"""Late penalties: days by the clocks of the course, compared in UTC."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.gradebook.late import PercentPerDay, days_late

VIENNA = ZoneInfo("Europe/Vienna")


def at(*moment, zone=VIENNA):
    return datetime(*moment, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "received", "days"),
    [
        (at(2027, 5, 2, 23, 59), at(2027, 5, 2, 23, 59), 0),
        (at(2027, 5, 2, 23, 59), at(2027, 5, 2, 23, 59, 1), 1),
        (at(2027, 5, 2, 23, 59), at(2027, 5, 3, 23, 59), 1),
        (at(2027, 5, 2, 23, 59), at(2027, 5, 4, 0, 0), 2),
        (at(2027, 5, 2, 12, 0), at(2027, 5, 3, 9, 0), 1),
        (at(2027, 5, 2, 12, 0), at(2027, 5, 3, 13, 0), 2),
    ],
)
def test_a_day_ends_at_the_time_of_the_deadline(due, received, days):
    assert days_late(due, received, VIENNA) == days


def test_the_long_day_when_clocks_go_back_is_one_day():
    due, received = at(2027, 10, 30, 23, 59), at(2027, 10, 31, 23, 59)
    assert (received - due) == timedelta(hours=25)
    assert days_late(due, received, VIENNA) == 1
    assert days_late(due, received, ZoneInfo("UTC")) == 2


def test_the_short_day_when_clocks_go_forward_is_one_day():
    due = at(2027, 3, 27, 23, 59)
    assert days_late(due, due + timedelta(hours=23), VIENNA) == 1
    assert days_late(due, due + timedelta(hours=23, minutes=1), VIENNA) == 2


def test_a_deadline_in_the_hour_that_happens_twice_is_exact():
    first = datetime(2027, 10, 31, 2, 30, tzinfo=VIENNA, fold=0).astimezone(UTC)
    second = datetime(2027, 10, 31, 2, 30, tzinfo=VIENNA, fold=1).astimezone(UTC)
    assert (days_late(first, second, VIENNA), days_late(second, first, VIENNA)) == (1, 0)


def penalty(seconds_late, **settings):
    due = datetime(2027, 5, 2, 21, 59)
    submission = SimpleNamespace(duedate=due, timestamp=due + timedelta(seconds=seconds_late))
    step = AssignLatePenalties(config=Config({"PercentPerDay": settings}))
    step.assignment_id, step.gradebook = "a", SimpleNamespace(find_submission=lambda *names: submission)
    plugin = PercentPerDay(parent=step)
    return plugin.late_submission_penalty("ada", 20.0, seconds_late)


@pytest.mark.parametrize(
    ("seconds", "settings", "points"),
    [
        (60, {"percent": 10.0}, 2),
        (25 * 3600, {"percent": 10.0}, 4),
        (30 * 86400, {"percent": 10.0, "at_most": 50.0}, 10),
        (30 * 86400, {"percent": 10.0}, 20),
        (600, {"percent": 10.0, "grace_minutes": 15.0}, None),
    ],
)
def test_so_many_percent_of_the_score_for_each_day_begun(seconds, settings, points):
    assert penalty(seconds, **settings) == points
