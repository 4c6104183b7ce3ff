"""A late penalty for nbgrader: so many percent of the score for each day begun, by the calendar of the course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, Unicode


class PercentPerDay(LateSubmissionPlugin):  # type: ignore[misc]
    """Set it by `c.AssignLatePenalties.plugin_class`; extensions given in nbgrader are part of the deadline."""

    percent = Float(10.0, help="Percent of the score taken off for each day begun.").tag(config=True)
    at_most = Float(100.0, help="Never take off more percent than this.").tag(config=True)
    grace_minutes = Float(0.0, help="Minutes after the deadline that do not count.").tag(config=True)
    timezone = Unicode("UTC", help="Where the course is, such as Europe/Vienna: days end by its clocks.").tag(
        config=True
    )

    @property
    def step(self) -> Any:
        """nbgrader's AssignLatePenalties, at work on this hand-in with the gradebook open."""
        return self.parent

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points to take off, or None for a hand-in that is in time."""
        submission = self.step.gradebook.find_submission(self.step.assignment_id, student_id)
        # nbgrader stores both as UTC without saying so.
        due, received = submission.duedate.replace(tzinfo=UTC), submission.timestamp.replace(tzinfo=UTC)
        days = days_late(due, received - timedelta(minutes=self.grace_minutes), ZoneInfo(self.timezone))
        return score * min(days * self.percent, self.at_most) / 100 if days else None


def days_late(due: datetime, received: datetime, zone: ZoneInfo) -> int:
    """Days begun after the deadline. Due at 23:59, a day ends at the next 23:59, also when clocks change in between."""
    if received <= due:
        return 0
    wall = due.astimezone(zone)
    days = max(1, (received.astimezone(zone).date() - wall.date()).days)
    # Adding days to a local time moves the calendar and keeps the clock; comparing in UTC is exact.
    while (wall + timedelta(days=days)).astimezone(UTC) < received.astimezone(UTC):
        days += 1
    return days
