"""Times are read with their zone, and mean one moment also in the nights when clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.deadlines.clock import ClockError, by_wall_clock, days_later, read_moment, shown

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-10-05 23:59 +0200", 21),
        ("2026-10-05T23:59:00+02:00", 21),
        (" 2026-10-05 21:59 UTC\n", 21),
        ("2026-10-05 21:59:00.000000000 Z", 21),
        ("2026-10-05 21:59:59.123456 UTC", 21),
        ("2026-10-05 16:59 -05:00", 21),
    ],
)
def test_a_time_with_a_zone_is_read(text, hour):
    moment = read_moment(text).astimezone(UTC)
    assert (moment.day, moment.hour, moment.minute) == (5, hour, 59)


def test_a_time_without_a_zone_stays_without():
    assert read_moment("2026-10-05 23:59") == datetime(2026, 10, 5, 23, 59)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-10-05",
        "23:59",
        "tomorrow",
        "2026-13-01 10:00",
        "2026-02-30 10:00",
        "2026-10-05 25:00",
        "Z",
        "10:00 Z",
        "9999-12-31 23:59 -1200",
        "0001-01-01 00:00 +1400",
        "2026-10-05 23:59 CET",
        "=1+1",
        "\x00",
        "٢٠٢٦-١٠-٠٥ ٢٣:٥٩",
    ],
)
def test_what_is_no_moment_is_refused_in_words(text):
    with pytest.raises(ClockError, match="such as 2026-10-05 23:59"):
        read_moment(text)


def test_of_an_hour_that_happens_twice_the_second_counts():
    moment = by_wall_clock(datetime(2026, 10, 25, 2, 30), PARIS)
    assert shown(moment) == "Sun 2026-10-25 02:30 CET"
    assert moment.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_that_is_skipped_is_refused():
    with pytest.raises(ClockError, match="2026-03-29 02:30 does not exist in Europe/Paris"):
        by_wall_clock(datetime(2026, 3, 29, 2, 30), PARIS)
    assert shown(by_wall_clock(datetime(2026, 3, 29, 3, 0), PARIS)) == "Sun 2026-03-29 03:00 CEST"


def test_a_day_later_is_the_same_time_of_day():
    before = by_wall_clock(datetime(2026, 10, 24, 23, 59), PARIS)
    assert shown(days_later(before, 1)) == "Sun 2026-10-25 23:59 CET"
    early = by_wall_clock(datetime(2026, 3, 28, 2, 30), PARIS)
    assert shown(days_later(early, 1)) == "Sun 2026-03-29 03:30 CEST"  # 02:30 is skipped


def test_seconds_are_shown_where_they_matter():
    assert shown(datetime(2026, 10, 5, 23, 59, 30, tzinfo=PARIS)) == "Mon 2026-10-05 23:59:30 CEST"
