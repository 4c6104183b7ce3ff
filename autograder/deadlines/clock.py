"""Moments: read from text, meant by a wall clock, shown with the name of the time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

YEARS = range(1990, 2200)  # a moment outside of them is a mistake or a joke, and breaks conversions
ZONE_AT_END = re.compile(r"\s*(?:(?P<utc>UTC|GMT|Z)|(?P<offset>[+-]\d\d:?\d\d))$")


class ClockError(ValueError):
    """A text or a local time that means no moment; the message says why and what to write."""


def read_moment(text: str) -> datetime:
    """A date with a time of day, with a zone where one stands behind it: "2026-10-05 23:59 +0200", "… UTC"."""
    text = text.strip()
    found = ZONE_AT_END.search(text)
    zone = ("+00:00" if found["utc"] else found["offset"]) if found and ":" in text[: found.start()] else ""
    plain = text[: found.start()] if found and zone else text
    try:
        moment = datetime.fromisoformat(plain + zone)
    except ValueError:
        moment = None
    if moment is None or ":" not in plain or moment.year not in YEARS:
        raise ClockError(f"{text[:40]!r} is no date with a time of day, such as 2026-10-05 23:59")
    return moment


def by_wall_clock(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment when the clocks of a zone show a local time. Of an hour that happens twice the second one counts."""
    moment = wall.replace(tzinfo=zone, fold=1).astimezone(UTC).astimezone(zone)
    if moment.replace(tzinfo=None, fold=0) != wall:
        raise ClockError(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone.key}, as clocks go forward then")
    return moment


def days_later(moment: datetime, days: int) -> datetime:
    """So many days later by the calendar, at the same time of day, also when clocks change in between."""
    # Adding days to a local time moves the calendar and keeps the clock.
    return (moment + timedelta(days=days)).astimezone(UTC).astimezone(moment.tzinfo)


def shown(moment: datetime) -> str:
    """ "Mon 2026-10-05 23:59 CEST": seconds only where they matter."""
    return f"{moment:%a %Y-%m-%d %H:%M:%S %Z}" if moment.second else f"{moment:%a %Y-%m-%d %H:%M %Z}"
