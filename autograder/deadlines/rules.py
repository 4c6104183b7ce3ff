"""What the time rules say of one hand-in: a pure function of the rules and of when it was received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from autograder.deadlines.clock import days_later, shown


class DeadlinesError(Exception):
    """The time rules or a record of receipt cannot be used, in one sentence."""


@dataclass(frozen=True)
class Policy:
    """What being late costs. Every limit is of one hand-in, so each penalty follows from one deadline alone."""

    free_days: int = 0
    percent_per_day: float = 0.0
    at_most_percent: float = 100.0
    closed_after_days: int | None = None
    grace_minutes: float = 0.0

    def closed(self, days: int) -> bool:
        """Whether nothing counts any more so many days after the deadline."""
        return self.closed_after_days is not None and days > self.closed_after_days

    def free(self, days: int) -> int:
        """How many of so many days cost nothing."""
        return 0 if self.closed(days) else min(days, self.free_days)

    def percent(self, days: int) -> float:
        """Percent of the score taken off so many days after the deadline."""
        taken = min((days - self.free(days)) * self.percent_per_day, self.at_most_percent)
        return 100.0 if self.closed(days) else taken


@dataclass(frozen=True)
class Deadline:
    """When an assignment is due, and what being late costs."""

    due: datetime
    policy: Policy = Policy()


@dataclass(frozen=True)
class Extension:
    """A later deadline for one student. The reason is for the instructor alone."""

    due: datetime
    reason: str = ""


@dataclass(frozen=True)
class Rules:
    """All time rules of a class. Times are aware, in the zone of the course. Without a file there are none."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    extensions: Mapping[tuple[str, str], Extension] = field(default_factory=dict)  # by student and assignment
    notes: tuple[str, ...] = ()  # what is odd in the file and was read all the same
    file: str = ""  # where they stand; empty where there is no file

    def due(self, student: str, assignment: str) -> datetime | None:
        """The deadline of one student: an extension never makes it earlier."""
        if (deadline := self.deadlines.get(assignment)) is None:
            return None
        extension = self.extensions.get((student, assignment))
        return max(deadline.due, extension.due, key=_exactly) if extension else deadline.due


@dataclass(frozen=True)
class Late:
    """How late a hand-in is and what it loses. `why` is a sentence for its student."""

    due: datetime
    received: datetime | None
    days: int  # begun after the deadline
    used: int  # how many of them are free
    percent: float  # of the score
    why: str
    by: str = ""  # who says when it was received, or marks it as late without a time

    @property
    def marked(self) -> bool:
        """Whether a platform marks it as late and does not say when it was received."""
        return self.received is None and bool(self.by)

    def points(self, score: float) -> float:
        """The points taken off a score."""
        return min(score, round(score * self.percent / 100, 4)) if score > 0 else 0.0

    def as_json(self, score: float) -> dict[str, Any]:
        """The fields that scripts rely on."""
        return {
            "due": self.due.isoformat(),
            "received": self.received and self.received.isoformat(),
            "by": self.by,
            "days": self.days,
            "free_days": self.used,
            "percent": self.percent,
            "penalty": self.points(score),
            "why": self.why,
        }


def penalty(rules: Rules, student: str, assignment: str, received: datetime | None) -> Late | None:
    """What a hand-in loses that was received then; None where the assignment has no deadline."""
    due = rules.due(student, assignment)
    if due is None:
        return None
    if received is None:
        return Late(due, None, 0, 0, 0.0, "It is not recorded when it was handed in.")
    policy = rules.deadlines[assignment].policy
    days = days_late(due, _exactly(received) - timedelta(minutes=policy.grace_minutes))
    used, percent = policy.free(days), policy.percent(days)
    local = _exactly(received).astimezone(rules.zone)
    return Late(due, local, days, used, percent, _why(due, local, days, used, percent))


def days_late(due: datetime, received: datetime) -> int:
    """Days begun after the deadline. Due at 23:59, a day ends at the next 23:59, also when clocks change in between."""
    if _exactly(received) <= _exactly(due):
        return 0
    elapsed = _exactly(received) - _exactly(due)
    days = max(1, elapsed.days - 1)  # days of the calendar are an hour longer or shorter, hardly ever a day
    while _exactly(days_later(due, days)) < _exactly(received):
        days += 1
    return days


def _exactly(moment: datetime) -> datetime:
    """In UTC: two times of one zone are compared by their wall clocks, which is wrong when clocks go back."""
    return moment.astimezone(UTC)


def _why(due: datetime, received: datetime, days: int, used: int, percent: float) -> str:
    if not days:
        return "Handed in on time."
    late = f"Handed in {_count(days)} late: due {shown(due)}, received {shown(received)}."
    free = f" {_count(used)} of it {'is' if used == 1 else 'are'} free." if used else ""
    if percent >= 100:
        return f"{late}{free} It was too late for points."
    return f"{late}{free} " + (f"{percent:g} % of the score is taken off." if percent else "Nothing is taken off.")


def _count(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
