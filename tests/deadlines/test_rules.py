"""What being late costs: days by the clocks of the course, compared as moments; an extension never hurts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.deadlines.rules import Deadline, Extension, Policy, Rules, days_late, penalty

VIENNA = ZoneInfo("Europe/Vienna")
MAY = datetime(2027, 5, 2, 23, 59, tzinfo=VIENNA)
ZONES = ["UTC", "Europe/Vienna", "America/St_Johns", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia"]


def at(*moment, zone=VIENNA):
    return datetime(*moment, tzinfo=zone)


@pytest.mark.parametrize(
    ("due", "received", "days"),
    [
        (at(2027, 5, 2, 23, 59), at(2027, 5, 2, 23, 59), 0),
        (at(2027, 5, 2, 23, 59), at(2027, 5, 2, 23, 59, 1), 1),
        (at(2027, 5, 2, 23, 59), at(2027, 5, 3, 23, 59), 1),
        (at(2027, 5, 2, 23, 59), at(2027, 5, 4, 0, 0), 2),
        (at(2027, 5, 2, 12, 0), at(2027, 5, 3, 9, 0), 1),
        (at(2027, 5, 2, 12, 0), at(2027, 5, 3, 13, 0), 2),
        (at(2027, 5, 2, 23, 59), datetime(2027, 5, 3, 22, 0, tzinfo=UTC), 2),
    ],
)
def test_a_day_ends_at_the_time_of_the_deadline(due, received, days):
    assert days_late(due, received) == days


def test_the_long_day_when_clocks_go_back_is_one_day():
    due, received = at(2027, 10, 30, 23, 59), at(2027, 10, 31, 23, 59)
    assert received.astimezone(UTC) - due.astimezone(UTC) == timedelta(hours=25)
    assert days_late(due, received) == 1
    assert days_late(due.astimezone(UTC), received) == 2


def test_the_short_day_when_clocks_go_forward_is_one_day():
    due = at(2027, 3, 27, 23, 59)
    assert days_late(due, due.astimezone(UTC) + timedelta(hours=23)) == 1
    assert days_late(due, due.astimezone(UTC) + timedelta(hours=23, minutes=1)) == 2


def test_a_deadline_in_the_hour_that_happens_twice_is_exact():
    first, second = (datetime(2027, 10, 31, 2, 30, tzinfo=VIENNA, fold=fold) for fold in (0, 1))
    assert (days_late(first, second), days_late(second, first)) == (1, 0)


def test_grace_runs_by_the_clock_on_the_wall_of_nobody():
    """Ten minutes are ten minutes, also across the change of clocks."""
    due = datetime(2027, 10, 31, 2, 55, tzinfo=VIENNA, fold=0)
    rules = Rules(VIENNA, {"a": Deadline(due, Policy(percent_per_day=10, grace_minutes=10))})
    after = due.astimezone(UTC) + timedelta(minutes=10)
    assert penalty(rules, "ada", "a", after.astimezone(VIENNA)).days == 0
    assert penalty(rules, "ada", "a", (after + timedelta(seconds=1)).astimezone(VIENNA)).days == 1


def made(policy, extension=None, due=MAY):
    given = {("ada", "a"): Extension(extension, "a secret reason")} if extension else {}
    return Rules(VIENNA, {"a": Deadline(due, policy)}, given, file="deadlines.toml")


@pytest.mark.parametrize(
    ("policy", "days", "used", "percent"),
    [
        (Policy(), 3, 0, 0),
        (Policy(percent_per_day=10), 3, 0, 30),
        (Policy(free_days=2, percent_per_day=10), 3, 2, 10),
        (Policy(free_days=5, percent_per_day=10), 3, 3, 0),
        (Policy(percent_per_day=10, at_most_percent=15), 3, 0, 15),
        (Policy(percent_per_day=60), 3, 0, 100),
        (Policy(free_days=2, percent_per_day=10, at_most_percent=50, closed_after_days=2), 3, 0, 100),
        (Policy(percent_per_day=10, closed_after_days=3), 3, 0, 30),
        (Policy(closed_after_days=0), 3, 0, 100),
    ],
)
def test_so_many_percent_for_each_day_begun_that_is_not_free(policy, days, used, percent):
    late = penalty(made(policy), "ada", "a", at(2027, 5, 5, 20, 0))
    assert (late.days, late.used, late.percent) == (days, used, percent)
    assert late.points(20.0) == 20.0 * percent / 100


def test_the_sentence_names_days_times_and_cost_and_never_a_reason():
    policy = Policy(free_days=1, percent_per_day=10, closed_after_days=4)
    rules = made(policy, at(2027, 5, 4, 12, 0))
    assert penalty(rules, "ada", "a", at(2027, 5, 6, 8, 0)).why == (
        "Handed in 2 days late: due Tue 2027-05-04 12:00 CEST, received Thu 2027-05-06 08:00 CEST. "
        "1 day of it is free. 10 % of the score is taken off."
    )
    assert penalty(rules, "ada", "a", at(2027, 5, 20, 8, 0)).why.endswith("CEST. It was too late for points.")
    assert penalty(rules, "ada", "a", at(2027, 5, 5, 8, 0)).why.endswith("1 day of it is free. Nothing is taken off.")
    assert penalty(rules, "ada", "a", at(2027, 5, 1, 8, 0)).why == "Handed in on time."


def test_without_a_deadline_or_a_time_nothing_is_taken_off():
    assert penalty(Rules(), "ada", "a", at(2027, 5, 1)) is None
    late = penalty(made(Policy(percent_per_day=10)), "ada", "a", None)
    assert (late.percent, late.received, late.points(9)) == (0, None, 0)
    assert late.as_json(9)["received"] is None


moments = st.datetimes(datetime(2009, 1, 1), datetime(2012, 12, 31)).map(lambda each: each.replace(tzinfo=UTC))
numbers = st.floats(0, 100)
policies = st.builds(Policy, st.integers(0, 5), numbers, numbers, st.none() | st.integers(0, 9), st.floats(0, 1440))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@settings(deadline=None)
@given(zones, moments, moments, moments, policies)
def test_later_never_costs_less_and_nothing_is_ever_added(zone, due, one, other, policy):
    rules = Rules(zone, {"a": Deadline(due.astimezone(zone), policy)})
    first, second = (penalty(rules, "ada", "a", each) for each in sorted((one, other)))
    assert 0 <= first.percent <= second.percent <= 100 and 0 <= first.days <= second.days
    assert 0 <= first.used <= first.days
    assert 0 <= first.points(7.3) <= second.points(7.3) <= 7.3


@settings(deadline=None)
@given(zones, moments, moments, moments, policies)
def test_an_extension_never_hurts_and_is_nobody_elses(zone, due, extended, received, policy):
    plain = Rules(zone, {"a": Deadline(due.astimezone(zone), policy)})
    rules = Rules(zone, plain.deadlines, {("ada", "a"): Extension(extended.astimezone(zone), "secret")})
    with_it, without = (penalty(each, "ada", "a", received) for each in (rules, plain))
    assert with_it.percent <= without.percent and with_it.days <= without.days
    assert penalty(rules, "ben", "a", received) == penalty(plain, "ben", "a", received)
    assert "secret" not in with_it.why


@settings(deadline=None)
@given(zones, moments, moments)
def test_days_are_counted_by_the_calendar(zone, due, received):
    days, local = days_late(due.astimezone(zone), received), due.astimezone(zone)
    if days:
        ends = (local + timedelta(days=each) for each in (days - 1, days))
        last, next_ = (each.astimezone(UTC) for each in ends)
        assert last < received <= next_ or days == 1
    else:
        assert received <= due


@settings(deadline=None)
@given(st.permutations(["ada", "ben", "chen"]), moments, policies)
def test_the_order_of_grading_changes_nothing(order, received, policy):
    rules = Rules(VIENNA, {"a": Deadline(at(2010, 5, 5), policy), "b": Deadline(at(2010, 6, 5), policy)})
    alone = {student: penalty(rules, student, "b", received) for student in sorted(order)}
    assert {student: penalty(rules, student, "b", received) for student in order} == alone


@settings(deadline=None)
@given(st.floats(0, 1e4), policies, moments)
def test_never_more_is_taken_off_than_there_is(score, policy, received):
    late = penalty(made(policy, due=at(2010, 5, 5)), "ada", "a", received)
    assert 0 <= late.points(score) <= score
